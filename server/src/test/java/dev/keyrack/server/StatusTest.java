package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Promise: an operator sees how the control plane fares, and finds each request by its id. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class StatusTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void runningServerIsAliveAndReadyOnBothPorts() {
        for (TestingClient port : List.of(server.nobody, server.gate)) {
            for (String path : List.of("/health/live", "/health/ready")) {
                Answer answer = port.get(path);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("{\"status\":\"up\"}");
            }
        }
    }

    @Test
    void metricsTellRequestsByRouteAndVerdictsByCode() {
        Made made = server.make("web");
        server.code(made.token());
        server.owner.get("/api/v1/keys/no-such-key");
        server.owner.get("/no/such/place");
        server.owner.send("PURGE", "/api/v1/keys", java.net.http.HttpRequest.BodyPublishers.noBody());
        eventually(() -> server.nobody.get("/metrics").text().contains("PURGE")
                || server.nobody.get("/metrics").text().contains("method=\"other\""));
        Answer answer = server.nobody.get("/metrics");
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        assertThat(answer.text())
                .containsPattern(
                        "keyrack_http_requests_seconds_count\\{method=\"POST\",route=\"/api/v1/keys\",status=\"201\"} [1-9]")
                .containsPattern("route=\"/api/v1/keys/\\{id}\",status=\"404\"")
                .containsPattern("method=\"other\"")
                .containsPattern("(?m)^keyrack_[a-z_]*verdict.*VALID.* [1-9]")
                .doesNotContain("PURGE", "no-such-key", "/no/such", made.id(), "example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded",
                "forwarded",
                "Via",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "x-forwarded-proto",
                "X-Forwarded-Port"
            })
    void metricsAreNotThereForWhatAProxyPassedOn(String header) {
        Answer answer = server.nobody.get("/metrics", header, "for=192.0.2.7");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("not_found");
        assertThat(server.owner.get("/metrics", header, "for=192.0.2.7").status())
                .isEqualTo(404);
    }

    @Test
    void requestIsFoundInTheLogByItsId() {
        Answer made = server.owner.post("/api/v1/projects", "{'name':'Logged'}", "X-Request-Id", "find-me.1");
        assertThat(made.requestId()).isEqualTo("find-me.1");
        Answer refused = server.owner.get("/api/v1/keys/nothing?x=secret-in-a-query");
        eventually(() -> !server.log.of("find-me.1").isEmpty()
                && !server.log.of(refused.requestId()).isEmpty());
        List<JsonNode> lines = server.log.of("find-me.1");
        assertThat(lines).hasSize(1);
        String pairs = lines.getFirst().at("/kvpList").toString();
        assertThat(pairs)
                .contains("{\"method\":\"POST\"}", "{\"route\":\"/api/v1/projects\"}", "{\"address\":\"127.0.0.1\"}")
                .containsPattern("\\{\"status\":\"?201\"?}");
        assertThat(lines.getFirst().at("/level").asString()).isEqualTo("INFO");
        assertThat(server.log.of(refused.requestId()).getFirst().toString())
                .contains("400")
                .doesNotContain("secret-in-a-query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ä", "a/b", "a\"b"})
    void requestIdThatCouldMisleadIsReplaced(String id) {
        Answer answer = server.owner.get("/api/v1/me", "X-Request-Id", id);
        assertThat(answer.requestId()).startsWith("req_");
        assertThat(server.owner
                        .get("/api/v1/me", "X-Request-Id", "a".repeat(65))
                        .requestId())
                .startsWith("req_");
        assertThat(server.owner
                        .get("/api/v1/me", "X-Request-Id", "a".repeat(64))
                        .requestId())
                .hasSize(64);
    }

    @Test
    void everyAnswerHasAnIdOfItsOwn() {
        assertThat(server.owner.get("/api/v1/me").requestId())
                .isNotEqualTo(server.owner.get("/api/v1/me").requestId());
    }

    @Test
    void contractIsServedAsItStandsAndRendered() throws java.io.IOException {
        Answer root = server.nobody.get("/");
        assertThat(root.status()).isEqualTo(303);
        assertThat(root.header("Location")).isEqualTo("/settings/api-keys");
        Answer page = server.nobody.get("/api", "Accept", "text/html");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'");
        assertThat(page.text()).doesNotContain("http://", "https://");
        var references =
                java.util.regex.Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.text());
        int found = 0;
        while (references.find()) {
            assertThat(server.nobody.get(references.group(1)).status())
                    .as(references.group(1))
                    .isEqualTo(200);
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(4);
        Answer contract = server.nobody.get("/api/openapi.yaml");
        assertThat(contract.header("Content-Type")).startsWith("application/yaml");
        assertThat(contract.text()).isEqualTo(java.nio.file.Files.readString(Contract.FILE));
        assertThat(server.nobody.get("/api/page.js").header("Content-Type")).startsWith("text/javascript");
    }

    @Test
    void answersAreNeitherKeptNorSniffedNorFramed() {
        for (Answer answer : List.of(
                server.owner.get("/api/v1/me"),
                server.nobody.get("/api/v1/me"),
                server.owner.get("/api/v1/nothing"),
                server.owner.post("/api/v1/keys", "{"),
                server.owner.get("/api/v1/keys?limit=0"))) {
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        }
        for (String path : List.of("/", "/api", "/api/page.js", "/nothing", "/metrics", "/health/live", "/api/v1/me")) {
            Answer answer = server.nobody.get(path);
            assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Server")).isEmpty();
        }
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        Instant tooLate = Instant.now().plus(Duration.ofSeconds(10));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(tooLate);
            Thread.onSpinWait();
        }
    }
}
