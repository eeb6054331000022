package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.gate.Registrar;
import dev.keyrack.gate.Registrar.Answer;
import dev.keyrack.gate.RegistrarSql;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a lease is granted to whoever has applied everything that narrows, of the history that the database has. */
@Tag("engines")
class NodesTest {
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");
    private static final Registrar.Node GATE = new Registrar.Node("gate", Registrar.Kind.GATE, null, "test");

    @TempDir
    Path path;

    private final TestingTime time = new TestingTime();
    private TestingStore testing;
    private Nodes nodes;
    private Registrar registrar;
    private final NodeSql sql = new NodeSql();

    @BeforeEach
    void open() {
        testing = new TestingStore(path);
        nodes = new Nodes(testing.store(), time);
        nodes.firstLease(Duration.ofSeconds(5));
        registrar = new RegistrarSql(testing.store().forNodes(), testing.store()::now, new SecureRandom());
        testing.change("first");
    }

    @AfterEach
    void close() {
        testing.close();
    }

    private Answer report(String registration, long number) {
        return registrar.report(registration, number, testing.tag(number));
    }

    private NodeRow row(String registration) {
        return testing.store().read(tx -> sql.node(tx, registration)).orElseThrow();
    }

    @Test
    void registrationTakesANumberOfTheFeedBehindWhichTheLeaseBegins() {
        long number = registrar.register("r", GATE, null);
        assertThat(number).isEqualTo(2);
        assertThat(testing.numbers()).containsExactly(1L, 2L);
        assertThat(report("r", 1)).isEqualTo(new Answer.Behind());
        assertThat(report("r", 2)).isEqualTo(new Answer.Granted(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        assertThat(row("r").applied()).isEqualTo(2);
        assertThat(testing.change("next")).as("the numbers go on").isEqualTo(3);
    }

    @Test
    void leaseIsNotProlongedWhileAChangeThatNarrowsIsMissing() {
        long number = registrar.register("r", GATE, null);
        testing.change("wide");
        assertThat(report("r", number)).isInstanceOf(Answer.Granted.class);
        long narrowing = testing.change("narrow", true);
        Long granted = row("r").grantedAt();
        testing.sleep(Duration.ofSeconds(1));
        assertThat(report("r", narrowing - 1)).isEqualTo(new Answer.Behind());
        assertThat(row("r").grantedAt()).isEqualTo(granted);
        assertThat(row("r").applied()).as("what it has is noted").isEqualTo(narrowing - 1);
        assertThat(report("r", narrowing)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void nodeOfOneOrganizationNeedNotKnowWhatIsTurnedOffInAnother() {
        registrar.register("r", new Registrar.Node("library", Registrar.Kind.LIBRARY, "mine", "test"), null);
        testing.change("theirs", true);
        assertThat(report("r", 2)).isInstanceOf(Answer.Granted.class);
        testing.change("mine", true);
        assertThat(report("r", 2)).isEqualTo(new Answer.Behind());
    }

    @Test
    void numberOfAnotherHistoryIsNeitherGrantedNorNoted() {
        long number = registrar.register("r", GATE, null);
        assertThat(registrar.report("r", number, testing.tag(number) + 1)).isEqualTo(new Answer.Diverged());
        assertThat(registrar.report("r", number + 100, 7)).isEqualTo(new Answer.Diverged());
        assertThat(row("r").applied()).as("it would confirm what it never had").isZero();
        assertThat(row("r").endedAt()).as("its lease may not be over").isNull();
    }

    @Test
    void nodeThatIsOlderThanTheFeedGetsNoLease() throws Exception {
        long number = registrar.register("r", GATE, null);
        long tag = testing.tag(number);
        testing.change("narrow", true);
        testing.change("wide");
        testing.sleep(Duration.ofDays(2));
        testing.change("newest");
        new FeedRetention(testing.store()).clear();
        assertThat(registrar.report("r", number, tag)).isEqualTo(new Answer.Diverged());
    }

    @Test
    void registrationThatHasEndedNeverGetsALeaseAgain() {
        long number = registrar.register("r", GATE, null);
        registrar.end("r", Registrar.End.STOPPED);
        assertThat(report("r", number)).isEqualTo(new Answer.Ended());
        assertThat(report("never-there", number)).isEqualTo(new Answer.Ended());
        assertThat(row("r").endReason()).isEqualTo("stopped");
    }

    @Test
    void nodeThatRegistersAnewEndsWhatItWasBefore() {
        registrar.register("r", GATE, null);
        long number = registrar.register("s", GATE, new Registrar.Former("r", Registrar.End.DIVERGED));
        assertThat(row("r").endReason()).isEqualTo("diverged");
        assertThat(report("s", number)).isInstanceOf(Answer.Granted.class);
        assertThatThrownBy(() -> registrar.register("s", GATE, null))
                .as("an id is used once")
                .isInstanceOf(FeedUnavailable.class);
        assertThat(testing.numbers()).as("and takes no number then").containsExactly(1L, 2L, 3L);
    }

    @Test
    void nodeThatConfirmsAtTheLastMomentIsNotGivenUp() {
        registrar.register("r", GATE, null);
        long narrowing = testing.change("narrow", true);
        report("r", narrowing);
        assertThat(lapse("r", narrowing, Duration.ofMinutes(1))).isFalse();
        assertThat(row("r").endedAt()).isNull();
    }

    @Test
    void nodeIsNotGivenUpBeforeTheLongestLeaseThatItEverHadIsOver() throws Exception {
        long number = registrar.register("r", GATE, null);
        testing.byHand("UPDATE lease_lengths SET micros = 60000000 WHERE class = 'secret'");
        assertThat(report("r", number)).isEqualTo(new Answer.Granted(Duration.ofSeconds(5), Duration.ofMinutes(1)));
        testing.byHand("UPDATE lease_lengths SET micros = 1000000");
        assertThat(report("r", number)).isEqualTo(new Answer.Granted(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        long narrowing = testing.change("narrow", true);
        assertThat(lapse("r", narrowing, Duration.ofSeconds(59))).isFalse();
        assertThat(lapse("r", narrowing, Duration.ofMinutes(1))).isTrue();
        assertThat(report("r", narrowing)).isEqualTo(new Answer.Ended());
    }

    private boolean lapse(String registration, long number, Duration waited) {
        return testing.store()
                .change(CAUSE, tx -> Change.none(sql.lapse(tx, registration, number, waited.toMillis() * 1_000)))
                .result();
    }

    @Test
    void nodeThatFallsSilentIsGivenUpAfterTwoLeasesAndOneThatReportsIsNot() {
        long number = registrar.register("silent", GATE, null);
        registrar.register("well", GATE, null);
        report("silent", number + 1);
        report("well", number + 1);
        assertThat(nodes.endSilent()).isZero();
        time.pass(Duration.ofSeconds(10));
        report("well", number + 1);
        assertThat(nodes.endSilent()).isZero();
        time.pass(Duration.ofMillis(1));
        assertThat(nodes.endSilent()).isEqualTo(1);
        assertThat(row("silent").endReason()).isEqualTo("lapsed");
        assertThat(row("well").endReason()).isNull();
    }

    @Test
    void nodeThatReportsAsItIsAboutToBeGivenUpIsNot() {
        long number = registrar.register("r", GATE, null);
        report("r", number);
        long reports = row("r").reports();
        report("r", number);
        assertThat(testing.store()
                        .change(CAUSE, tx -> Change.none(sql.lapseSilent(tx, "r", reports)))
                        .result())
                .isFalse();
        assertThat(row("r").endedAt()).isNull();
    }

    @Test
    void endedRegistrationsAreKeptADay() {
        registrar.register("r", GATE, null);
        registrar.register("s", GATE, null);
        registrar.end("r", Registrar.End.STOPPED);
        testing.sleep(Duration.ofHours(23));
        assertThat(nodes.clear()).isZero();
        testing.sleep(Duration.ofHours(2));
        assertThat(nodes.clear()).isEqualTo(1);
        assertThat(testing.store().read(sql::live))
                .extracting(NodeRow::registration)
                .isEqualTo(List.of("s"));
    }

    @Test
    void lengthIsSetInANewStoreOnly() {
        nodes.firstLease(Duration.ofMinutes(1));
        assertThat(testing.store().read(sql::longestLease)).isEqualTo(5_000_000);
    }
}
