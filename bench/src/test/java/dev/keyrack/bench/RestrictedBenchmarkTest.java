package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Code;
import org.junit.jupiter.api.Test;

/** Defends: what is measured is a policy that is tested whole, and holds. */
class RestrictedBenchmarkTest {
    private static final int POOL = 500;

    @Test
    void everyVerdictIsValid() {
        RestrictedBenchmark benchmark = new RestrictedBenchmark();
        benchmark.pool = POOL;
        benchmark.keys = 2_000;
        benchmark.prepare();
        for (int i = 0; i < POOL; i++) {
            assertThat(benchmark.verifyRestricted().code()).isEqualTo(Code.VALID);
            assertThat(benchmark.oneWebsite().code()).isEqualTo(Code.VALID);
            assertThat(benchmark.manyWebsites().code()).isEqualTo(Code.VALID);
            assertThat(benchmark.oneNetwork().code()).isEqualTo(Code.VALID);
            assertThat(benchmark.manyNetworks().code()).isEqualTo(Code.VALID);
        }
    }
}
