package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: a node that is not sure to know the latest changes says nothing is valid, and needs no timer for that. */
class LeaseTest {
    private static final long SECOND = 1_000_000_000L;

    private final RandomGenerator random = TestingKey.random(1);
    private final TestingKey key = TestingKey.issue(random);
    private final TestingFeed feed = TestingFeed.of(key);
    private final AtomicLong nanos = new AtomicLong(-7 * SECOND);
    private final Lease lease = new Lease(nanos::get);
    private final Verifier verifier = new Verifier(feed.replica, TestingClock.of(nanos::get, () -> 0), lease);

    private Code code() {
        return verifier.verify(Question.of(key.token())).code();
    }

    @Test
    void nothingIsValidWithoutALease() {
        assertThat(code()).isEqualTo(Code.STALE);
        assertThat(lease.left()).isZero();
        lease.grant(nanos.get(), 10 * SECOND, 10 * SECOND);
        assertThat(code()).isEqualTo(Code.VALID);
        lease.drop();
        assertThat(code()).isEqualTo(Code.STALE);
    }

    @Test
    void leaseCountsFromTheQuestionAndEndsATenthEarly() {
        long asked = nanos.get();
        nanos.addAndGet(4 * SECOND);
        lease.grant(asked, 10 * SECOND, 10 * SECOND);
        assertThat(lease.left()).isEqualTo(5 * SECOND);
        nanos.set(asked + 9 * SECOND - 1);
        assertThat(code()).isEqualTo(Code.VALID);
        nanos.incrementAndGet();
        assertThat(code()).isEqualTo(Code.STALE);
        assertThat(lease.left()).isZero();
    }

    @Test
    void eachClassOfKeysHasALengthOfItsOwn() {
        lease.grant(nanos.get(), 10 * SECOND, 100 * SECOND);
        nanos.addAndGet(20 * SECOND);
        assertThat(key.change().type().publishable()).isTrue();
        assertThat(code()).isEqualTo(Code.STALE);
        Moment moment = new Moment(TestingClock.of(nanos::get, () -> 0));
        assertThat(Lease.holds(lease.term(), KeyType.SERVER, moment)).isTrue();
        assertThat(Lease.holds(lease.term(), KeyType.WEB, moment)).isFalse();
    }

    @Test
    void onlyAYesNeedsALease() {
        feed.apply(key.in(KeyState.REVOKED));
        assertThat(code()).isEqualTo(Code.REVOKED);
        assertThat(verifier.verify(Question.of("nonsense")).code()).isEqualTo(Code.MALFORMED);
        assertThat(verifier.verify(Question.of(key.forged(random))).code()).isEqualTo(Code.UNKNOWN);
    }

    /** A thread that found the key, and was held up while the node lost its lease, learned of a revocation and got a new one. */
    @Test
    void leaseThatWasGrantedAfterTheKeyWasFoundDoesNotVouchForIt() {
        lease.grant(nanos.get(), 10 * SECOND, 10 * SECOND);
        Verifier heldUp = new Verifier(
                feed.replica,
                TestingClock.of(
                        () -> {
                            nanos.addAndGet(20 * SECOND);
                            feed.snapshot(2, key.in(KeyState.REVOKED));
                            lease.grant(nanos.get(), 10 * SECOND, 10 * SECOND);
                            return nanos.get();
                        },
                        () -> 0),
                lease);
        assertThat(heldUp.verify(Question.of(key.token())).code()).isEqualTo(Code.STALE);
    }

    /** What a verdict was told at one time must not be what it is told at another. */
    @Test
    void oneReadingOfTheClockServesLeaseAndExpiry() {
        AtomicLong readings = new AtomicLong();
        TestingKey expiring = key.expiring(100);
        feed.apply(expiring);
        Verifier counting = new Verifier(
                feed.replica,
                new NodeClock() {
                    @Override
                    public long nanos() {
                        readings.incrementAndGet();
                        return nanos.get();
                    }

                    @Override
                    public long at(long reading) {
                        return (reading + 7 * SECOND) / SECOND;
                    }
                },
                lease);
        lease.grant(nanos.get(), 200 * SECOND, 200 * SECOND);
        assertThat(counting.verify(Question.of(key.token())).code()).isEqualTo(Code.VALID);
        assertThat(readings).hasValue(1);
        nanos.addAndGet(100 * SECOND);
        assertThat(counting.verify(Question.of(key.token())).code()).isEqualTo(Code.EXPIRED);
        assertThat(readings).hasValue(2);
        feed.apply(expiring.expiring(FeedChange.NEVER));
        assertThat(counting.verify(Question.of(key.token())).code()).isEqualTo(Code.VALID);
        nanos.addAndGet(80 * SECOND);
        assertThat(counting.verify(Question.of(key.token())).code()).isEqualTo(Code.STALE);
    }

    @Test
    void processThatHoldsTheStoreNeedsNone() {
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
        assertThat(Lease.UNLIMITED.left()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(Lease.UNLIMITED::drop).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Lease.UNLIMITED.grant(0, 1, 1)).isInstanceOf(IllegalStateException.class);
    }
}
