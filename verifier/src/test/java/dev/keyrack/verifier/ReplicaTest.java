package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: the replica is exactly what the feed says, in its order, and nothing is ever resurrected or lost. */
class ReplicaTest {
    private final RandomGenerator random = TestingKey.random(42);
    private final TestingKey key = TestingKey.issue(random);

    @Test
    void nothingIsKnownBeforeTheFirstSnapshot() {
        Replica replica = new Replica();
        assertThat(replica.loaded()).isFalse();
        assertThat(replica.number()).isEqualTo(-1);
        assertThat(replica.size()).isZero();
        assertThatThrownBy(() -> replica.apply(new FeedEntry(0, 0, false, key.change())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void snapshotComesIntoForceOnlyWhenItIsFinished() {
        TestingFeed feed = TestingFeed.of();
        Replica.Loader loader = feed.replica.load();
        loader.add(TestingFeed.ACME);
        loader.add(key.change());
        assertThat(feed.code(key)).isEqualTo(Code.UNKNOWN);
        loader.finish(9, 99);
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
        assertThat(feed.replica.number()).isEqualTo(9);
        assertThat(feed.replica.tag()).isEqualTo(99);
        assertThat(feed.replica.size()).isEqualTo(1);
    }

    @Test
    void snapshotReplacesAllThatWasThere() {
        TestingKey other = TestingKey.issue(random);
        TestingFeed feed = TestingFeed.of(key);
        feed.apply(key.expiring(5));
        feed.snapshot(1000, other);
        assertThat(feed.code(key)).isEqualTo(Code.UNKNOWN);
        assertThat(feed.code(other)).isEqualTo(Code.VALID);
        assertThat(feed.replica.size()).isEqualTo(1);
        assertThat(feed.replica.number()).isEqualTo(1000);
    }

    @Test
    void snapshotOfARestoredDatabaseMayBeOlder() {
        TestingFeed feed = TestingFeed.of();
        feed.snapshot(50, key.in(KeyState.REVOKED));
        feed.snapshot(10, key);
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
        assertThat(feed.replica.number()).isEqualTo(10);
    }

    @Test
    void entriesAreAppliedInOrderAndEachOnce() {
        TestingFeed feed = TestingFeed.of();
        feed.apply(key);
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
        feed.apply(key.in(KeyState.DISABLED));
        assertThat(feed.code(key)).isEqualTo(Code.DISABLED);
        assertThat(feed.replica.number()).isEqualTo(2);
        assertThat(feed.replica.tag()).isEqualTo(TestingFeed.tagOf(2));
        assertThat(feed.replica.size()).isEqualTo(1);
    }

    @Test
    void gapOrRepetitionIsRefusedAndChangesNothing() {
        TestingFeed feed = TestingFeed.of(key);
        feed.apply(new FeedChange.KeyRemoved(TestingKey.issue(random).id()));
        for (long number : new long[] {0, 1, 3, 4, -1, Long.MAX_VALUE}) {
            FeedEntry entry =
                    new FeedEntry(number, 1, true, key.in(KeyState.REVOKED).change());
            assertThatThrownBy(() -> feed.replica.apply(entry)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(feed.replica.number()).isEqualTo(1);
        assertThat(feed.replica.tag()).isEqualTo(TestingFeed.tagOf(1));
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
    }

    @Test
    void olderVersionNeverReplacesANewerOne() {
        TestingFeed feed = TestingFeed.of(key.in(KeyState.REVOKED));
        feed.apply(key);
        assertThat(feed.code(key)).isEqualTo(Code.REVOKED);
        assertThat(feed.replica.number()).isEqualTo(1);
    }

    @Test
    void olderVersionOfAnOrganizationNeverReplacesANewerOne() {
        TestingFeed feed = TestingFeed.of(key);
        feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, true, 3));
        feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, false, 2));
        assertThat(feed.code(key)).isEqualTo(Code.SUSPENDED);
        feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, false, 4));
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
    }

    /** For what is done in its name by people and their programs. */
    @Test
    void organizationIsKnownToBeOffWithoutAnyKey() {
        TestingFeed feed = TestingFeed.of();
        Verifier verifier = new Verifier(feed.replica, () -> 0);
        assertThat(new Verifier(new Replica(), () -> 0).suspended(TestingKey.ORGANIZATION))
                .as("before the first snapshot")
                .isFalse();
        assertThat(verifier.suspended(TestingKey.ORGANIZATION)).isFalse();
        assertThat(verifier.suspended("org-unheard-of")).isFalse();
        feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, true, 2));
        assertThat(verifier.suspended(TestingKey.ORGANIZATION)).isTrue();
        feed.apply(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, false, 3));
        assertThat(verifier.suspended(TestingKey.ORGANIZATION)).isFalse();
    }

    @Test
    void keyOfAnOrganizationThatWasNeverAnnouncedIsNotValid() {
        TestingFeed feed = TestingFeed.of(key.of("org-unheard-of"));
        assertThat(feed.code(key)).isEqualTo(Code.SUSPENDED);
    }

    @Test
    void removedKeyIsUnknown() {
        TestingKey other = TestingKey.issue(random);
        TestingFeed feed = TestingFeed.of(key, other);
        feed.apply(new FeedChange.KeyRemoved(key.id()));
        feed.apply(new FeedChange.KeyRemoved(key.id()));
        assertThat(feed.code(key)).isEqualTo(Code.UNKNOWN);
        assertThat(feed.code(other)).isEqualTo(Code.VALID);
        assertThat(feed.replica.size()).isEqualTo(1);
    }

    @Test
    void entryOfAnUnknownKindStopsValidUntilTheNextSnapshot() {
        TestingKey disabled = TestingKey.issue(random).in(KeyState.DISABLED);
        TestingFeed feed = TestingFeed.of(key, disabled);
        assertThat(feed.replica.halted()).isEmpty();
        feed.apply(new FeedChange.Unknown("key-frozen"));
        assertThat(feed.code(key)).isEqualTo(Code.STALE);
        assertThat(feed.code(disabled)).isEqualTo(Code.DISABLED);
        assertThat(feed.replica.halted())
                .hasValueSatisfying(why -> assertThat(why).contains("key-frozen"));
        assertThat(feed.replica.number()).isEqualTo(1);

        feed.apply(key.expiring(5));
        feed.apply(TestingFeed.ACME);
        assertThat(new Verifier(feed.replica, () -> 0)
                        .verify(Question.of(key.token()))
                        .code())
                .isEqualTo(Code.STALE);

        feed.snapshot(3, key);
        assertThat(feed.replica.halted()).isEmpty();
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
    }

    @Test
    void snapshotWithAnUnknownKindIsRefusedAndTheOldOneStays() {
        TestingFeed feed = TestingFeed.of(key);
        Replica.Loader loader = feed.replica.load();
        assertThatThrownBy(() -> loader.add(new FeedChange.Unknown("key-frozen")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
    }

    @Test
    void keyInTheReplicaIsWhatTheFeedSaid() {
        TestingKey full = key.granted(List.of("chat.start")).expiring(77).regenerate(88, random);
        ReplicaKey held = TestingFeed.of(full).ask(full.token()).about().orElseThrow();
        assertThat(held.id()).isEqualTo(full.id().value());
        assertThat(held.type()).isEqualTo(KeyType.WEB);
        assertThat(held.state()).isEqualTo(KeyState.ACTIVE);
        assertThat(held.version()).isEqualTo(full.change().version());
        assertThat(held.generation()).isEqualTo(2);
        assertThat(held.expiresAt()).isEqualTo(77);
        assertThat(held.permissions()).contains(List.of("chat.start"));
        assertThat(held.organization().id()).isEqualTo(TestingKey.ORGANIZATION);
        assertThat(held.organization().subdomain()).isEqualTo("acme");
        assertThat(held.projectId()).isEqualTo(TestingKey.PROJECT);
    }

    @Test
    void growingKeepsEveryKey() {
        int many = 200_000;
        TestingFeed feed = TestingFeed.of();
        List<TestingKey> keys = new ArrayList<>(many);
        for (int i = 0; i < many; i++) {
            keys.add(TestingKey.issue(random));
            feed.apply(keys.getLast());
        }
        assertThat(feed.replica.size()).isEqualTo(many);
        Verifier verifier = new Verifier(feed.replica, () -> 0);
        for (TestingKey each : keys) {
            Verdict verdict = verifier.verify(Question.of(each.token()));
            assertThat(verdict.code()).isEqualTo(Code.VALID);
            assertThat(verdict.about().orElseThrow().id()).isEqualTo(each.id().value());
        }
    }

    /** Keys share probes with those that came before them, whose going must not cut the way. */
    @Test
    void removingKeysNeverHidesThoseThatCameLater() {
        TestingKey[] keys = new TestingKey[2_000];
        Arrays.setAll(keys, i -> TestingKey.issue(random));
        TestingFeed feed = TestingFeed.of(keys);
        for (int i = 0; i < keys.length; i += 2) {
            feed.apply(new FeedChange.KeyRemoved(keys[i].id()));
        }
        Verifier verifier = new Verifier(feed.replica, () -> 0);
        for (int i = 0; i < keys.length; i++) {
            Code code = verifier.verify(Question.of(keys[i].token())).code();
            assertThat(code).isEqualTo(i % 2 == 0 ? Code.UNKNOWN : Code.VALID);
        }
    }

    /** Slots of removed keys are reused by rebuilding; neither may lose a key that stays. */
    @Test
    void comingAndGoingKeysLeaveTheOthersAlone() {
        TestingKey[] staying = new TestingKey[300];
        Arrays.setAll(staying, i -> TestingKey.issue(random));
        TestingFeed feed = TestingFeed.of(staying);
        Verifier verifier = new Verifier(feed.replica, () -> 0);
        for (int i = 0; i < 20_000; i++) {
            TestingKey passing = TestingKey.issue(random);
            feed.apply(passing);
            assertThat(feed.replica.size()).isEqualTo(staying.length + 1);
            feed.apply(new FeedChange.KeyRemoved(passing.id()));
            assertThat(verifier.verify(Question.of(passing.token())).code()).isEqualTo(Code.UNKNOWN);
            TestingKey one = staying[i % staying.length];
            assertThat(verifier.verify(Question.of(one.token())).code()).isEqualTo(Code.VALID);
        }
        feed.apply(staying[0]);
        assertThat(feed.replica.size()).isEqualTo(staying.length);
    }
}
