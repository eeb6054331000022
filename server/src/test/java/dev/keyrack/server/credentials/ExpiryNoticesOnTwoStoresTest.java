package dev.keyrack.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.server.engines.TestingPostgres;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: several processes that look at once tell of each key once. */
class ExpiryNoticesOnTwoStoresTest {
    private static final int KEYS = 60;

    @TempDir
    Path path;

    private static Store open(DataFolder folder, String url, Secret keyset) {
        Database.KeysetPlace place = new Database.KeysetPlace(null, keyset);
        return Database.open(DatabaseUrl.parse(url), folder, place, new SecureRandom())
                .store();
    }

    @Test
    void twoStoresThatLookAtOnceTellOfEachKeyOnce() throws Exception {
        TestingPostgres server = TestingPostgres.shared();
        String database = server.freshDatabase();
        try (DataFolder one = DataFolder.take(path.resolve("one")).orElseThrow();
                DataFolder two = DataFolder.take(path.resolve("two")).orElseThrow();
                Store first = open(one, server.url(database), null);
                Store second = open(
                        two,
                        server.url(database),
                        Secret.of(Files.readString(path.resolve("one").resolve("keyset.json"))));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            TestingDesk.prepare(first);
            for (int i = 0; i < KEYS; i++) {
                TestingDesk.key(first, Duration.ofHours(36));
            }
            for (int round = 1; round <= 5; round++) {
                try (var connection = server.connect(database);
                        var statement = connection.createStatement()) {
                    statement.execute(
                            "UPDATE keys SET expiry_notice_at = 1, expires_at = " + first.now() + " + 80000000000");
                }
                CyclicBarrier together = new CyclicBarrier(4);
                List<Callable<Long>> calls = new ArrayList<>();
                for (Store store : List.of(first, second, first, second)) {
                    calls.add(() -> {
                        ExpiryNotices notices = new ExpiryNotices(store);
                        together.await();
                        return notices.write();
                    });
                }
                long told = 0;
                for (Future<Long> call : threads.invokeAll(calls)) {
                    told += call.get();
                }
                assertThat(told).isEqualTo(KEYS);
                assertThat(server.number(database, "SELECT COUNT(*) FROM audit_events WHERE target_kind = 'key'"))
                        .isEqualTo((long) round * KEYS);
            }
        } finally {
            server.drop(database);
        }
    }
}
