package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedSql;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.gate.Registrar;
import dev.keyrack.gate.RegistrarSql;
import dev.keyrack.server.engines.TestingPostgres;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Store;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a node that is frozen in mid-transaction holds up nobody: PostgreSQL takes its locks away. */
class FrozenNodeTest {
    private static final TestingPostgres SERVER = TestingPostgres.shared();
    private static final Registrar.Node GATE = new Registrar.Node("g", Registrar.Kind.GATE, null, "test");

    /** Far more than a frozen node may keep a lock. */
    private static final String PATIENT = "SET lock_timeout = '60s'";

    @TempDir
    Path folder;

    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thawed = new CountDownLatch(1);
    private String name;
    private DataSource connections;
    private DataFolder data;
    private Store store;

    @BeforeEach
    void open() {
        name = SERVER.freshDatabase();
        DatabaseUrl url = DatabaseUrl.parse(SERVER.url(name));
        connections = url.connections("gate", Duration.ofSeconds(60));
        data = DataFolder.take(folder).orElseThrow();
        store = Database.open(url, data, new Database.KeysetPlace(null, null), new SecureRandom())
                .store();
        new Nodes(store, System::nanoTime).firstLease(Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        thawed.countDown();
        store.close();
        data.close();
        SERVER.drop(name);
    }

    private long freeze() {
        frozen.countDown();
        try {
            thawed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private RegistrarSql registrar(LongSupplier micros, RandomGenerator random) {
        return RegistrarSql.postgresql(connections, micros, random);
    }

    @Test
    void nodeThatIsFrozenInItsReportDoesNotHoldUpWhoeverEndsIt() throws Exception {
        registrar(() -> 1, new SecureRandom()).register("r", GATE, null);
        FeedSource.Head head = FeedSql.postgresql(connections).head();
        int[] asked = {0};
        // The time is asked for twice: before the row is written, and when it is written and locked.
        RegistrarSql freezing = registrar(() -> ++asked[0] == 2 ? freeze() : 1, new SecureRandom());
        CompletableFuture<Registrar.Answer> report =
                CompletableFuture.supplyAsync(() -> freezing.report("r", head.number(), head.tag()));
        frozen.await();

        SERVER.asSuperuser(name, PATIENT, "UPDATE nodes SET ended_at = 1, end_reason = 'lapsed'");

        thawed.countDown();
        assertThatThrownBy(report::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(FeedUnavailable.class);
    }

    @Test
    void nodeThatCannotGetANumberNowDoesNotWaitForEver() throws Exception {
        try (var connection = connections.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE feed_head SET seq = seq");
            assertThatThrownBy(() -> registrar(() -> 1, new SecureRandom()).register("late", GATE, null))
                    .as("it does not wait for ever itself")
                    .isInstanceOf(FeedUnavailable.class);
            connection.rollback();
        }
        assertThat(registrar(() -> 1, new SecureRandom()).register("r", GATE, null))
                .isPositive();
    }
}
