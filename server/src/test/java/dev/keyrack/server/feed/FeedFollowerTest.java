package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.ControlClock;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.Verifier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a replica that follows the feed of a real store is never behind what it was told to wait for, and never ahead. */
@Tag("engines")
class FeedFollowerTest {
    @TempDir
    Path path;

    private final AtomicInteger snapshots = new AtomicInteger();
    private final Replica replica = new Replica();
    private final ControlClock clock = new ControlClock(System::nanoTime);
    private final Verifier verifier = new Verifier(replica, clock);
    private TestingStore testing;
    private FeedFollower follower;
    private String token;

    @BeforeEach
    void open() {
        testing = new TestingStore(path);
        testing.change("org");
        token = key("first");
        FeedSource feed = testing.store().feed();
        follower = new FeedFollower(
                new FeedSource() {
                    @Override
                    public Head head() {
                        return feed.head();
                    }

                    @Override
                    public List<FeedEntry> entriesFrom(long number, int limit) {
                        return feed.entriesFrom(number, limit);
                    }

                    @Override
                    public Head snapshot(Consumer<FeedChange> into) {
                        snapshots.incrementAndGet();
                        return feed.snapshot(into);
                    }
                },
                replica,
                clock);
        follower.start();
        assertThat(verdict()).isEqualTo(Code.VALID);
        assertThat(snapshots).hasValue(1);
    }

    @AfterEach
    void close() {
        follower.close();
        testing.close();
    }

    private Code verdict() {
        return verifier.verify(Question.of(token)).code();
    }

