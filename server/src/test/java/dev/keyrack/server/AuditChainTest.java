package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Promise: the operator can tell through the API whether the trail is as it was written, and members what to keep. */
class AuditChainTest {
    private static final String VERIFY = "/api/v1/audit/verify";
    private static final String ANCHORS = "/api/v1/audit/anchors";

    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Answer verify(TestingClient caller, String anchors) {
        return caller.send("POST", VERIFY, "application/x-ndjson", anchors.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> deniedCalls() throws Exception {
        List<String> events = new ArrayList<>();
        Path database = server.data.resolve("keyrack.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT organization_id, target_kind, address, after_state"
                        + " FROM audit_events WHERE action = 'access.denied'")) {
            while (row.next()) {
                events.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4));
            }
        }
        return events;
    }

    @Test
    void numbersOfATrailHaveNoGap() {
        server.make("web");
        List<String> numbers = server.owner.get("/api/v1/audit?limit=200").items("/number");
        assertThat(numbers.getLast()).isEqualTo("1");
        assertThat(numbers.getFirst()).isEqualTo(String.valueOf(numbers.size()));
    }

    @Test
    void operatorVerifiesAndGetsEveryAnchorAndAMemberOnlyTheirOwn() {
        Answer all = server.owner.get(ANCHORS);
        assertThat(all.items("/organizationId"))
                .containsExactlyInAnyOrder(server.organization, server.otherOrganization);
        Answer first = server.operator.get(ANCHORS + "?limit=1");
        Answer second = server.operator.get(ANCHORS + "?limit=1&cursor=" + first.at("/next"));
        assertThat(first.items("/organizationId")).isNotEqualTo(second.items("/organizationId"));
        assertThat(second.json().get("next").isNull()).isTrue();
        Answer own = server.other.get(ANCHORS);
        assertThat(own.items("/organizationId")).containsExactly(server.otherOrganization);

        StringBuilder lines = new StringBuilder();
        all.json().path("items").forEach(item -> lines.append(item).append('\n'));
        server.make("web");
        JsonNode report = verify(server.owner, lines.toString()).json();
        assertThat(report.path("whole").asBoolean()).isTrue();
        assertThat(report.path("anchors").asLong()).isEqualTo(2);
        assertThat(verify(server.operator, "").json().path("events").asLong()).isPositive();
        Answer bad = verify(server.owner, "x".repeat(3_000_000) + "\n" + lines);
        assertThat(bad.json().path("findings").size()).isEqualTo(1);
        assertThat(bad.at("/findings/0/fault")).isEqualTo("anchor");
        assertThat(verify(server.other, "").status()).isEqualTo(403);
    }

    @Test
    void deniedCallsAreCountedAtTheLatestAtTheCleanStopAndAnchoredWithIt() throws Exception {
        Made key = server.make("server");
        for (int i = 0; i < 20; i++) {
            assertThat(server.nobody.get("/api/v1/keys").status()).isEqualTo(401);
            assertThat(server.nobody
                            .as("x-api-key", key.token())
                            .get("/api/v1/keys")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(verify(server.other, "").status()).isEqualTo(403);
        assertThat(server.nobody.post("/api/v1/recover", "{'code':'guessed'}").status())
                .isEqualTo(401);
        server.owner.post(key.path() + "/disable");
        server.running.close();
        assertThat(deniedCalls())
                .hasSize(3)
                .anyMatch(e -> e.startsWith(server.organization + " key 127.0.0.1")
                        && e.contains("\"count\":20")
                        && e.contains("\"state\":\"disabled\""))
                .anyMatch(e -> e.startsWith(server.organization + " organization 127.0.0.1")
                        && e.contains("no credential\":20")
                        && e.contains("a one-time link that is not good\":1"))
                .anyMatch(
                        e -> e.startsWith(server.otherOrganization + " member 127.0.0.1") && e.contains("\"count\":1"));
        assertThat(Files.readAllLines(server.data.resolve("audit.anchors"))).hasSize(2);
    }
}
