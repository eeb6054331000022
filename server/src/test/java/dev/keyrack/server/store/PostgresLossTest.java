package dev.keyrack.server.store;

import static dev.keyrack.server.store.Organizations.CAUSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.server.engines.TestingPostgres;
import dev.keyrack.verifier.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promise: whatever happens to the server or the connection, a change is stored or it is told that it is not, or that this
 * is not known; and nothing that was acknowledged is lost.
 */
class PostgresLossTest {
    private static TestingPostgres server;

    @TempDir
    Path path;

    private String database;
    private final List<DataFolder> folders = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = TestingPostgres.own();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        database = server.freshDatabase();
        Path keyset = path.resolve("keyset.json");
        Keyset.create(keyset);
        Database.KeysetPlace same = new Database.KeysetPlace(null, Secret.of(Files.readString(keyset)));
        for (String name : List.of("one", "two")) {
            DataFolder folder = DataFolder.take(path.resolve(name)).orElseThrow();
            folders.add(folder);
            stores.add(Database.open(DatabaseUrl.parse(server.url(database)), folder, same, new SecureRandom())
                    .store());
        }
    }

    @AfterEach
    void close() {
        stores.forEach(Store::close);
        folders.forEach(DataFolder::close);
        server.drop(database);
    }

    private Store one() {
        return stores.getFirst();
    }

    private StoreFailure failure(Callable<?> call) {
        return catchThrowableOfType(StoreFailure.class, call::call);
    }

    private long organizations() {
        return server.number(database, "SELECT COUNT(*) FROM organizations");
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** A change, and what is done to it between its row and its records. */
    private Object changeWith(Runnable fault) {
        return one().change(CAUSE, tx -> {
            Change<String> change = Organizations.insert(tx, "a");
            fault.run();
            return change;
        });
    }

    private void assertNothingWasChangedAndRepeatingHelps(StoreFailure failure) {
        assertThat(failure.reason()).isEqualTo(StoreFailure.Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("Nothing was changed").hasMessageContaining("repeat");
        assertThat(organizations()).isZero();
        one().change(CAUSE, tx -> Organizations.insert(tx, "a"));
        assertThat(organizations()).isEqualTo(1);
        assertThat(server.number(database, "SELECT COUNT(*) FROM feed_entries")).isEqualTo(1);
    }

    @Test
    void serverThatCrashesInMidChangeTakesAllOfItAway() {
        assertNothingWasChangedAndRepeatingHelps(failure(() -> changeWith(server::crash)));
    }

    @Test
    void connectionThatIsCutInMidChangeTakesAllOfItAway() {
        assertNothingWasChangedAndRepeatingHelps(failure(() -> changeWith(() -> server.cut(database))));
    }

    @Test
    void whileTheServerIsStoppedEverythingFailsAndAfterwardsNothingDoes() {
        Runnable start = server.stop();
        StoreFailure failure;
        try {
            failure = failure(() -> changeWith(() -> {}));
            assertThat(failure(() -> one().read(tx -> 1)).reason()).isEqualTo(StoreFailure.Reason.UNAVAILABLE);
        } finally {
            start.run();
        }
        assertNothingWasChangedAndRepeatingHelps(failure);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"PASSWORD 'changed', PASSWORD '" + TestingPostgres.PASSWORD + "'", "NOLOGIN, LOGIN"})
    void whileTheServerTurnsTheUserAwayEverythingFailsAndAfterwardsNothingDoes(String harm, String repair) {
        String role = "ALTER ROLE " + TestingPostgres.USER + " ";
        StoreFailure failure;
        try {
            failure = failure(() -> changeWith(() -> {
                server.asSuperuser("postgres", role + harm);
                server.cut(database);
            }));
            assertThat(failure(() -> changeWith(() -> {})).reason()).isEqualTo(StoreFailure.Reason.UNAVAILABLE);
        } finally {
            server.asSuperuser("postgres", role + repair);
        }
        assertNothingWasChangedAndRepeatingHelps(failure);
    }

    /** The server waits for a standby that does not come, and the connection is cut: it is stored, and nobody knows. */
    @Test
    void commitWhoseAnswerIsLostIsToldToBeUncertain() throws Exception {
        server.asSuperuser("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        server.asSuperuser("postgres", "SELECT pg_reload_conf()");
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<StoreFailure> change = caller.submit(() -> failure(() -> changeWith(() -> {})));
            until(() ->
                    server.number(database, "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0);
            server.cut(database);
            StoreFailure failure = change.get();
            assertThat(failure.reason()).isEqualTo(StoreFailure.Reason.UNCERTAIN);
            assertThat(failure)
                    .hasMessageContaining("not known whether the change was stored")
                    .hasMessageContaining("Repeating the call is safe")
                    .hasMessageNotContaining("Nothing was changed");
        } finally {
            server.asSuperuser("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
            server.asSuperuser("postgres", "SELECT pg_reload_conf()");
        }
        assertThat(organizations()).as("it was stored").isEqualTo(1);
    }

    @Test
    void rightThatWasTakenAwayIsToldAsSuch() {
        server.asSuperuser(database, "ALTER TABLE feed_entries OWNER TO postgres");
        StoreFailure failure = failure(() -> changeWith(() -> {}));
        assertThat(failure.reason()).isEqualTo(StoreFailure.Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("must grant it").hasMessageContaining("Nothing was changed");
        assertThat(organizations()).isZero();
    }

    @Test
    void processThatIsFrozenInMidChangeDoesNotKeepItsLocks() {
        CountDownLatch ended = new CountDownLatch(1);
        try (ExecutorService frozen = Executors.newSingleThreadExecutor()) {
            CountDownLatch holding = new CountDownLatch(1);
            Future<StoreFailure> first = frozen.submit(() -> failure(() -> one().change(CAUSE, tx -> {
                tx.handle().execute("UPDATE feed_head SET tag = 0");
                holding.countDown();
                await(ended);
                return Organizations.insert(tx, "frozen");
            })));
            await(holding);
            // Whoever waits is told that the store is busy, until PostgreSQL ends the frozen transaction.
            String stored = null;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (stored == null && System.nanoTime() < deadline) {
                try {
                    stored = stores.getLast()
                            .change(CAUSE, tx -> Organizations.insert(tx, "a"))
                            .result();
                } catch (StoreFailure busy) {
                    assertThat(busy.reason()).isEqualTo(StoreFailure.Reason.BUSY);
                }
            }
            ended.countDown();
            assertThat(stored).isEqualTo("a");
            assertThat(first).succeedsWithin(Duration.ofSeconds(30)).isNotNull();
        }
        assertThat(organizations()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two processes change things all the time, while their connections are cut and the server crashes twice. */
    @Test
    void crashesLoseNothingThatWasAcknowledgedAndTearNoGap() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        Set<String> refused = ConcurrentHashMap.newKeySet();
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Store store = stores.get(i % 2);
                String name = "w" + i + "-";
                all.add(writers.submit(() -> {
                    for (int n = 0; !enough.get(); n++) {
                        String id = name + n;
                        try {
                            store.change(CAUSE, tx -> Organizations.insert(tx, id));
                            acknowledged.add(id);
                        } catch (StoreFailure e) {
                            if (e.reason() != StoreFailure.Reason.UNCERTAIN) {
                                refused.add(id);
                            }
                        }
                    }
                }));
            }
            for (Runnable fault : List.<Runnable>of(server::crash, () -> server.cut(database), server::crash)) {
                int before = acknowledged.size();
                until(() -> acknowledged.size() > before + 50);
                fault.run();
            }
            int before = acknowledged.size();
            until(() -> acknowledged.size() > before + 50);
            enough.set(true);
            for (Future<?> writer : all) {
                writer.get();
            }
        }
        Set<String> stored = Set.copyOf(one().read(tx -> tx.handle()
                .createQuery("SELECT id FROM organizations")
                .mapTo(String.class)
                .list()));
        assertThat(stored).containsAll(acknowledged).doesNotContainAnyElementsOf(refused);
        assertThat(refused).as("the faults were felt").isNotEmpty();
        for (String table : List.of("feed_entries", "audit_events")) {
            assertThat(server.number(database, "SELECT COUNT(*) FROM " + table)).isEqualTo(stored.size());
        }
        assertThat(server.number(database, "SELECT MAX(seq) FROM feed_entries")).isEqualTo(stored.size());
        assertThat(server.number(database, "SELECT seq FROM feed_head")).isEqualTo(stored.size());
    }
}
