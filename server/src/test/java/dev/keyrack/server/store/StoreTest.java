package dev.keyrack.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.verifier.FeedChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a change is stored together with its audit event and its feed entry, or not at all. */
@Tag("engines")
class StoreTest {
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");

    @TempDir
    Path path;

    private TestingDatabase database;
    private DataFolder folder;
    private Store store;

    @BeforeEach
    void open() {
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        store = database.open(folder, InstantSource.system()).store();
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        folder.close();
    }

    private long count(String table) {
        return number("SELECT COUNT(*) FROM " + table);
    }

    private long number(String query) {
        return store.read(tx -> tx.handle().createQuery(query).mapTo(Long.class).one());
    }

    private void assertRecords(long count) {
        assertThat(Stream.of("organizations", "audit_events", "feed_entries").map(this::count))
                .containsOnly(count);
        assertThat(number("SELECT seq FROM feed_head")).isEqualTo(count);
    }

    @Test
    void changeIsStoredWithItsRecordsAndPutInForce() {
        AtomicLong inForce = new AtomicLong();
        store.afterCommit((number, tag) -> inForce.set(number));
        assertThat(store.change(CAUSE, tx -> Organizations.insert(tx, "a")).sequence())
                .isEqualTo(1);
        assertThat(store.change(CAUSE, tx -> Organizations.insert(tx, "b")).sequence())
                .isEqualTo(2);
        assertThat(inForce).hasValue(2);
        assertRecords(2);
        assertThat(store.change(CAUSE, tx -> Change.none("nothing")).sequence())
                .as("what was so already is in force up to the head")
                .isEqualTo(2);
    }

    @Test
    void workThatThrowsLeavesNothing() {
        store.afterCommit((number, tag) -> {
            throw new AssertionError("nothing was committed");
        });
        assertThatThrownBy(() -> store.change(CAUSE, tx -> {
                    Organizations.insert(tx, "a");
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertRecords(0);
    }

    @Test
    void recordThatCannotBeWrittenTakesTheChangeWithIt() {
        assertThatThrownBy(() -> store.change(CAUSE, tx -> {
                    Change<String> change = Organizations.insert(tx, "a");
                    // Unknown changes are met in the feed of a newer program; nobody writes them.
                    return new Change<>(
                            change.result(),
                            change.auditEvents(),
                            List.of(
                                    change.feedEntries().getFirst(),
                                    new FeedDraft("a", new FeedChange.Unknown("later"), false)));
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertRecords(0);
        store.change(CAUSE, tx -> Organizations.insert(tx, "a"));
        assertRecords(1);
    }

    @Test
    void readingCannotWrite() {
        assertThatThrownBy(() -> store.ask(tx -> tx.handle().execute("DELETE FROM feed_head")))
                .isInstanceOf(StoreFailure.class)
                .rootCause()
                .hasMessageMatching("(?s).*read-?only.*");
        assertThatThrownBy(() -> store.read(tx -> tx.handle().execute("DELETE FROM feed_head")))
                .isInstanceOf(StoreFailure.class)
                .rootCause()
                .hasMessageMatching("(?s).*read-?only.*");
        assertThatThrownBy(() -> {
                    try (var connection = store.forFeed().getConnection();
                            var statement = connection.createStatement()) {
                        statement.execute("UPDATE feed_head SET seq = 100");
                    }
                })
                .isInstanceOf(SQLException.class);
        assertRecords(0);
    }

    @Test
    void feedIsDenseAndInCommitOrderUnderEightWriters() throws Exception {
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            List<Callable<List<Long>>> all = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                String name = "writer" + writer + "-";
                all.add(() -> LongStream.range(0, 25)
                        .map(i -> store.change(CAUSE, tx -> Organizations.insert(tx, name + i))
                                .sequence())
                        .boxed()
                        .toList());
            }
            List<Long> numbers = new ArrayList<>();
            for (Future<List<Long>> writer : writers.invokeAll(all)) {
                assertThat(writer.get()).isSorted();
                numbers.addAll(writer.get());
            }
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 200).boxed().toList());
        }
        assertRecords(200);
        assertThat(number("SELECT MAX(seq) FROM feed_entries")).isEqualTo(200);
    }

    @Test
    void programKnowsTheNumberOfItsNewestMigration() {
        assertThat(number("SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history"))
                .isEqualTo(DatabaseGlance.NEWEST_SCHEMA);
    }

    /** While somebody else, such as a backup, has the database for longer than a change waits. */
    @Test
    void whatIsAskedOfABusyStoreIsRefusedAsBusyAndWhatComesNextIsDone() throws Exception {
        try (Connection other = database.connect();
                Statement lock = other.createStatement()) {
            lock.execute(
                    TestingDatabase.onPostgres()
                            ? "BEGIN; LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE"
                            : "BEGIN IMMEDIATE");
            assertThatThrownBy(() -> store.change(CAUSE, tx -> Organizations.insert(tx, "a")))
                    .isInstanceOfSatisfying(StoreFailure.class, failure -> {
                        assertThat(failure.reason()).isEqualTo(StoreFailure.Reason.BUSY);
                        assertThat(failure).hasMessageContaining("Nothing was changed");
                    });
            lock.execute("ROLLBACK");
        }
        store.change(CAUSE, tx -> Organizations.insert(tx, "a"));
        assertRecords(1);
    }

    @Test
    void folderHasOneHolder() {
        assertThat(DataFolder.taken(path)).isTrue();
        assertThat(DataFolder.taken(path.resolve("nothing"))).isFalse();
        assertThat(Files.exists(path.resolve("nothing"))).isFalse();
    }
}
