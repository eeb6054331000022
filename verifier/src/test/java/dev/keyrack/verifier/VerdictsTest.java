package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.VerdictVectors.Group;
import dev.keyrack.verifier.VerdictVectors.Vector;
import dev.keyrack.verifier.VerdictVectors.Way;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise: the verifier in a program's own process gives the verdicts of every other way to ask, by the vectors in {@code contract/}. */
class VerdictsTest {
    private static final long NOW = VerdictVectors.now();

    static List<Group> groups() {
        return VerdictVectors.groups();
    }

    private static Stream<Vector> vectors(Way way) {
        return groups().stream().flatMap(group -> group.askedBy(way).stream());
    }

    @Test
    void thereAreHundredsOfVectorsForEachWayAndOneForEachCode() {
        for (Way way : Way.values()) {
            assertThat(vectors(way).count()).as(way.name()).isGreaterThan(700);
        }
        Set<Code> codes = EnumSet.noneOf(Code.class);
        vectors(Way.LIBRARY).forEach(vector -> codes.add(vector.code()));
        // The other codes are about the asker's node, about the spelling of a token, or about limits.
        assertThat(codes)
                .isEqualTo(EnumSet.complementOf(
                        EnumSet.of(Code.STALE, Code.MALFORMED, Code.RATE_LIMITED, Code.QUOTA_EXCEEDED)));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void verifierGivesTheCodeOfTheVector(Group group) {
        Replica replica = new Replica();
        Replica.Loader loader = replica.load();
        group.around().forEach(loader::add);
        group.keys().values().forEach(key -> loader.add(key.change()));
        loader.finish(1, 1);
        Verifier verifier = new Verifier(replica, () -> NOW);
        assertThat(group.askedBy(Way.LIBRARY))
                .allSatisfy(
                        vector -> assertThat(verifier.verify(vector.question()).code())
                                .as(vector.asked().toString())
                                .isEqualTo(vector.code()));
    }

    /** What was given for a token is worth what the token is. */
    @ParameterizedTest
    @MethodSource("groups")
    void sessionOpenedWithTheTokenGetsTheVerdictOfTheToken(Group group) {
        Replica replica = new Replica();
        Replica.Loader loader = replica.load();
        group.around().forEach(loader::add);
        group.keys().values().forEach(key -> loader.add(key.change()));
        loader.finish(1, 1);
        Verifier verifier = new Verifier(replica, () -> NOW);
        for (Vector vector : group.askedBy(Way.LIBRARY)) {
            FeedChange.Key key = vector.key().change();
            for (FeedChange.Token token : key.tokens()) {
                boolean newest = token == key.tokens().getFirst();
                String presented = newest ? vector.key().token() : vector.key().older();
                Question question = vector.question();
                Question asked = new Question(
                        presented, question.permission(), null, question.origin(), question.ip(), question.app());
                assertThat(verifier.verify(key.id(), token.generation(), asked, Set.of()))
                        .as(vector.asked() + " generation " + token.generation())
                        .isEqualTo(verifier.verify(asked));
            }
        }
    }

    /** It asks of a key without a token, and tells of every condition, which must fit the code. */
    @ParameterizedTest
    @MethodSource("groups")
    void simulationGivesTheCodeOfTheVectorAndTheConditionThatRefused(Group group) {
        for (Vector vector : group.askedBy(Way.SIMULATE)) {
            Simulation simulation = new Simulation(group.around(), vector.key().change());
            Simulation.Answer answer = simulation.ask(vector.question(), NOW);
            String asked = vector.asked().toString();
            assertThat(answer.code()).as(asked).isEqualTo(vector.code());
            assertThat(answer.checks().stream()
                            .filter(check -> check.outcome() == Check.Outcome.REFUSED)
                            .map(Check::refusal)
                            .findFirst()
                            .orElse(Code.VALID))
                    .as(asked)
                    .isEqualTo(vector.code());
        }
    }
}
