package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise: whoever calls while somebody else, such as a backup, has the database for longer than a call waits is told to
 * repeat the call, which is safe; and a call that comes afterwards finds nothing left of it.
 */
@Tag("engines")
class BusyStoreTest {
    @Test
    void callOfAMemberOrAVisitorIsToldToComeAgainAndIsThenServed() throws Exception {
        try (TestingServer server = TestingServer.startAnswering(new TestingAnswerer());
                Connection other = server.database.connect();
                Statement lock = other.createStatement()) {
            String token = server.make("web").token();
            List<Callable<Answer>> calls = List.of(
                    () -> server.owner.post("/api/v1/projects", "{'name':'New'}"),
                    () -> new TestingVisitor(server, token, TestingVisitor.PAGE).open(""));
            lock.execute(
                    TestingDatabase.onPostgres()
                            ? "BEGIN; LOCK TABLE projects, visitors, visitor_counts IN EXCLUSIVE MODE"
                            : "BEGIN IMMEDIATE");
            try (var threads = Executors.newFixedThreadPool(calls.size())) {
                for (Future<Answer> call : threads.invokeAll(calls)) {
                    Answer refused = call.get();
                    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
                    assertThat(refused.code()).isEqualTo("storage_unavailable");
                    assertThat(refused.header("Retry-After")).isEqualTo("1");
                    assertThat(refused.at("/detail")).contains("Nothing was changed");
                }
            }
            lock.execute("ROLLBACK");
            for (Callable<Answer> call : calls) {
                Answer served = call.call();
                assertThat(served.status()).as(served.text()).isEqualTo(201);
            }
            assertThat(server.owner.get("/api/v1/projects").items("/name"))
                    .as("nothing was done twice")
                    .containsOnlyOnce("New");
        }
    }
}
