package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.FeedJson;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyState;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: the canary measures how long a revocation takes until every node has confirmed it, or can no longer say yes, and
 * leaves nothing behind. Time passes where the test says so, and nowhere else.
 */
@Tag("engines")
class CanaryTest {
    private static final Duration LEASE = Duration.ofSeconds(5);

    @TempDir
    Path path;

    private final TestingTime time = new TestingTime();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestingStore testing;
    private Confirmations confirmations;
    private NodeMetrics metrics;

    @BeforeEach
    void open() {
        testing = opened(new TestingStore(path));
        new Nodes(testing.store(), time).firstLease(LEASE);
        metrics = new NodeMetrics(registry);
        confirmations = Confirmations.leased(testing.store(), "here", () -> null, LEASE, time, metrics);
        time.pass(LEASE);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        threads.close();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private Canary canary() {
        return opened(new Canary(testing.store(), confirmations, metrics, new SecureRandom(), time));
    }

    /** One that has its lease. */
    private TestingNode node(String name) throws Exception {
        TestingNode node = opened(TestingNode.start(testing, name));
        until(() -> node.lease.left() > 0);
        return node;
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What it does at the end of each period, once; comes back when it waits for its nodes, or is done. */
    private Future<?> waitingRound() throws Exception {
        Canary canary = canary();
        long before = revocations().size();
        Future<?> round = threads.submit(canary::round);
        until(() -> round.isDone() || revocations().size() > before);
        long looked = time.readings();
        until(() -> round.isDone() || time.readings() > looked + 20);
        return round;
    }

    private List<FeedChange> revocations() {
        return entries("WHERE narrows = 1");
    }

    private List<FeedChange> entries(String which) {
        return testing.store()
                .read(tx -> tx.handle()
                        .createQuery("SELECT kind, payload FROM feed_entries " + which + " ORDER BY seq")
                        .map((row, context) -> FeedJson.read(row.getString(1), row.getString(2)))
                        .list());
    }

    /** What was measured of this source: how often, and seconds in all. */
    private record Measured(long count, double seconds) {}

    private Measured measured(String source) {
        return registry.scrape(name -> name.equals("keyrack_revocation_lag_seconds")).stream()
                .flatMap(metric -> ((HistogramSnapshot) metric).getDataPoints().stream())
                .filter(point -> source.equals(point.getLabels().get("source")))
                .map(point -> new Measured(point.getCount(), point.getSum()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsMeasuredIsTheTimeUntilTheLastNodeHasConfirmed() throws Exception {
        node("quick");
        TestingNode slow = node("slow");
        slow.deaf(true);
        Future<?> round = waitingRound();
        assertThat(round).as("a node has not confirmed").isNotDone();
        time.pass(Duration.ofSeconds(2));
        slow.deaf(false);
        round.get(60, TimeUnit.SECONDS);
        assertThat(measured("canary")).isEqualTo(new Measured(1, 2));
        assertThat(measured("call").count()).as("nobody has called").isZero();
    }

    @Test
    void nodeThatIsGoneIsWaitedForAsLongAsItMaySayYes() throws Exception {
        TestingNode gone = node("gone");
        gone.dead();
        Future<?> round = waitingRound();
        time.pass(LEASE.minusMillis(1));
        long looked = time.readings();
        until(() -> round.isDone() || time.readings() > looked + 20);
        assertThat(round).isNotDone();
        time.pass(Duration.ofMillis(1));
        round.get(60, TimeUnit.SECONDS);
        assertThat(measured("canary")).isEqualTo(new Measured(1, 5));
    }

    @Test
    void eachRoundIsARevocationInTheFeedAndLeavesNoKeyOnAnyNode() throws Exception {
        TestingNode node = node("node");
        for (int i = 0; i < 3; i++) {
            canary().round();
        }
        assertThat(measured("canary").count()).isEqualTo(3);
        List<FeedChange> all = entries("WHERE kind <> 'node'");
        assertThat(all).hasSize(12);
        for (int i = 0; i < 12; i += 4) {
            assertThat(all.get(i)).isInstanceOf(FeedChange.KeyRemoved.class);
            FeedChange.Key made = (FeedChange.Key) all.get(i + 1);
            FeedChange.Key revoked = (FeedChange.Key) all.get(i + 2);
            assertThat(made.state()).isEqualTo(KeyState.ACTIVE);
            assertThat(revoked.state()).isEqualTo(KeyState.REVOKED);
            assertThat(revoked.version()).isGreaterThan(made.version());
            assertThat(all.get(i + 3)).isEqualTo(new FeedChange.KeyRemoved(made.id()));
        }
        assertThat(revocations()).as("what nodes must confirm").hasSize(3);
        assertThat(all.stream()
                        .filter(FeedChange.Key.class::isInstance)
                        .map(key -> ((FeedChange.Key) key)
                                .tokens()
                                .getFirst()
                                .digest()
                                .text())
                        .distinct())
                .as("each is a key of its own")
                .hasSize(3);
        until(() -> node.replica.number() == testing.numbers().getLast());
        assertThat(node.replica.size()).isZero();
    }

    @Test
    void nothingButTheFeedTellsOfItAlsoInAStoreWithoutAnOrganization() {
        List<String> before = contents();
        canary().round();
        assertThat(contents()).isEqualTo(before);
    }

    /** How many rows each table has, but for those of the feed. */
    private List<String> contents() {
        List<String> contents = testing.tables().stream()
                .filter(table -> !table.startsWith("feed_"))
                .map(table -> table + " " + testing.count(table))
                .sorted()
                .toList();
        assertThat(contents).contains("keys 0", "key_tokens 0", "audit_events 0", "audit_heads 0");
        return contents;
    }

    @Test
    void nextRoundRemovesWhatAProcessThatWasKilledHasLeft() throws Exception {
        TestingNode node = node("node");
        node.mute(true);
        Future<?> round = waitingRound();
        until(() -> node.replica.size() == 1);
        // The process ends here: it does not come to remove it.
        round.cancel(true);
        node.mute(false);
        until(() -> node.lease.left() > 0);
        assertThat(node.replica.size()).isEqualTo(1);
        canary().round();
        until(() -> node.replica.number() == testing.numbers().getLast());
        assertThat(node.replica.size()).isZero();
        assertThat(measured("canary").count()).isEqualTo(1);
    }

    @Test
    void nobodysRevocationWaitsForTheCanary() throws Exception {
        TestingStore.Made key = testing.key();
        TestingNode node = node("node");
        until(() -> node.verdict(key) == Code.VALID);
        node.mute(true);
        Future<?> round = waitingRound();
        assertThat(round).isNotDone();
        assertThat(confirmations
                        .of(testing.nothing(), TestingStore.ORGANIZATION)
                        .confirmedBy())
                .containsExactly("here");
        node.mute(false);
        round.get(60, TimeUnit.SECONDS);
    }

    @Test
    void severalProcessesMeasureAtOnceAndLeaveNothing() throws Exception {
        TestingNode node = node("node");
        List<Future<?>> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Canary canary = canary();
            processes.add(threads.submit(() -> {
                for (int round = 0; round < 5; round++) {
                    canary.round();
                }
            }));
        }
        for (Future<?> process : processes) {
            process.get(60, TimeUnit.SECONDS);
        }
        assertThat(measured("canary").count()).isEqualTo(15);
        until(() -> node.replica.number() == testing.numbers().getLast());
        assertThat(node.replica.size()).isZero();
    }

    @Test
    void canaryThatIsClosedGivesUpTheRoundThatWaits() throws Exception {
        TestingNode node = node("node");
        node.mute(true);
        Canary canary = canary().start(Duration.ofMillis(1));
        until(() -> !revocations().isEmpty());
        canary.close();
        assertThat(measured("canary").count()).isZero();
        node.mute(false);
    }
}
