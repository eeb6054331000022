package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: verify answers every question with the verdict, and takes no body for a question that is not one. */
@TestInstance(Lifecycle.PER_CLASS)
class VerifyApiTest {
    private TestingGate gate;
    private TestingKeys keys;

    @BeforeAll
    void start() {
        gate = TestingGate.start();
        keys = gate.keys;
    }

    @AfterAll
    void stop() {
        gate.close();
    }

    private static String about(TestingKeys.Key key, int generation) {
        return "\"keyId\":\"" + key.id() + "\",\"type\":\"" + key.state().type().text() + "\",\"organizationId\":\""
                + key.state().organizationId() + "\",\"projectId\":\""
                + key.state().projectId() + "\",\"generation\":" + generation;
    }

    @Test
    void validTokenIsAnsweredWithItsKey() {
        HttpResponse<String> answer = gate.verify(keys.active.token());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"valid\":true,\"code\":\"VALID\"," + about(keys.active, 2) + "}");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void permissionsAndExpiryOfAKeyAreTold() {
        assertThat(gate.verify(keys.limited.token()).body())
                .isEqualTo("{\"valid\":true,\"code\":\"VALID\"," + about(keys.limited, 1)
                        + ",\"permissions\":[\"chat.start\",\"chat.read\"],\"expiresAt\":\"2027-01-16T08:00:00Z\"}");
    }

    @Test
    void endOfATokenInItsOverlapIsTold() {
        String ends = ",\"tokenEndsAt\":\"2027-01-15T09:00:00Z\"}";
        assertThat(gate.verify(keys.overlapping).body())
                .startsWith("{\"valid\":true,\"code\":\"VALID\"," + about(keys.rotated, 1))
                .endsWith(ends);
        assertThat(gate.verify(keys.overlappingExpiring).body())
                .endsWith(",\"expiresAt\":\"2027-01-16T08:00:00Z\"" + ends);
        assertThat(gate.verify(keys.overlappingDisabled).body())
                .isEqualTo("{\"valid\":false,\"code\":\"DISABLED\"," + about(keys.rotatedAndDisabled, 1) + ends);
        assertThat(gate.verify(keys.rotated.token()).body()).doesNotContain("tokenEndsAt");
    }

