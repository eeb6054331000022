package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: what was given for a token, and is judged without it, is never good for longer than the token. */
class SessionVerdictTest {
    private static final Question ANY = Question.of("").permission("chat.start");

    private final RandomGenerator random = TestingKey.random(3);
    private final TestingKey key = TestingKey.issue(random);
    private final AtomicLong clock = new AtomicLong(1_000);

    private Verdict ask(TestingFeed feed, int generation, Rule... excused) {
        return new Verifier(feed.replica, clock::get).verify(key.id(), generation, ANY, Set.of(excused));
    }

    @Test
    void sessionOfASupersededTokenEndsWithItsOverlap() {
        TestingFeed feed = TestingFeed.of(key);
        assertThat(ask(feed, 1).code()).isEqualTo(Code.VALID);
        feed.apply(key.regenerate(2_000, random));
        assertThat(ask(feed, 1).code()).isEqualTo(Code.VALID);
        assertThat(ask(feed, 1).inOverlap()).isPresent();
        clock.set(2_000);
        assertThat(ask(feed, 1).code()).isEqualTo(Code.REVOKED);
        assertThat(ask(feed, 1).generation()).isEqualTo(1);
        assertThat(ask(feed, 2).code()).isEqualTo(Code.VALID);
    }

    @Test
    void sessionOfATokenThatTheKeyNoLongerKnowsIsRevoked() {
        TestingKey second = key.regenerate(2_000, random);
        FeedChange.Key now = second.change();
        TestingFeed feed = TestingFeed.of(key);
        feed.apply(new FeedChange.Key(
                now.id(),
                now.organizationId(),
                now.projectId(),
                now.type(),
                now.state(),
                now.version(),
                List.of(now.tokens().getFirst()),
                now.expiresAt(),
                now.permissions(),
                now.permissionsAsOf(),
                now.restrictions()));
        assertThat(ask(feed, 1).code()).isEqualTo(Code.REVOKED);
    }

    @Test
    void generationThatTheNodeHasNotHeardOfAndKeyThatIsNotThereAreUnknown() {
        assertThat(ask(TestingFeed.of(key), 2)).isEqualTo(Verdict.Refused.UNKNOWN);
        assertThat(ask(TestingFeed.of(), 1)).isEqualTo(Verdict.Refused.UNKNOWN);
        assertThat(ask(new TestingFeed(), 1)).isEqualTo(Verdict.Refused.NOT_LOADED);
    }

    @Test
    void nothingIsValidAfterTheLeaseEnded() {
        AtomicLong nanos = new AtomicLong();
        Lease lease = new Lease(nanos::get);
        TestingFeed feed = TestingFeed.of(key);
        Verifier verifier = new Verifier(feed.replica, TestingClock.of(nanos::get, clock::get), lease);
        assertThat(verifier.verify(key.id(), 1, ANY, Set.of()).code()).isEqualTo(Code.STALE);
        lease.grant(0, 1_000, 1_000);
        assertThat(verifier.verify(key.id(), 1, ANY, Set.of()).code()).isEqualTo(Code.VALID);
        nanos.set(900);
        assertThat(verifier.verify(key.id(), 1, ANY, Set.of()).code()).isEqualTo(Code.STALE);
        feed.apply(key.in(KeyState.REVOKED));
        assertThat(verifier.verify(key.id(), 1, ANY, Set.of()).code()).isEqualTo(Code.REVOKED);
    }

    @Test
    void excusedRestrictionsAreNotTestedAndTheOthersAre() {
        Restrictions.Builder both = new Restrictions.Builder()
                .websites(List.of(Website.of("https://example.com")), false)
                .networks(List.of(Network.parse("192.0.2.0/24").orElseThrow()));
        TestingFeed feed = TestingFeed.of(key.restricted(both.build()));
        assertThat(ask(feed, 1).code()).isEqualTo(Code.WEBSITE_NOT_ALLOWED);
        assertThat(ask(feed, 1, Rule.WEBSITES).code()).isEqualTo(Code.NETWORK_NOT_ALLOWED);
        assertThat(ask(feed, 1, Rule.NETWORKS).code()).isEqualTo(Code.WEBSITE_NOT_ALLOWED);
        assertThat(ask(feed, 1, Rule.WEBSITES, Rule.NETWORKS, Rule.APPS).code()).isEqualTo(Code.VALID);
        feed.apply(key.restricted(
                        both.observe(Set.of(Rule.WEBSITES, Rule.NETWORKS)).build())
                .granted(null)
                .in(KeyState.ACTIVE));
        assertThat(((Verdict.Valid) ask(feed, 1, Rule.WEBSITES)).observed()).containsExactly(Rule.NETWORKS);
        feed.apply(key.restricted(both.build())
                .granted(List.of())
                .in(KeyState.ACTIVE)
                .in(KeyState.ACTIVE));
        assertThat(ask(feed, 1, Rule.values()).code()).isEqualTo(Code.PERMISSION_DENIED);
    }

    /** It was good at no moment: disabled first, its organization resumed then. */
    @Test
    void keyThatIsDisabledUnderTheVerdictsFeetIsNotValid() {
        TestingKey expiring = key.expiring(5_000);
        TestingFeed feed = TestingFeed.of(expiring);
        feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, true, 2));
        AtomicBoolean once = new AtomicBoolean();
        Verifier verifier = new Verifier(feed.replica, () -> {
            if (once.compareAndSet(false, true)) {
                feed.apply(expiring.in(KeyState.DISABLED));
                feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, false, 3));
            }
            return clock.get();
        });
        assertThat(verifier.verify(key.id(), 1, ANY, Set.of()).code()).isEqualTo(Code.DISABLED);
    }
}
