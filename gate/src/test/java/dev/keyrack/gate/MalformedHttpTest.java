package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: what is not HTTP is refused as HTTP demands, and disturbs nobody but its own connection. */
@TestInstance(Lifecycle.PER_CLASS)
class MalformedHttpTest {
    private static final String GET = "GET /health/live HTTP/1.1\r\n";
    private static final String POST = "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    private TestingGate gate;

    @BeforeAll
    void start() {
        gate = TestingGate.start();
    }

    @AfterAll
    void stop() {
        gate.close();
    }

    private static List<String> malformed() {
        return List.of(
                GET + "Host: x\r\nX-A: a\u0000b\r\n\r\n",
                GET + "Host: x\r\nX-A: a\u0001b\r\n\r\n",
                GET + "Host: x\r\nX-A: a\u007fb\r\n\r\n",
                GET + "Host: x\r\nX\u0000A: ab\r\n\r\n",
                GET + "Host: x\r\nX-A : ab\r\n\r\n",
                GET + "Host: x\r\nX-A: ab\n\r\n",
                GET + "Host: x\r\nX-A: a\rb\r\n\r\n",
                "GET /health/live HTTP/1.1\nHost: x\n\n",
                "GET /health/live\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
                "G\u0000T / HTTP/1.1\r\nHost: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: gzip\r\n\r\nabc",
                POST + "Transfer-Encoding: chunked, gzip\r\n\r\nabc",
                POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                POST + "Content-Length: 2, 3\r\n\r\n{}",
                POST + "Content-Length: -1\r\n\r\n{}",
                POST + "Content-Length: +2\r\n\r\n{}",
                POST + "Content-Length: 0x2\r\n\r\n{}",
                POST + "Content-Length: 99999999999999999999\r\n\r\n{}",
                POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedRequestIsAnsweredWith400AndItsConnectionClosed(String request) throws IOException {
        String answer = gate.exchange(request);
        assertThat(answer).matches("(?s)HTTP/1\\.[01] 400 .*").contains("\"code\":\"invalid_request\"", "no-store");
        assertThat(answer.split("HTTP/1\\.", -1)).hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a\r\nHost: b\r\n", "Host: a\r\nhost: a\r\n"})
    void requestWithoutExactlyOneHostIsRefused(String hosts) {
        assertThat(gate.exchangeAndEnd(GET + hosts + "\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(gate.exchangeAndEnd("GET /health/live HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 ");
    }

    @Test
    void headerWithoutANameIsRefused() {
        assertThat(gate.exchangeAndEnd(GET + "Host: x\r\n: ab\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void requestLineAndHeadersHaveLimits() throws IOException {
        assertThat(gate.exchangeAndEnd("GET /" + "a".repeat(4000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
        assertThat(gate.exchange("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .matches("(?s)HTTP/1\\.[01] 414 .*");
        assertThat(gate.exchangeAndEnd(GET + "Host: x\r\nA: " + "a".repeat(16_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(gate.exchange(GET + "Host: x\r\nA: " + "a".repeat(17_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(gate.exchange(GET + "Host: x\r\n" + "A: a\r\n".repeat(5_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void traceConnectAndUpgradesAreNotServed() {
        assertThat(gate.exchangeAndEnd("TRACE /health/live HTTP/1.1\r\nHost: x\r\nCookie: a\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .doesNotContain("Cookie");
        assertThat(gate.exchangeAndEnd("CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
        String h2c = "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
        assertThat(gate.exchangeAndEnd(GET + "Host: x\r\n" + h2c)).startsWith("HTTP/1.1 200 ");
        assertThat(gate.exchangeAndEnd("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).doesNotContain(" 200 ");
    }

    @Test
    void malformedRequestsNeverDisturbAnotherConnection() throws IOException {
        String good = "GET /v1/authorize HTTP/1.1\r\nHost: x\r\nx-api-key: " + gate.keys.active.token() + "\r\n\r\n";
        byte[] question = good.getBytes(StandardCharsets.US_ASCII);
        Random random = new Random(42);
        try (Socket steady = gate.connect()) {
            for (int round = 0; round < 20; round++) {
                for (String bad : malformed()) {
                    try (Socket other = gate.connect()) {
                        other.getOutputStream().write(bad.getBytes(StandardCharsets.ISO_8859_1));
                        if (random.nextBoolean()) {
                            other.setSoLinger(true, 0);
                        }
                    }
                }
                byte[] noise = new byte[random.nextInt(4_000)];
                random.nextBytes(noise);
                try (Socket other = gate.connect()) {
                    other.getOutputStream().write(noise);
                }
                steady.getOutputStream().write(question);
                assertThat(TestingGate.readAnswer(steady.getInputStream())).startsWith("HTTP/1.1 204 ");
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        int many = 500;
        StringBuilder requests = new StringBuilder();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            ids.add("request-" + i);
            String id = "X-Request-Id: request-" + i + "\r\n";
            if (i % 2 == 0) {
                requests.append(GET + "Host: x\r\n").append(id).append("\r\n");
            } else {
                requests.append(POST).append(id).append("Content-Length: 13\r\n\r\n{\"token\":\"a\"}");
            }
        }
        try (Socket socket = gate.connect()) {
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            List<String> answered = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                String answer = TestingGate.readAnswer(socket.getInputStream());
                assertThat(answer).startsWith("HTTP/1.1 200 ").contains(i % 2 == 0 ? "\"up\"" : "MALFORMED");
                answered.add(answer.lines()
                        .filter(line -> line.startsWith("X-Request-Id: "))
                        .findFirst()
                        .orElse("")
                        .substring("X-Request-Id: ".length()));
            }
            assertThat(answered).isEqualTo(ids);
        }
    }
}
