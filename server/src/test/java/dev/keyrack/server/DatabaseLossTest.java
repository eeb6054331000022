package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.engines.TestingPostgres;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Promise: without its database, Keyrack goes on verifying, refuses changes with a problem, and comes back by itself. */
class DatabaseLossTest {
    @Test
    void whileTheDatabaseIsAwayKeysAreVerifiedAndChangesAreRefused() {
        try (TestingPostgres postgres = TestingPostgres.own();
                TestingServer server =
                        TestingServer.start(Map.of("KEYRACK_LEASE", "10s"), folder -> TestingDatabase.on(postgres))) {
            TestingServer.Made key = server.make("server");
            TestingReader reader = TestingReader.owner(server);
            Runnable start = postgres.stop();
            try {
                assertThat(server.code(key.token())).isEqualTo("VALID");
                Answer refused = server.owner.delete(key.path());
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.at("/code")).isEqualTo("storage_unavailable");
                assertThat(refused.at("/detail")).contains("cannot be reached", "Nothing was changed");
                assertThat(refused.header("Retry-After")).isEqualTo("1");
                Answer page = reader.open("/settings/api-keys");
                assertThat(page.status()).isEqualTo(503);
                assertThat(page.text()).contains("</html>", "cannot be reached");
            } finally {
                start.run();
            }
            Answer repeated = server.owner.delete(key.path());
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (repeated.status() == 503) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(20_000_000);
                repeated = server.owner.delete(key.path());
            }
            assertThat(repeated.status()).isEqualTo(200);
            assertThat(server.code(key.token())).isEqualTo("REVOKED");
            assertThat(server.log.text()).doesNotContain(TestingPostgres.PASSWORD);
        }
    }
}
