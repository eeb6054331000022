package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedSql;
import dev.keyrack.gate.ListenSql;
import dev.keyrack.gate.WakeUps;
import dev.keyrack.server.engines.TestingPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: whoever follows the feed is woken when PostgreSQL says so, and is told to look by itself where it cannot be. */
class WakeUpsTest {
    private static final TestingPostgres SERVER = TestingPostgres.shared();

    @TempDir
    Path folder;

    private final AtomicInteger woken = new AtomicInteger();
    private final List<Duration> periods = new CopyOnWriteArrayList<>();
    private String database;

    @BeforeEach
    void makeADatabase() {
        database = SERVER.freshDatabase();
    }

    @AfterEach
    void dropIt() {
        SERVER.drop(database);
    }

    private WakeUps listenTo(String url) {
        return new WakeUps(
                        new ListenSql(DatabaseUrl.parse(url).connections("wake-ups", Duration.ofSeconds(5))),
                        woken::incrementAndGet,
                        periods::add)
                .start();
    }

    private void say(String what) {
        SERVER.asSuperuser(database, "SELECT pg_notify('" + FeedSql.CHANNEL + "', '" + what + "')");
    }

    private void awaitWokenBySaying() throws Exception {
        int before = woken.get();
        say("7");
        until(() -> woken.get() > before);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void wakesAtOnceAndWheneverSomethingIsSaidAndLetsTheFollowerLookSeldom() throws Exception {
        try (WakeUps wakeUps = listenTo(SERVER.url(database))) {
            until(() -> woken.get() > 0);
            assertThat(periods).containsExactly(FeedFollower.POLL);
            awaitWokenBySaying();
            awaitWokenBySaying();
            assertThat(periods).hasSize(1);
        }
        assertThat(periods).as("it does not listen any more").endsWith(FeedFollower.POLL_UNWOKEN);
    }

    @Test
    void listensAgainWhenItsConnectionWasCut() throws Exception {
        try (WakeUps wakeUps = listenTo(SERVER.url(database))) {
            until(() -> periods.size() == 1);
            SERVER.asSuperuser(
                    database,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wake-ups'"
                            + " AND datname = '" + database + "'");
            until(() -> periods.size() == 3);
            assertThat(periods).containsExactly(FeedFollower.POLL, FeedFollower.POLL_UNWOKEN, FeedFollower.POLL);
            awaitWokenBySaying();
        }
    }

    @Test
    void isDeafThroughAPoolerInTransactionModeAndKnowsIt() throws Exception {
        try (Pooler pooler = Pooler.before(SERVER.port(), database, "transaction", folder);
                WakeUps wakeUps = listenTo(pooler.url())) {
            until(() -> pooler.log().contains("login attempt"));
            until(() -> periods.size() == 1);
            assertThat(periods).containsExactly(FeedFollower.POLL_UNWOKEN);
            assertThat(woken).hasValue(0);
        }
    }

    @Test
    void hearsThroughAPoolerInSessionMode() throws Exception {
        try (Pooler pooler = Pooler.before(SERVER.port(), database, "session", folder);
                WakeUps wakeUps = listenTo(pooler.url())) {
            until(() -> !periods.isEmpty());
            assertThat(periods).containsExactly(FeedFollower.POLL);
            awaitWokenBySaying();
        }
    }
}