    @Test
    void refusalWithAKnownKeyNamesTheKey() {
        Map<String, TestingKeys.Key> refused = Map.of(
                "REVOKED", keys.revoked,
                "DISABLED", keys.disabled,
                "SUSPENDED", keys.suspended);
        refused.forEach((code, key) -> {
            HttpResponse<String> answer = gate.verify(key.token());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"valid\":false,\"code\":\"" + code + "\"," + about(key, 1) + "}");
        });
        assertThat(gate.verify(keys.expired.token()).body())
                .startsWith("{\"valid\":false,\"code\":\"EXPIRED\"," + about(keys.expired, 1) + ",\"expiresAt\":\"");
        assertThat(gate.verify(keys.superseded).body())
                .isEqualTo("{\"valid\":false,\"code\":\"REVOKED\"," + about(keys.active, 1) + "}");
    }

    @Test
    void refusalWithoutAKnownKeyTellsNothing() {
        String unknown = "{\"valid\":false,\"code\":\"UNKNOWN\"}";
        String token = keys.active.token();
        assertThat(gate.verify(keys.unknown).body()).isEqualTo(unknown);
        assertThat(gate.verify(keys.personal).body()).isEqualTo(unknown);
        for (String malformed :
                new String[] {"", "x", token + "0", token.substring(1), token.replace("srv", "web"), "é"}) {
            HttpResponse<String> answer = gate.verify(malformed);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"valid\":false,\"code\":\"MALFORMED\"}");
        }
    }

    @Test
    void permissionIsTestedOnlyWhenItIsAskedFor() {
        String body = "{\"token\":\"" + keys.limited.token() + "\",\"permission\":\"%s\"}";
        assertThat(gate.verifyBody(body.formatted("chat.start")).body()).contains("\"VALID\"");
        assertThat(gate.verifyBody(body.formatted("chat.delete")).body()).contains("\"PERMISSION_DENIED\"");
    }

    @Test
    void wordsOfTheAskerAboutTheCallerAreTaken() {
        String token = "{\"token\":\"" + keys.active.token() + "\",";
        for (String rest : new String[] {
            "\"origin\":\"https://example.com\",\"ip\":\"192.0.2.1\",\"app\":\"com.example\",\"cost\":3}",
            "\"app\":{\"platform\":\"android\",\"id\":\"com.example\",\"certificateSha256\":\"AB\"}}",
            "\"app\":{\"id\":\"com.example\"},\"cost\":0}",
            "\"origin\":\"null\",\"cost\":1000000000}",
            "\"origin\":\"https://b\\u00fccher.example\"}  \n"
        }) {
            assertThat(gate.verifyBody(token + rest).body()).contains("\"VALID\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|/token",
                "{\"token\":1}|/token",
                "{\"token\":null}|/token",
                "{\"token\":[\"a\"]}|/token",
                "{\"token\":\"a\",\"token\":\"a\"}|/token",
                "{\"token\":\"a\",\"tokens\":\"a\"}|/tokens",
                "{\"token\":\"a\",\"permission\":\"*.*\"}|/permission",
                "{\"token\":\"a\",\"permission\":\"chat\"}|/permission",
                "{\"token\":\"a\",\"permission\":1}|/permission",
                "{\"token\":\"a\",\"permission\":null}|/permission",
                "{\"token\":\"a\",\"origin\":{}}|/origin",
                "{\"token\":\"a\",\"ip\":4}|/ip",
                "{\"token\":\"a\",\"app\":[]}|/app",
                "{\"token\":\"a\",\"app\":{}}|/app/id",
                "{\"token\":\"a\",\"app\":{\"id\":1}}|/app/id",
                "{\"token\":\"a\",\"app\":{\"id\":\"a\",\"id\":\"a\"}}|/app/id",
                "{\"token\":\"a\",\"app\":{\"name\":\"a\"}}|/app/name",
                "{\"token\":\"a\",\"cost\":-1}|/cost",
                "{\"token\":\"a\",\"cost\":1.5}|/cost",
                "{\"token\":\"a\",\"cost\":1e3}|/cost",
                "{\"token\":\"a\",\"cost\":\"1\"}|/cost",
                "{\"token\":\"a\",\"cost\":1000000001}|/cost",
                "{\"token\":\"a\",\"cost\":99999999999999999999}|/cost",
            })
    void fieldThatIsNotRightIsNamed(String body, String pointer) {
        HttpResponse<String> answer = gate.verifyBody(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains("\"status\":400", "\"code\":\"invalid_request\"", "\"pointer\":\"" + pointer + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "\"a\"",
                "{",
                "{\"token\":\"a\"",
                "{\"token\":\"a\"}{}",
                "{\"token\":\"a\"}x",
                "{\"token\":\"a\",}",
                "{'token':'a'}",
                "{token:\"a\"}",
                "{\"token\":\"a\u0001\"}",
                "{\"token\":\"\\x\"}",
                "/**/{\"token\":\"a\"}",
                "{\"token\":\"a\",\"app\":[[[[[[[[[[]]]]]]]]]]}",
                "{\"token\":\"a\",\"app\":{\"id\":{\"id\":{\"id\":{}}}}}",
                "{\"token\":\"a\",\"cost\":111111111111111111111111111111}",
                "{\"token\":NaN}",
                "\uFEFF{\"token\":\"a\"}",
                "kr_srv_notjson"
            })
    void bodyThatIsNotAQuestionIsRefused(String body) {
        HttpResponse<String> answer = gate.verifyBody(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"invalid_request\"").doesNotContain("kr_srv");
    }

    @Test
    void bodyThatIsNotUtf8IsRefused() {
        for (int[] bad :
                new int[][] {{0xff}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {0xe2, 0x82}, {0xf4, 0x90, 0x80, 0x80}}) {
            byte[] head = "{\"token\":\"".getBytes(StandardCharsets.US_ASCII);
            byte[] body = new byte[head.length + bad.length + 2];
            System.arraycopy(head, 0, body, 0, head.length);
            for (int i = 0; i < bad.length; i++) {
                body[head.length + i] = (byte) bad[i];
            }
            body[body.length - 2] = '"';
            body[body.length - 1] = '}';
            HttpResponse<String> answer = gate.send(gate.to("/v1/verify")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("not UTF-8");
        }
        HttpResponse<String> utf16 = gate.send(gate.to("/v1/verify")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"a\"}", StandardCharsets.UTF_16)));
        assertThat(utf16.statusCode()).isEqualTo(400);
    }

    @Test
    void fieldsThatAreTooLongAreRefused() {
        for (String field : new String[] {"origin", "ip", "app", "permission"}) {
            HttpResponse<String> answer =
                    gate.verifyBody("{\"token\":\"a\",\"" + field + "\":\"" + "a".repeat(3000) + "\"}");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"pointer\":\"/" + field + "\"");
        }
        assertThat(gate.verify("a".repeat(3000)).body()).contains("MALFORMED\"}");
    }

    @Test
    void bodyBeyondTheLimitIsRefusedWhetherItsLengthIsToldOrNot() {
        byte[] most = new byte[16 * 1024];
        java.util.Arrays.fill(most, (byte) ' ');
        assertThat(post(most).statusCode()).isEqualTo(400);
        byte[] tooMany = new byte[16 * 1024 + 1];
        HttpResponse<String> told = post(tooMany);
        assertThat(told.statusCode()).isEqualTo(413);
        assertThat(told.body()).contains("\"code\":\"payload_too_large\"");
        assertThat(post(new byte[10_000_000]).statusCode()).isEqualTo(413);
        HttpResponse<String> chunked = gate.send(gate.to("/v1/verify")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(tooMany))));
        assertThat(chunked.statusCode()).isEqualTo(413);
    }

    @Test
    void clientThatAsksFirstIsToldBeforeItSendsTooLargeABody() throws java.io.IOException {
        String head = "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        String expect = "Expect: 100-continue\r\nContent-Length: 20000\r\n\r\n";
        try (java.net.Socket socket = gate.connect()) {
            socket.getOutputStream().write((head + expect).getBytes(StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
        }
    }

    private HttpResponse<String> post(byte[] body) {
        return gate.send(gate.to("/v1/verify")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    @Test
    void wrongTypeMethodAndPathAreToldApart() {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"token\":\"a\"}");
        assertThat(gate.send(gate.to("/v1/verify").POST(body)).statusCode()).isEqualTo(415);
        for (String type : new String[] {"text/plain", "application/jsonx", "application/json+x", "application"}) {
            HttpRequest.Builder request =
                    gate.to("/v1/verify").header("Content-Type", type).POST(body);
            assertThat(gate.send(request).statusCode()).isEqualTo(415);
        }
        assertThat(gate.send(gate.to("/v1/verify")
                                .header("Content-Type", "Application/JSON; charset=utf-8")
                                .POST(body))
                        .statusCode())
                .isEqualTo(200);
        for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"}) {
            HttpResponse<String> answer =
                    gate.send(gate.to("/v1/verify").method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).contains("POST");
        }
        for (String path :
                new String[] {"/", "/v1/verify/", "/V1/verify", "/v1/%76erify", "//v1/verify", "/v1/x/../verify"}) {
            HttpResponse<String> answer = gate.send(gate.to(path).POST(body));
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("\"code\":\"not_found\"");
        }
    }

    @Test
    void nothingIsValidBeforeTheKeysAreLoadedOrAfterAnUnknownEntry() {
        try (TestingGate empty = TestingGate.startEmpty()) {
            HttpResponse<String> answer = empty.verify(empty.keys.active.token());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"valid\":false,\"code\":\"STALE\"}");
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            empty.keys.load();
            assertThat(empty.verify(empty.keys.active.token()).statusCode()).isEqualTo(200);
            empty.keys.halt();
            HttpResponse<String> halted = empty.verify(empty.keys.active.token());
            assertThat(halted.statusCode()).isEqualTo(503);
            assertThat(halted.body())
                    .isEqualTo("{\"valid\":false,\"code\":\"STALE\"," + about(empty.keys.active, 2) + "}");
            assertThat(empty.verify(empty.keys.revoked.token()).body()).contains("\"REVOKED\"");
        }
    }

    @Test
    void revokedKeyIsRefusedFromTheNextRequestOn() {
        try (TestingGate own = TestingGate.start()) {
            assertThat(own.verify(own.keys.others.token()).body()).contains("\"VALID\"");
            own.keys.revoke(own.keys.others);
            assertThat(own.verify(own.keys.others.token()).body()).contains("\"REVOKED\"");
        }
    }
}
