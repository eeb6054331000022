package dev.keyrack.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a call is carried out once in 24 hours, in the transaction that keeps its answer. */
@Tag("engines")
class CreationTest {
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");
    private static final Consumer<Tx> ANYBODY = tx -> {};

    /** Longer than a test takes. */
    private static final Duration MOMENT = Duration.ofMinutes(5);

    @TempDir
    Path path;

    private DataFolder folder;
    private TestingDatabase database;
    private Store store;
    private AnswerSeal seal;
    private Idempotency idempotency;
    private Idempotency otherProcess;

    @BeforeEach
    void open() {
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        Database.Opened opened = database.open(folder, InstantSource.system());
        store = opened.store();
        seal = new AnswerSeal(opened.keyset());
        idempotency = new Idempotency(opened.keyset());
        otherProcess = new Idempotency(opened.keyset());
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        folder.close();
    }

    private IdempotentCall call(String key) {
        return seal.call(new Credential("member/1", Secret.of("token")), "POST", "/things", Secret.of(key), "{}");
    }

    /** Makes a thing, whose body is how many there are then. */
    private String make(Idempotency process, String key, Consumer<Tx> rights) {
        Creation<Long> creation =
                process.creation(call(key), count -> Answer.created("/things/" + count, 1, Map.of("count", count)));
        return store.change(CAUSE, creation.once(rights, tx -> Change.none(thing(tx))))
                .result()
                .text();
    }

    private String make(String key) {
        return make(idempotency, key, ANYBODY);
    }

    private static long thing(Tx tx) {
        tx.handle().execute("INSERT INTO audit_heads SELECT 'thing ' || COUNT(*), 1, '' FROM audit_heads");
        return things(tx);
    }

    private static long things(Tx tx) {
        return count(tx, "audit_heads");
    }

    private static long count(Tx tx, String table) {
        return tx.handle()
                .createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one();
    }

    /** As if so much time had passed since everything was written: a server's clock is not ours to set. */
    private void sleep(Duration time) {
        long micros = time.toNanos() / 1_000;
        database.byHand(
                "UPDATE idempotency SET created_at = created_at - " + micros + ", expires_at = expires_at - " + micros);
    }

    @Test
    void answerIsGivenAgainFor24HoursAndNoLonger() {
        String first = make("a");
        sleep(Duration.ofDays(1).minus(MOMENT));
        assertThat(make("a")).isEqualTo(first);
        assertThat(make(otherProcess, "a", ANYBODY)).isEqualTo(first);
        assertThat(store.read(CreationTest::things)).isEqualTo(1);
        sleep(MOMENT);
        assertThat(make("a")).isNotEqualTo(first);
        assertThat(store.read(CreationTest::things)).isEqualTo(2);
        sleep(Duration.ofDays(1).minus(MOMENT));
        make("a");
        assertThat(store.read(CreationTest::things))
                .as("the second one has a day of its own")
                .isEqualTo(2);
    }

    @Test
    void whatIsOlderThan24HoursIsClearedAway() {
        IdempotencyRetention retention = new IdempotencyRetention(store);
        IntStream.range(0, 5).forEach(i -> make("old " + i));
        sleep(Duration.ofDays(1).minus(MOMENT));
        make("young");
        assertThat(retention.clear()).isZero();
        sleep(MOMENT);
        assertThat(retention.clear()).isEqualTo(5);
        assertThat(store.<Long>read(tx -> count(tx, "idempotency"))).isEqualTo(1);
        make("young");
        assertThat(store.read(CreationTest::things)).isEqualTo(6);
    }

    @Test
    void manyAreClearedAwayInSeveralChanges() {
        store.change(
                CAUSE,
                tx -> Change.none(tx.handle()
                        .execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                                + " INSERT INTO idempotency SELECT CAST(i AS TEXT), '', NULL, NULL, 0, 1 FROM n")));
        assertThat(new IdempotencyRetention(store).clear()).isEqualTo(2_500);
    }

    @Test
    void callThatFailsCountsForNothing() {
        Creation<String> failing = idempotency.creation(call("a"), text -> Answer.created("/", 1, Map.of()));
        assertThatThrownBy(() -> store.change(CAUSE, failing.once(ANYBODY, tx -> {
                    thing(tx);
                    throw new IllegalStateException("on purpose");
                })))
                .hasMessage("on purpose");
        assertThat(store.<Long>read(tx -> count(tx, "idempotency"))).isZero();
        assertThat(make("a")).contains("\"count\":1");
    }

    @Test
    void whoeverLostTheRightIsRefusedBeforeAnAnswerIsGivenAgain() {
        make("a");
        assertThatThrownBy(() -> make(idempotency, "a", tx -> {
                    throw new ProblemException(new Problem.NotFound());
                }))
                .isInstanceOf(ProblemException.class);
        assertThat(make("a")).contains("\"count\":1");
    }

    @Test
    void answerThatHoldsAnEndedTokenIsErased() {
        Creation<Long> creation = idempotency.creation(
                call("a"), count -> Answer.created("/", 1, Map.of()).withTokenOf("key 1"));
        store.change(CAUSE, creation.once(ANYBODY, tx -> Change.none(thing(tx))));
        make("b");
        store.change(CAUSE, tx -> {
            Idempotency.erase(tx, "key 1");
            return Change.none("");
        });
        assertThatThrownBy(() -> make("a"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isInstanceOf(Problem.AnswerGone.class));
        assertThat(make("b")).contains("\"count\":2");
        assertThat(store.read(CreationTest::things)).isEqualTo(2);
    }

    @Test
    void processesThatGetTheSameCallAtOnceCarryItOutOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = IntStream.range(0, 32)
                    .<Callable<String>>mapToObj(i -> () -> make(i % 2 == 0 ? idempotency : otherProcess, "a", ANYBODY))
                    .toList();
            for (Future<String> answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).contains("\"count\":1");
            }
        }
        assertThat(store.read(CreationTest::things)).isEqualTo(1);
    }
}
