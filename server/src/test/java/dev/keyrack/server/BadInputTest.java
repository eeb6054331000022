package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: bad input of every kind is refused with a problem that says where, and changes nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class BadInputTest {
    private TestingServer server;
    private Made key;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        key = server.make("web", ",'metadata':{'a':'1'}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String filled(String text) {
        return text.replace("{key}", key.id())
                .replace("{project}", server.project)
                .replace("{organization}", server.organization)
                .replace("{id}", key.id());
    }

    private TestingClient caller(String path) {
        return path.equals("/api/v1/setup") ? server.operator : server.owner;
    }

    static List<BadBodies.Case> bodies() {
        return BadBodies.all();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void badBodyIsRefusedWithItsPointersAndChangesNothing(BadBodies.Case bad) {
        byte[] body =
                filled(new String(bad.body(), StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        String type = bad.target().method().equals("PATCH") ? "application/merge-patch+json" : "application/json";
        Map<String, List<List<Object>>> before = server.things();
        Answer answer = caller(bad.target().path())
                .send(bad.target().method(), filled(bad.target().path()), type, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(bad.pointers().isEmpty() ? "invalid_json" : "invalid_request");
        assertThat(answer.pointers()).isEqualTo(bad.pointers());
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void answerToABodyOfNothingButErrorsStaysSmall() {
        String fields = java.util.stream.IntStream.range(0, 50_000)
                .mapToObj(i -> "'f" + i + "':1")
                .collect(Collectors.joining(","));
        Answer answer = server.owner.post("/api/v1/projects", "{" + fields + "}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers()).hasSize(100);
        assertThat(answer.at("/detail")).contains("50001");
    }

    @ParameterizedTest
    @ValueSource(ints = {(1 << 20) + 1, 10_000_000})
    void bodyThatIsTooLargeIsRefusedHoweverItIsSent(int size) {
        byte[] body = ("{\"name\":\"" + "n".repeat(size) + "\"}").getBytes(StandardCharsets.UTF_8);
        Map<String, List<List<Object>>> before = server.things();
        for (BadBodies.Target target : BadBodies.TARGETS) {
            TestingClient caller = caller(target.path());
            String type = target.method().equals("PATCH") ? "application/merge-patch+json" : "application/json";
            Answer sized = caller.send(target.method(), filled(target.path()), type, body);
            assertThat(sized.status()).isEqualTo(413);
            assertThat(sized.code()).isEqualTo("payload_too_large");
            Answer chunked = caller.sendChunked(target.method(), filled(target.path()), body);
            assertThat(chunked.status()).isEqualTo(413);
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void bodyOfTheLargestSizeIsRead() {
        byte[] body = ("{\"name\":\"Large\"" + " ".repeat((1 << 20) - 16) + "}").getBytes(StandardCharsets.UTF_8);
        assertThat(body).hasSize(1 << 20);
        assertThat(server.owner
                        .send("POST", "/api/v1/projects", "application/json", body)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void bodyOfAnotherTypeIsRefused() {
        Map<String, List<List<Object>>> before = server.things();
        for (BadBodies.Target target : BadBodies.TARGETS) {
            for (String type : List.of(
                    "text/plain",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "json",
                    "application/json-patch+json",
                    "application/*",
                    "multipart/form-data; boundary=x")) {
                Answer answer = caller(target.path())
                        .send(target.method(), filled(target.path()), type, "{\"name\":\"n\"}".getBytes());
                assertThat(answer.status()).as(target + " " + type).isEqualTo(415);
                assertThat(answer.code()).isEqualTo("unsupported_media_type");
            }
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void textThatLooksLikeSqlOrMarkupIsKeptAsText() {
        for (String text : List.of(
                "x\\u0027; DROP TABLE keys; --",
                "\\u0022 OR \\u00221\\u0022=\\u00221",
                "%_\\\\",
                "<script>alert(1)</script>",
                "${jndi:ldap://x}",
                ":name ?1 $1",
                "{{7*7}}",
                "null",
                "\\ud83d\\ude00 e\\u0301 \\u200d")) {
            Answer made = server.owner.post(
                    "/api/v1/keys",
                    "{'name':'" + text + "','type':'web','projectId':'" + server.project + "','metadata':{'" + text
                            + "':'" + text + "'}}");
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            String meant = tools.jackson.databind.json.JsonMapper.shared().readValue("\"" + text + "\"", String.class);
            Answer read = server.owner.get(made.header("Location"));
            assertThat(read.at("/key/name")).isEqualTo(meant);
            assertThat(read.json().at("/key/metadata").get(meant).stringValue()).isEqualTo(meant);
            assertThat(server.owner
                            .get("/api/v1/keys?search=" + TestingClient.encoded(meant))
                            .items("/name"))
                    .contains(meant);
        }
        assertThat(server.rows()).containsKey("keys");
    }
}
