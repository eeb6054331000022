package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.Replica;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
}
