package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.ControlClock;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.server.feed.TestingStore.Made;
import dev.keyrack.server.store.Committed;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Replica;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: a verification that is sent after a revocation has returned is never answered {@code VALID}, by any node,
 * whatever has become of it. Time passes where the test says so, and nowhere else.
 */
@Tag("engines")
class RevocationTest {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration NODE_COUNTS = LEASE.multipliedBy(9).dividedBy(10);

    @TempDir
    Path path;

    private final TestingTime time = new TestingTime();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private TestingStore testing;
    private Nodes nodes;
    private Confirmations confirmations;
    private Made key;
    private Made other;

    @BeforeEach
    void open() {
        testing = opened(new TestingStore(path));
        nodes = new Nodes(testing.store(), time);
        nodes.firstLease(LEASE);
        confirmations = confirmations();
        time.pass(LEASE);
        key = testing.key();
        other = testing.key();
    }

    private Confirmations confirmations() {
        return Confirmations.leased(
                testing.store(), "here", () -> null, LEASE, time, new NodeMetrics(new PrometheusRegistry()));
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private TestingNode node(String name) throws Exception {
        TestingNode node = opened(TestingNode.start(testing, name));
        until(() -> node.verdict(key) == Code.VALID);
        return node;
    }

    /** What happens to a call that has committed, while it waits. */
    private CompletableFuture<Confirmation> confirming(Committed<?> change) throws Exception {
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        open.push(thread::shutdownNow);
        long looked = time.readings();
        CompletableFuture<Confirmation> call =
                CompletableFuture.supplyAsync(() -> confirmations.of(change, TestingStore.ORGANIZATION), thread);
        // It has begun to wait before time passes.
        until(() -> time.readings() > looked);
        return call;
    }

    private Confirmation confirmed(Committed<?> change) throws Exception {
        return confirming(change).get(60, TimeUnit.SECONDS);
    }

    private void stillWaits(CompletableFuture<Confirmation> call) throws Exception {
        long looked = time.readings();
        until(() -> call.isDone() || time.readings() > looked + 20);
        assertThat(call).isNotDone();
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void setLease(Duration length) throws Exception {
        testing.byHand("UPDATE lease_lengths SET micros = " + length.toMillis() * 1_000);
    }

    private NodeRow row(TestingNode node) {
        return testing.store()
                .read(tx -> new NodeSql().node(tx, String.valueOf(node.keeper.registration())))
                .orElseThrow();
    }

    @Test
    void answerComesWhenEveryNodeHasConfirmedAndNamesThem() throws Exception {
        TestingNode a = node("a");
        TestingNode b = node("b");
        Committed<String> revoked = testing.revoke(key);
        Confirmation confirmation = confirmed(revoked);
        assertThat(confirmation.confirmedBy()).containsExactlyInAnyOrder("here", "a", "b");
        assertThat(confirmation.leaseExpired()).isEmpty();
        assertThat(confirmation.sequence()).isEqualTo(revoked.sequence());
        assertThat(a.verdict(key)).isEqualTo(Code.REVOKED);
        assertThat(b.verdict(key)).isEqualTo(Code.REVOKED);
        assertThat(a.verdict(other)).isEqualTo(Code.VALID);
    }

    /** No time passes: the report does not wait for the next regular one. */
    @Test
    void confirmationThatWasLostIsSentAgain() throws Exception {
        TestingNode node = node("mute for a moment");
        node.mute(true);
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        until(() -> node.verdict(key) == Code.REVOKED);
        stillWaits(call);
        node.mute(false);
        assertThat(call.get(60, TimeUnit.SECONDS).confirmedBy()).contains("mute for a moment");
    }

    @Test
    void changeThatTurnsNothingOffWaitsForNobody() throws Exception {
        TestingNode node = node("deaf");
        node.deaf(true);
        testing.key();
        assertThat(confirmed(testing.nothing()).leaseExpired()).isEmpty();
        assertThat(row(node).endedAt()).isNull();
    }

    @Test
    void nodeThatJoinsDuringARevocationSaysNothingBeforeItHasAppliedIt() throws Exception {
        TestingNode joining = opened(new TestingNode(testing, "joining"));
        // Its snapshot is from before the revocation, and what comes after does not arrive.
        joining.follower.catchUp(0, 0);
        joining.deaf(true);
        Confirmation confirmation = confirmed(testing.revoke(key));
        assertThat(confirmation.confirmedBy()).containsExactly("here");
        joining.follower.start();
        until(() -> joining.keeper.registration() != null);
        assertThat(joining.verdict(key)).isEqualTo(Code.STALE);
        assertThat(joining.verdict(other)).isEqualTo(Code.STALE);
        joining.deaf(false);
        until(() -> joining.verdict(other) == Code.VALID);
        assertThat(joining.verdict(key)).isEqualTo(Code.REVOKED);
    }

    @Test
    void nodeThatReportsButCannotReceiveIsWaitedForUntilItsLeaseIsOver() throws Exception {
        TestingNode well = node("well");
        TestingNode deaf = node("deaf");
        deaf.deaf(true);
        Committed<String> revoked = testing.revoke(key);
        CompletableFuture<Confirmation> call = confirming(revoked);
        until(() -> well.verdict(key) == Code.REVOKED);
        deaf.time.pass(Duration.ofSeconds(2));
        time.pass(LEASE.minusMillis(1));
        stillWaits(call);
        long reported = deaf.reports.get();
        until(() -> deaf.reports.get() > reported + 3);
        assertThat(deaf.verdict(key)).as("as long as the call has not returned").isEqualTo(Code.VALID);
        deaf.time.pass(NODE_COUNTS.minusSeconds(2));
        assertThat(deaf.verdict(key))
                .as("reporting has not prolonged the lease")
                .isEqualTo(Code.STALE);
        time.pass(Duration.ofMillis(1));
        Confirmation confirmation = call.get(60, TimeUnit.SECONDS);
        assertThat(confirmation.confirmedBy()).containsExactly("here", "well");
        assertThat(confirmation.leaseExpired()).containsExactly("deaf");

        deaf.deaf(false);
        until(() -> deaf.verdict(other) == Code.VALID);
        assertThat(deaf.verdict(key)).isEqualTo(Code.REVOKED);
    }

    @Test
    void deadNodeDelaysOneRevocationAndNoneAfterIt() throws Exception {
        TestingNode dead = node("dead");
        TestingNode well = node("well");
        dead.dead();
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        stillWaits(call);
        time.pass(LEASE);
        assertThat(call.get(60, TimeUnit.SECONDS).leaseExpired()).containsExactly("dead");
        assertThat(row(dead).endReason()).isEqualTo("lapsed");

        Confirmation later = confirmed(testing.revoke(other));
        assertThat(later.confirmedBy()).containsExactly("here", "well");
        assertThat(later.leaseExpired()).isEmpty();
        assertThat(well.verdict(other)).isEqualTo(Code.REVOKED);
    }

    @Test
    void nodeThatWasGivenUpComesBackOnlyBehindTheRevocation() throws Exception {
        TestingNode node = node("back");
        String before = node.keeper.registration();
        node.dead();
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        stillWaits(call);
        time.pass(LEASE);
        node.time.pass(LEASE);
        call.get(60, TimeUnit.SECONDS);
        assertThat(node.verdict(key)).isEqualTo(Code.STALE);
        node.mute(false);
        until(() -> !node.keeper.registration().equals(before));
        assertThat(node.verdict(key)).as("registered anew, and still deaf").isEqualTo(Code.STALE);
        node.deaf(false);
        until(() -> node.verdict(other) == Code.VALID);
        assertThat(node.verdict(key)).isEqualTo(Code.REVOKED);
        assertThat(row(node).registeredAs()).isGreaterThan(1);
    }

    @Test
    void nodeThatStoppedCleanlyIsNotWaitedFor() throws Exception {
        TestingNode stopped = node("stopped");
        stopped.close();
        assertThat(row(stopped).endReason()).isEqualTo("stopped");
        assertThat(stopped.verdict(key)).isEqualTo(Code.STALE);
        Confirmation confirmation = confirmed(testing.revoke(key));
        assertThat(confirmation.confirmedBy()).containsExactly("here");
        assertThat(confirmation.leaseExpired()).isEmpty();
    }

    @Test
    void nodeThatStopsWhileItIsWaitedForEndsTheWait() throws Exception {
        TestingNode node = node("stopping");
        node.deaf(true);
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        stillWaits(call);
        node.close();
        Confirmation confirmation = call.get(60, TimeUnit.SECONDS);
        assertThat(confirmation.leaseExpired()).isEmpty();
        assertThat(node.verdict(key)).isEqualTo(Code.STALE);
    }

    @Test
    void suspendedMachineAnswersStaleAsSoonAsItWakesWithoutAnyTimer() throws Exception {
        TestingNode node = node("laptop");
        node.dead();
        node.close();
        TestingNode frozen = node("frozen");
        // Nothing of it runs from here on but the verification itself.
        frozen.dead();
        frozen.time.pass(NODE_COUNTS.minusNanos(1));
        assertThat(frozen.verdict(key)).isEqualTo(Code.VALID);
        frozen.time.pass(Duration.ofNanos(1));
        assertThat(frozen.verdict(key)).isEqualTo(Code.STALE);
        assertThat(frozen.verdict(other)).isEqualTo(Code.STALE);
    }

    @Test
    void repeatedCallWaitsAgain() throws Exception {
        TestingNode deaf = node("deaf");
        deaf.deaf(true);
        CompletableFuture<Confirmation> first = confirming(testing.revoke(key));
        stillWaits(first);
        time.pass(LEASE.dividedBy(2));
        testing.key();
        CompletableFuture<Confirmation> repeated = confirming(testing.nothing());
        stillWaits(repeated);
        deaf.deaf(false);
        assertThat(repeated.get(60, TimeUnit.SECONDS).confirmedBy()).containsExactly("here", "deaf");
        assertThat(first.get(60, TimeUnit.SECONDS).confirmedBy()).containsExactly("here", "deaf");
        assertThat(deaf.verdict(key)).isEqualTo(Code.REVOKED);
    }

    @Test
    void longerLeaseThatIsOutIsWaitedForThoughLeasesAreShorterNow() throws Exception {
        setLease(Duration.ofMinutes(1));
        TestingNode node = node("long");
        node.dead();
        setLease(Duration.ofSeconds(1));
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        stillWaits(call);
        time.pass(Duration.ofMinutes(1).minusMillis(1));
        stillWaits(call);
        time.pass(Duration.ofMillis(1));
        assertThat(call.get(60, TimeUnit.SECONDS).leaseExpired()).containsExactly("long");
    }

    @Test
    void processThatHasJustStartedWaitsForLeasesItMayNotKnow() throws Exception {
        confirmations = confirmations();
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        stillWaits(call);
        time.pass(LEASE.minusMillis(1));
        stillWaits(call);
        time.pass(Duration.ofMillis(1));
        call.get(60, TimeUnit.SECONDS);
        assertThat(confirmed(testing.revoke(other)).confirmedBy())
                .as("one lease after the start nobody is in doubt")
                .containsExactly("here");
    }

    @Test
    void nodesOfARestoredDatabaseHoldNoLeaseOfWhichNobodyKnows() throws Exception {
        Replica replica = new Replica();
        ControlClock clock = new ControlClock(System::nanoTime);
        FeedFollower own = opened(new FeedFollower(testing.store().feed(), replica, clock));
        own.whenInDoubt(confirmations::inDoubt);
        testing.store().afterCommit(own::catchUp);
        own.start();
        TestingNode known = node("known");
        TestingStore.Backup backup = testing.backup();
        TestingNode unknown = node("unknown");
        testing.key();
        testing.key();
        until(() -> known.replica.number() == replica.number() && unknown.replica.number() == replica.number());
        unknown.dead();

        backup.restore();
        CompletableFuture<Confirmation> call = confirming(testing.revoke(key));
        until(() -> known.verdict(other) == Code.VALID && known.verdict(key) == Code.REVOKED);
        assertThat(known.leaseWhileLoading())
                .as("what it had of the lost history vouched for nothing while it loaded anew")
                .isZero();
        stillWaits(call);
        assertThat(unknown.verdict(key)).as("its lease is not over").isEqualTo(Code.VALID);
        time.pass(LEASE);
        unknown.time.pass(LEASE);
        call.get(60, TimeUnit.SECONDS);
        assertThat(unknown.verdict(key)).isEqualTo(Code.STALE);
    }
}
