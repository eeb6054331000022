package dev.keyrack.server.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every gateway sample promises when the gate is away, or says what none of its answers to a good token is; and what
 * it tells the gate.
 */
abstract class GateTroubleContract {
    private final Sample sample;
    private FakeGate gate;
    private TestingBackEnd backEnd;
    private Gateway gateway;
    private Visitor visitor;

    GateTroubleContract(Sample sample) {
        this.sample = sample;
    }

    @BeforeEach
    void start() {
        gate = new FakeGate();
        backEnd = new TestingBackEnd();
        gateway = Gateway.start(sample, gate.port(), backEnd.port());
        visitor = new Visitor(gateway);
    }

    @AfterEach
    void stop() {
        visitor.close();
        gateway.close();
        backEnd.close();
        gate.close();
    }

    static Stream<Arguments> verdicts() {
        return Stream.of(
                Arguments.of("401 Unauthorized", "REVOKED", 401),
                Arguments.of("403 Forbidden", "WEBSITE_NOT_ALLOWED", 403),
                Arguments.of("429 Too Many Requests", "RATE_LIMITED", 429),
                Arguments.of("429 Too Many Requests", "QUOTA_EXCEEDED", 429),
                Arguments.of("503 Service Unavailable", "STALE", 503));
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void aVerdictReachesTheClientWithItsStatusCodeAndTimeToWait(String line, String code, int status) {
        gate.says(FakeGate.answer(line, "Keyrack-Code: " + code, "Retry-After: 7", "WWW-Authenticate: Bearer"));

        HttpResponse<String> answer = visitor.get("/api/", "x-api-key", "some");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().allValues("Keyrack-Code")).containsExactly(code);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        if (status == 429 || status == 503) {
            assertThat(answer.headers().allValues("Retry-After")).containsExactly("7");
        }
        assertThat(backEnd.received()).isEmpty();
    }

