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
    private final Verifier verifier = new Verifier(feed.replica, () -> 0, lease);

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
        assertThat(lease.holds(lease.term(), KeyType.SERVER)).isTrue();
        assertThat(lease.holds(lease.term(), KeyType.WEB)).isFalse();
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
        TestingKey expiring = key.expiring(100);
        feed.apply(expiring);
        lease.grant(nanos.get(), 10 * SECOND, 10 * SECOND);
        Verifier heldUp = new Verifier(
                feed.replica,
                () -> {
                    nanos.addAndGet(20 * SECOND);
                    feed.apply(expiring.in(KeyState.REVOKED));
                    lease.grant(nanos.get(), 10 * SECOND, 10 * SECOND);
                    return 0;
                },
                lease);
        assertThat(heldUp.verify(Question.of(key.token())).code()).isEqualTo(Code.STALE);
    }

    @Test
    void processThatHoldsTheStoreNeedsNone() {
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
        assertThat(Lease.UNLIMITED.left()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(Lease.UNLIMITED::drop).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Lease.UNLIMITED.grant(0, 1, 1)).isInstanceOf(IllegalStateException.class);
    }
}
