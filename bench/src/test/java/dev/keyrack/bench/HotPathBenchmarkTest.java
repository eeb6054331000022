package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.TokenFormat;
import java.security.DigestException;
import org.junit.jupiter.api.Test;

/** Defends: each benchmark of the hot path does the work that its name says, for every input of its pool. */
class HotPathBenchmarkTest {
    private static final int POOL = 500;
    private static final int SIGNED_LENGTH = 45;

    private final HotPathBenchmark benchmark = new HotPathBenchmark();

    HotPathBenchmarkTest() {
        benchmark.pool = POOL;
        benchmark.keys = 2_000;
        benchmark.prepare();
    }

    @Test
    void everyVerdictIsTheOneThatIsMeasured() {
        for (int i = 0; i < 2 * POOL; i++) {
            assertThat(benchmark.verifyValid().code()).isEqualTo(Code.VALID);
            assertThat(benchmark.verifyUnknown().code()).isEqualTo(Code.UNKNOWN);
            assertThat(benchmark.verifyMalformed().code()).isEqualTo(Code.MALFORMED);
        }
    }

    @Test
    void theBareSha256IsTakenOfAsManyBytesAsATokensDigest() throws DigestException {
        assertThat(benchmark.read()).isEqualTo(SIGNED_LENGTH);
        assertThat(benchmark.parse().map(TokenFormat.Parsed::tag)).contains("srv");
        byte[] first = benchmark.bareSha256().clone();
        assertThat(first).hasSize(32).isNotEqualTo(benchmark.bareSha256());
        assertThat(benchmark.digest()).isNotNull();
    }
}