    /** A key in the store, without a feed entry: the snapshot finds it. Returns its token. */
    private String key(String name) {
        var minted = TokenFormat.mint("kr", "srv", new SecureRandom());
        try {
            testing.byHand(
                    "INSERT INTO projects (id, organization_id, name, name_folded, version, created_at, updated_at)"
                            + " VALUES ('p', 'org', 'p', 'p', 1, 0, 0) ON CONFLICT DO NOTHING",
                    "INSERT INTO keys (id, organization_id, project_id, type, name, name_folded, masked, state, version,"
                            + " generation, metadata, source_kind, created_at, created_by_kind, created_by_id,"
                            + " created_by_name, updated_at) VALUES ('"
                            + minted.id().value() + "', 'org', 'p', 'server', '"
                            + name + "', '', '', 'active', 1, 1, '{}', 'member', 0, 'system', '', '', 0)",
                    "INSERT INTO key_tokens VALUES ('" + minted.id().value() + "', 1, '"
                            + minted.digest().text() + "', NULL, 0, NULL)");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return minted.token().reveal();
    }

    private void caughtUp(long number) {
        follower.catchUp(number, testing.tag(number));
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void changeIsInForceWhenCatchingUpReturnsAndWithoutAWakeUpAfterAPoll() throws Exception {
        long told = testing.change("a");
        caughtUp(told);
        assertThat(replica.number()).isGreaterThanOrEqualTo(told);
        long untold = testing.change("b");
        until(() -> replica.number() == untold);
        assertThat(snapshots)
                .as("entries were applied, nothing was loaded anew")
                .hasValue(1);
        assertThatThrownBy(() -> follower.catchUp(untold + 1, 0)).isInstanceOf(FeedUnavailable.class);
    }

    @Test
    void restoredDatabaseIsLoadedAnew() throws Exception {
        Backup backup = TestingDatabase.onPostgres() ? rows() : file();
        String later = key("later");
        caughtUp(testing.change("a"));
        caughtUp(testing.change("b"));
        long before = replica.number();

        backup.restore();
        until(() -> replica.number() < before);
        assertThat(snapshots).hasValue(2);
        assertThat(verdict()).isEqualTo(Code.VALID);
        assertThat(verifier.verify(Question.of(later)).code()).isEqualTo(Code.UNKNOWN);
    }

    private interface Backup {
        void restore();
    }

    private Backup file() {
        Path copy = path.resolve("backup.db");
        testing.byHand("VACUUM INTO '" + copy + "'");
        return () -> testing.byHand("restore from " + copy);
    }

    /** A server's database cannot be replaced while it is open; what its restored rows look like can be. */
    private Backup rows() {
        long number = replica.number();
        long tag = replica.tag();
        return () -> testing.byHand(
                "DELETE FROM key_tokens WHERE key_id IN (SELECT id FROM keys WHERE name = 'later')",
                "DELETE FROM keys WHERE name = 'later'",
                "DELETE FROM organizations WHERE id IN ('a', 'b')",
                "DELETE FROM feed_entries WHERE seq > " + number,
                "UPDATE feed_head SET seq = " + number + ", tag = " + tag);
    }

    @Test
    void otherHistoryOfTheSameLengthIsLoadedAnew() throws Exception {
        caughtUp(testing.change("a"));
        long number = replica.number();
        testing.byHand(
                "UPDATE feed_entries SET tag = tag + 1 WHERE seq = " + number,
                "UPDATE feed_head SET tag = tag + 1",
                "UPDATE keys SET state = 'revoked', version = 0");
        until(() -> snapshots.get() == 2);
        until(() -> verdict() == Code.REVOKED);
        assertThat(replica.number()).isEqualTo(number);
    }

    @Test
    void higherNumberOfAnotherHistoryDoesNotPassForTheChange() {
        // Nothing is read any more but for who catches up.
        follower.close();
        caughtUp(testing.change("a"));
        TestingStore.Backup backup = testing.backup();
        caughtUp(testing.change("b"));
        caughtUp(testing.change("c"));
        backup.restore();
        testing.byHand("UPDATE keys SET state = 'revoked'");
        long told = testing.change("d");
        assertThat(told).isLessThan(replica.number());
        caughtUp(told);
        assertThat(verdict())
                .as("the snapshot is that of the database as it is")
                .isEqualTo(Code.REVOKED);
        assertThat(replica.number()).isEqualTo(told);
    }

    @Test
    void sameNumberOfAnotherHistoryDoesNotPassForTheChange() {
        // Nothing is read any more but for who catches up.
        follower.close();
        TestingStore.Backup backup = testing.backup();
        caughtUp(testing.change("b"));
        backup.restore();
        testing.byHand("UPDATE keys SET state = 'revoked'");
        long told = testing.change("d");
        assertThat(told).isEqualTo(replica.number());
        caughtUp(told);
        assertThat(verdict()).isEqualTo(Code.REVOKED);
    }

    @Test
    void entriesThatAreNoLongerKeptAreMadeUpForByASnapshot() throws Exception {
        testing.byHand("DELETE FROM feed_entries");
        testing.byHand(
                "INSERT INTO feed_entries VALUES (50, 7, 'org', 'organization', 0, '{}', 0)",
                "UPDATE feed_head SET seq = 50, tag = 7");
        follower.catchUp(50, 7);
        assertThat(snapshots).hasValue(2);
        assertThat(replica.number()).isEqualTo(50);
        assertThat(verdict()).isEqualTo(Code.VALID);
    }

    @Test
    void nodeThatIsUpToDateNeedsNoSnapshotAfterAQuietDay() {
        caughtUp(testing.change("a"));
        testing.sleep(Duration.ofDays(2));
        assertThat(new FeedRetention(testing.store()).clear()).isPositive();
        caughtUp(testing.change("b"));
        assertThat(snapshots).hasValue(1);
    }

    @Test
    void entryOfAnUnknownKindStopsEveryYes() throws Exception {
        long number = replica.number() + 1;
        testing.byHand(
                "INSERT INTO feed_entries VALUES (" + number + ", 7, 'org', 'moon-phase', 1, '{}', 0)",
                "UPDATE feed_head SET tag = 7, seq = " + number);
        follower.catchUp(number, 7);
        assertThat(verdict()).isEqualTo(Code.STALE);
        assertThat(replica.halted())
                .hasValueSatisfying(reason -> assertThat(reason).contains("moon-phase"));
        assertThat(verifier.verify(Question.of("nonsense")).code()).isEqualTo(Code.MALFORMED);
    }
}
