package dev.keyrack.server.store;

import static dev.keyrack.server.store.Organizations.CAUSE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.server.engines.TestingPooler;
import dev.keyrack.server.engines.TestingPostgres;
import dev.keyrack.verifier.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: processes that share a database, directly or through a pooler in transaction mode, never undo each other's work. */
class TwoStoresTest {
    private static final TestingPostgres SERVER = TestingPostgres.shared();

    @TempDir
    Path path;

    private final String database = SERVER.freshDatabase();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();

    private void open(boolean pooled) throws Exception {
        int port = SERVER.port();
        if (pooled) {
            TestingPooler pooler = TestingPooler.start(SERVER, path.resolve("pooler"));
            open.add(pooler);
            port = pooler.port();
        }
        Path keyset = path.resolve("keyset.json");
        Keyset.create(keyset);
        Database.KeysetPlace same = new Database.KeysetPlace(null, Secret.of(Files.readString(keyset)));
        for (String name : List.of("one", "two")) {
            DataFolder folder = DataFolder.take(path.resolve(name)).orElseThrow();
            open.add(folder);
            DatabaseUrl url = DatabaseUrl.parse(TestingPostgres.url(port, database));
            Store store = Database.open(url, folder, same, new SecureRandom()).store();
            open.add(store);
            stores.add(store);
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        SERVER.drop(database);
    }

    private interface Work {
        long run(Store store, String name) throws Exception;
    }

    /** Eight threads on two stores, each doing this many times. Returns what each call returned. */
    private List<Long> concurrently(int times, Work work) throws Exception {
        List<Long> all = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            List<Callable<Void>> calls = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                Store store = stores.get(writer % 2);
                String name = "w" + writer + "-";
                calls.add(() -> {
                    long last = 0;
                    for (int i = 0; i < times; i++) {
                        long number = work.run(store, name + i);
                        assertThat(number).isGreaterThan(last);
                        last = number;
                        all.add(number);
                    }
                    return null;
                });
            }
            for (Future<Void> call : writers.invokeAll(calls)) {
                call.get();
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFeedIsDenseAndAReaderNeverSeesALaterNumberBeforeAnEarlierOne(boolean pooled) throws Exception {
        open(pooled);
        AtomicLong seen = new AtomicLong();
        List<Long> numbers = concurrently(30, (store, id) -> {
            long number =
                    store.change(CAUSE, tx -> Organizations.insert(tx, id)).sequence();
            // What is committed up to the head is there without a gap, at every moment.
            List<Long> both = stores.get((int) (number % 2))
                    .read(tx -> List.of(
                            tx.handle()
                                    .createQuery("SELECT seq FROM feed_head")
                                    .mapTo(Long.class)
                                    .one(),
                            tx.handle()
                                    .createQuery("SELECT COUNT(*) FROM feed_entries")
                                    .mapTo(Long.class)
                                    .one()));
            assertThat(both.get(0)).isEqualTo(both.get(1)).isGreaterThanOrEqualTo(number);
            seen.accumulateAndGet(both.get(0), Math::max);
            return number;
        });
        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 240).boxed().toList());
        assertThat(seen).hasValue(240);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsReadLockedAndWrittenBackIsNeverLost(boolean pooled) throws Exception {
        open(pooled);
        stores.getFirst().change(CAUSE, tx -> Organizations.insert(tx, "shared"));
        concurrently(
                20,
                (store, name) -> store.change(CAUSE, tx -> {
                            long version = tx.handle()
                                    .createQuery("SELECT version FROM organizations WHERE id = 'shared'" + tx.lock())
                                    .mapTo(Long.class)
                                    .one();
                            tx.handle()
                                    .execute("UPDATE organizations SET version = ? WHERE id = 'shared'", version + 1);
                            return Change.none(version);
                        })
                        .result());
        assertThat(SERVER.number(database, "SELECT version FROM organizations")).isEqualTo(161);
    }

    /** Each looks first, finds nothing, and inserts: the second one looks again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void workThatMetARowAppearingIsRunAgainAndFindsIt(boolean pooled) throws Exception {
        open(pooled);
        concurrently(
                10,
                (store, name) -> store.change(CAUSE, tx -> {
                            long number = Long.parseLong(name.substring(name.indexOf('-') + 1)) + 1;
                            String id = "same" + number;
                            boolean there = tx.handle()
                                    .createQuery("SELECT id FROM organizations WHERE id = :id")
                                    .bind("id", id)
                                    .mapTo(String.class)
                                    .findFirst()
                                    .isPresent();
                            return there
                                    ? Change.none(number)
                                    : new Change<>(
                                            number,
                                            List.of(),
                                            Organizations.insert(tx, id).feedEntries());
                        })
                        .result());
        assertThat(SERVER.number(database, "SELECT COUNT(*) FROM organizations"))
                .isEqualTo(10);
        assertThat(SERVER.number(database, "SELECT seq FROM feed_head")).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsForReadingCannotWriteAndThoseForWritingAlwaysCan(boolean pooled) throws Exception {
        open(pooled);
        concurrently(10, (store, name) -> {
            try (var connection = store.forFeed().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("UPDATE feed_head SET seq = 100000");
                throw new AssertionError("a reader wrote");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("25006");
            }
            return store.change(CAUSE, tx -> Organizations.insert(tx, name)).sequence();
        });
        assertThat(SERVER.number(database, "SELECT seq FROM feed_head")).isEqualTo(80);
    }
}
