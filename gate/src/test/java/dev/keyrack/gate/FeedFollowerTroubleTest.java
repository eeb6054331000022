package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a node whose feed cannot be read keeps what it has, goes on trying, and is in step again by itself. */
class FeedFollowerTroubleTest {
    private static final FeedChange CHANGE = new FeedChange.Organization("org", "acme", false, false, 1);

    private final TestingSource source = new TestingSource(CHANGE);
    private final Replica replica = new Replica();

    private RuntimeException trouble(boolean known) {
        return known
                ? new FeedUnavailable("the head of the change feed could not be read", new IllegalStateException())
                : new IllegalStateException("a bug in the source, or in its driver");
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void followerOutlivesWhateverItsSourceThrows(boolean known) {
        try (FeedFollower follower = new FeedFollower(source, replica, new ControlClock(System::nanoTime))) {
            follower.start();
            int before = source.failures();
            source.fail(trouble(known));
            until(() -> source.failures() > before);
            assertThat(replica.number()).isZero();

            long number = source.commit(CHANGE);
            source.fail(null);
            until(() -> replica.number() == number);
        }
    }

    @Test
    void whoeverWaitsForAChangeIsToldThatTheFeedCannotBeRead() {
        try (FeedFollower follower = new FeedFollower(source, replica, new ControlClock(System::nanoTime))) {
            follower.start();
            source.fail(trouble(true));
            long number = source.commit(CHANGE);
            assertThatThrownBy(() -> follower.catchUp(number, TestingSource.tag(number)))
                    .isInstanceOf(FeedUnavailable.class);
            assertThat(replica.number()).isZero();
        }
    }

    /** However long the backlog: only a node that cannot apply what it reads is behind, not one that has much to apply. */
    @Test
    void leaseIsRenewedBetweenTheBatchesOfALongBacklog() {
        AtomicLong nanos = new AtomicLong();
        long each = Duration.ofMillis(900).toNanos();
        FeedSource slow = new FeedSource() {
            @Override
            public Head head() {
                return source.head();
            }

            @Override
            public List<FeedEntry> entriesFrom(long number, int limit) {
                nanos.addAndGet(each);
                return source.entriesFrom(number, 10);
            }

            @Override
            public Head snapshot(Consumer<FeedChange> into) {
                return source.snapshot(into);
            }
        };
        Lease lease = new Lease(nanos::get);
        Set<Long> reportedUnderLease = ConcurrentHashMap.newKeySet();
        Registrar registrar = new Registrar() {
            @Override
            public long register(String registration, Node node, @Nullable Former former) {
                return 0;
            }

            @Override
            public Answer report(String registration, long number, long tag) {
                if (lease.left() > 0) {
                    reportedUnderLease.add(number);
                }
                return new Answer.Granted(Duration.ofSeconds(5), Duration.ofSeconds(5));
            }

            @Override
            public void end(String registration, End why) {}
        };
        LeaseKeeper keeper = new LeaseKeeper(
                registrar,
                new Registrar.Node("gate", Registrar.Kind.GATE, null, "1"),
                replica,
                lease,
                nanos::get,
                () -> "r");
        ControlClock clock = new ControlClock(nanos::get);
        try (FeedFollower follower = new FeedFollower(slow, replica, clock, keeper, FeedFollower.POLL)) {
            follower.start();
            long last = 0;
            for (int i = 0; i < 100; i++) {
                last = source.commit(CHANGE);
            }
            follower.wake();
            long all = last;
            until(() -> replica.number() == all);
        }
        assertThat(reportedUnderLease)
                .as("reports before the lease was over, on the way")
                .hasSizeGreaterThan(5);
    }
}
