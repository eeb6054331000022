package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a process looks by itself which keys expire soon, and what was told stays told over restarts. */
class ExpiryNoticesAfterRestartTest {
    private static final long DAY = Duration.ofDays(1).toNanos() / 1_000;

    @TempDir
    Path folder;

    private static List<String> told(Api api, String id) throws Exception {
        return api.all("/api/v1/keys/" + id + "/events").stream()
                .filter(event -> event.at("/action").asString().equals("key.expires-soon"))
                .map(event -> event.at("/actor/kind").asString() + event.at("/after/daysLeft"))
                .toList();
    }

    @Test
    void noticeThatCameDueWhileNothingRanIsToldOnceAfterTheStart() throws Exception {
        Program program = Program.in(folder);
        String id;
        String owner;
        try (KeyrackProcess process = program.serve()) {
            owner = SampleStore.setUp(process);
            Api api = process.control().as(owner);
            Api.Answer made = api.post(
                    "/api/v1/keys",
                    Map.of(
                            "name",
                            "Ends",
                            "type",
                            "server",
                            "projectId",
                            SampleStore.project(api),
                            "expiresAt",
                            Instant.now().plus(Duration.ofDays(31)).toString()));
            id = made.text("/key/id");
            assertThat(told(api, id)).isEmpty();
            process.stop();
        }
        for (int daysLater : new int[] {2, 0}) {
            move(program.data().resolve("keyrack.db"), daysLater * DAY);
            try (KeyrackProcess process = program.serve()) {
                Api api = process.control().as(owner);
                Wait.until("it is told", () -> !told(api, id).isEmpty());
                assertThat(told(api, id)).containsExactly("system30");
                process.stop();
            }
        }
    }

    /** As if so much time had passed. */
    private static void move(Path database, long micros) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE keys SET expires_at = expires_at - " + micros
                    + ", expiry_notice_at = expiry_notice_at - " + micros);
        }
    }
}
