package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Defends: what is measured is the work of verifying many different keys, and their memory. */
class PopulationTest {
    private static final int KEYS = 20_000;

    @Test
    void aClientWithTheSeedHasTheTokensOfAServersKeys() {
        Replica replica = new Population(1, KEYS).replica();
        Verifier verifier = new Verifier(replica, () -> 0);
        Population client = new Population(1, KEYS);

        assertThat(replica.size()).isEqualTo(KEYS);
        List<String> tokens = client.tokens(KEYS);
        assertThat(new HashSet<>(tokens)).hasSize(KEYS);
        assertThat(tokens)
                .allSatisfy(token ->
                        assertThat(verifier.verify(Question.of(token)).code()).isEqualTo(Code.VALID));
        assertThat(client.unknownTokens(100))
                .allSatisfy(token ->
                        assertThat(verifier.verify(Question.of(token)).code()).isEqualTo(Code.UNKNOWN));
        assertThat(new Population(2, KEYS).tokens(100)).doesNotContainAnyElementsOf(tokens);
    }

    @Test
    void aKeyTakesAtMost128BytesOfTheReplicaAndOneWithAPolicy256() {
        int keys = 200_000;

        assertThat(MemoryBench.measure(keys, false)).isBetween(64L * keys, (long) MemoryBench.TARGET * keys);
        assertThat(MemoryBench.measure(keys, true)).isBetween(128L * keys, (long) MemoryBench.RESTRICTED_TARGET * keys);
    }
}
