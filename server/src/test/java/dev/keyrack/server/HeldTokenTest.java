package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.engines.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Promise: when a call that ends a token has returned, no change is made any more in that token's name, on PostgreSQL as on
 * the embedded store, whose one writer keeps both apart.
 */
class HeldTokenTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private TestingServer server;
    private TestingClient leaver;
    private String project;

    /** Somebody else who has the project's row, so that a change which needs it is held up after its caller was judged. */
    private Connection holdUp;

    @BeforeEach
    void start() throws SQLException {
        server = TestingServer.start(Map.of(), folder -> TestingDatabase.on(TestingPostgres.shared()));
        Answer made = server.owner.post(
                "/api/v1/organizations", "{'name':'Org','subdomain':'leaving','ownerEmail':'o@example.com'}");
        leaver = server.nobody.as("x-api-key", made.at("/token"));
        project = leaver.post("/api/v1/projects", "{'name':'Shop'}").at("/project/id");
        holdUp = server.database.connect();
        onHoldUp("BEGIN; SELECT 1 FROM projects WHERE id = '" + project + "' FOR UPDATE");
    }

    @AfterEach
    void stop() throws SQLException {
        holdUp.close();
        threads.close();
        server.close();
    }

    private void onHoldUp(String sql) throws SQLException {
        try (Statement statement = holdUp.createStatement()) {
            statement.execute(sql);
        }
    }

    private CompletableFuture<Answer> begin(Supplier<Answer> call) {
        return CompletableFuture.supplyAsync(call, threads);
    }

    private CompletableFuture<Answer> beginCreation() {
        CompletableFuture<Answer> creation = begin(
                () -> leaver.post("/api/v1/keys", "{'name':'Last','type':'server','projectId':'" + project + "'}"));
        until(() -> creation.isDone() || waiting() == 1);
        assertThat(creation).isNotDone();
        return creation;
    }

    /** How many transactions wait for somebody's lock. */
    private long waiting() {
        return TestingPostgres.shared()
                .number(
                        server.database.name(),
                        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'");
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void tokenEndsAfterTheChangeThatRestsOnIt() throws Exception {
        CompletableFuture<Answer> creation = beginCreation();
        CompletableFuture<Answer> end = begin(() -> leaver.delete("/api/v1/me/token"));
        until(() -> end.isDone() || waiting() == 2);
        assertThat(end).as("a change in the token's name is under way").isNotDone();
        onHoldUp("COMMIT");
        assertThat(creation.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
        assertThat(end.get(60, TimeUnit.SECONDS).status()).isEqualTo(204);
        assertThat(leaver.get("/api/v1/keys").status()).isEqualTo(401);
    }

    @Test
    void changesInTheNameOfOneTokenDoNotWaitForOneAnother() throws Exception {
        CompletableFuture<Answer> creation = beginCreation();
        assertThat(leaver.post("/api/v1/projects", "{'name':'Meanwhile'}").status())
                .isEqualTo(201);
        onHoldUp("COMMIT");
        assertThat(creation.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
    }
}