    /** A gate never says these. Whoever does is no gate, or the gateway's own key is not good; either is not the client's. */
    static Stream<String> nonsense() {
        return Stream.of(
                FakeGate.answer("200 OK"),
                FakeGate.answer("204 No Content"),
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                FakeGate.answer("302 Found", "Location: /login"),
                FakeGate.answer("400 Bad Request"),
                FakeGate.answer("401 Unauthorized", "WWW-Authenticate: Keyrack-Verifier realm=\"keyrack\""),
                FakeGate.answer("403 Forbidden"),
                FakeGate.answer("404 Not Found"),
                FakeGate.answer("429 Too Many Requests"),
                FakeGate.answer("500 Internal Server Error"),
                FakeGate.answer("502 Bad Gateway"),
                FakeGate.answer("503 Service Unavailable"),
                FakeGate.answer("999 What"),
                "HTTP/1.1 nonsense\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\0\1\2\3");
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void whatIsNoVerdictIs503(String bytes) {
        gate.says(bytes);

        assertUnavailable(visitor.get("/api/", "x-api-key", "some"));
        assertThat(gate.heads()).isNotEmpty();
    }

    @Test
    void aGateThatDoesNotAnswerIs503() {
        gate.says("");

        assertUnavailable(visitor.get("/api/", "x-api-key", "some"));
    }

    @Test
    void aGateThatIsAwayIs503() {
        assertThat(visitor.get("/api/", "x-api-key", "some").statusCode()).isEqualTo(200);
        backEnd.forget();

        gate.stop();

        assertUnavailable(visitor.get("/api/", "x-api-key", "some"));
        assertUnavailable(visitor.get("/other", "x-api-key", "some"));
    }

    @Test
    void aBackEndThatIsAwayIs502WhileTheGateStillJudges() {
        backEnd.stop();

        assertThat(visitor.get("/api/", "x-api-key", "some").statusCode()).isEqualTo(502);
        assertThat(visitor.send(
                                "OPTIONS",
                                "/api/",
                                BodyPublishers.noBody(),
                                "Origin",
                                "https://example.com",
                                "Access-Control-Request-Method",
                                "PUT")
                        .statusCode())
                .isEqualTo(502);
        gate.says(FakeGate.answer("401 Unauthorized", "Keyrack-Code: REVOKED"));
        assertThat(visitor.get("/api/", "x-api-key", "some").statusCode()).isEqualTo(401);
    }

    @Test
    void headersThatAreTooLongForTheGateAreTheClientsFault() {
        gate.says(FakeGate.answer("431 Request Header Fields Too Large"));

        assertThat(visitor.get("/api/", "x-api-key", "some").statusCode()).isEqualTo(431);
        assertThat(backEnd.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-api-key: a\u0001b", "Authorization: Bearer a\u0001b", "Origin: a\u007fb"})
    void aControlCharacterIsNeverPassedOnToTheGate(String header) {
        assertThat(visitor.rawStatus("/api/", header)).isLessThan(500);

        assertThat(gate.heads()).allSatisfy(head -> assertThat(head).doesNotContainPattern("[\u0001\u007f]"));
    }

    @Test
    void theGateHearsTheTokenTheOriginAndTheQuestionAndNothingThatItMightMistakeForTheGateways() {
        visitor.send(
                "POST",
                "/api/chats?permission=keys.verify&app=x",
                BodyPublishers.ofString("the body"),
                "x-api-key",
                "some token",
                "Origin",
                "https://shop.example.com",
                "X-Request-Id",
                "visit-1",
                "X-Forwarded-For",
                "192.0.2.1",
                "Cookie",
                "session=private",
                "Keyrack-Verifier",
                "forged",
                "Keyrack-Anything",
                "forged",
                "Keyrack-Key-Id",
                "forged",
                "Keyrack_Verifier",
                "forged",
                "Content-Type",
                "text/plain");

        assertThat(gate.heads()).hasSize(1);
        String head = gate.heads().getFirst();
        List<String> lines = head.toLowerCase(Locale.ROOT).lines().toList();
        assertThat(head).startsWith("GET /v1/authorize?permission=chat.start HTTP/1.1\r\n");
        assertThat(lines)
                .contains("x-api-key: some token", "origin: https://shop.example.com", "x-request-id: visit-1")
                .contains("x-forwarded-for: 127.0.0.1")
                .noneMatch(line -> line.startsWith("content-length") || line.startsWith("transfer-encoding"));
        assertThat(head).doesNotContain("forged", "private", "keys.verify", "app=x", "the body", "192.0.2.1");
        visitor.get("/other?permission=keys.verify", "x-api-key", "some");
        assertThat(gate.heads().getLast()).doesNotContain("keys.verify");
    }

    /** The gate would be asked to wait for a body that never comes. */
    @Test
    void anExpectationOfTheClientIsNotSentToTheGate() {
        visitor.rawStatus("/api/", "x-api-key: some", "Expect: 100-continue");

        assertThat(gate.heads()).hasSize(1).allSatisfy(head -> assertThat(head).doesNotContainIgnoringCase("expect"));
    }

    /** What stands after the first head would be taken for the next one. */
    @Test
    void aBodyIsNotSentToTheGate() {
        byte[] body = "GET /x HTTP/1.1\r\n\r\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);

        for (var publisher : List.of(
                BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            visitor.send("POST", "/api/", publisher, "x-api-key", "some");
            visitor.get("/api/", "x-api-key", "some");
        }

        assertThat(gate.heads()).hasSize(4).allMatch(head -> head.startsWith("GET /v1/authorize?"));
        assertThat(backEnd.received())
                .extracting(TestingBackEnd.Received::length)
                .containsExactly((long) body.length, 0L, (long) body.length, 0L);
    }

    @Test
    void aRequestHasOneNameEverywhere() {
        HttpResponse<String> named = visitor.get("/api/", "x-api-key", "some", "X-Request-Id", "visit-1");
        assertThat(named.statusCode()).isEqualTo(200);
        assertThat(backEnd.received().getLast().header("X-Request-Id")).containsExactly("visit-1");

        visitor.get("/api/", "x-api-key", "some", "X-Request-Id", "not a name");
        String given = backEnd.received().getLast().header("X-Request-Id").getFirst();
        assertThat(given).matches("[A-Za-z0-9-]{32,36}");
        assertThat(gate.heads().getLast().toLowerCase(Locale.ROOT)).contains("x-request-id: " + given + "\r\n");

        gate.says(FakeGate.answer("401 Unauthorized", "Keyrack-Code: REVOKED"));
        assertThat(visitor.get("/api/", "x-api-key", "some", "X-Request-Id", "visit-2")
                        .headers()
                        .allValues("X-Request-Id"))
                .containsExactly("visit-2");
    }

    @Test
    void connectionsToTheGateAreUsedAgain() {
        for (int i = 0; i < 40; i++) {
            assertThat(visitor.get("/api/", "x-api-key", "some").statusCode()).isEqualTo(200);
        }

        assertThat(gate.heads()).hasSize(40);
        assertThat(gate.connections()).isLessThan(20);
    }

    private void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.headers().firstValue("Keyrack-Code")).isEmpty();
        assertThat(answer.body())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503}");
        assertThat(backEnd.received()).isEmpty();
    }
}
