package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise: what is no HTTP is refused on the control port with a problem too, and disturbs only its own connection. */
@TestInstance(Lifecycle.PER_CLASS)
class MalformedRequestTest {
    private static final String GET = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n";
    private static final String POST =
            "POST /api/v1/projects HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String BODY = "{\"name\":\"Smuggled\"}";

    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static List<String> malformed() {
        return List.of(
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET /api/v1/me\u0000 HTTP/1.1\r\nHost: x\r\n\r\n",
                "G\u0000T /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/me HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET http://[::bad/ HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/me HTTP/1.1\r\n\r\n",
                "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                GET + "X-Long: " + "a".repeat(20_000) + "\r\n\r\n",
                "GET /api/v1/keys/" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                GET + "X-Many: a\r\n".repeat(5_000) + "\r\n",
                POST + "Content-Length: -1\r\n\r\n" + BODY,
                POST + "Content-Length: 99999999999999999999\r\n\r\n" + BODY,
                POST + "Content-Length: 2\r\nContent-Length: 19\r\n\r\n" + BODY);
    }

    /** A credential of the owner, before the body. */
    private String owned(String request) {
        return request.replaceFirst("Host: x\r\n", "Host: x\r\nx-api-key: " + server.ownerToken + "\r\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedRequestIsAProblem(String request) {
        var before = server.things();
        List<Answer> answers = server.exchange(request);
        assertThat(answers).hasSize(1);
        Answer answer = answers.getFirst();
        Contract.THE.hold("GET", "/no-address", answer);
        assertThat(answer.status()).isIn(400, 431, 505, 414);
        assertThat(answer.requestId()).matches("[A-Za-z0-9._-]{1,64}");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.text()).doesNotContainIgnoringCase("tomcat", "java", "aaaa");
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void bodyThatEndsTooSoonOrIsFramedWronglyIsTheCallersMistake() {
        var before = server.things();
        for (String framed : List.of(
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY + "\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-5\r\n" + BODY + "\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + BODY,
                "Transfer-Encoding: chunked\r\n\r\n13\r\n" + BODY.substring(0, 5),
                "Content-Length: 100\r\n\r\n" + BODY)) {
            for (Answer answer : server.exchange(owned(POST + framed))) {
                Contract.THE.hold("POST", "/api/v1/projects", answer);
                assertThat(answer.status()).as(framed).isEqualTo(400);
            }
        }
        assertThat(server.things()).isEqualTo(before);
        assertThat(server.log.text()).doesNotContain("a request failed");
    }

    /** RFC 9112, section 6.1: the Transfer-Encoding decides, and nothing on this connection is believed any more. */
    @Test
    void requestThatIsFramedTwiceCannotHideAnotherOne() {
        var before = server.things();
        String hidden = owned(POST + "Content-Length: 19\r\n\r\n" + BODY);
        for (String framed : List.of(
                "Content-Length: 19\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")) {
            List<Answer> answers = server.exchange(owned(POST + framed) + hidden);
            assertThat(answers).hasSize(1);
            assertThat(answers.getFirst().status()).isEqualTo(400);
            assertThat(answers.getFirst().header("Connection")).isEqualTo("close");
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void unknownTransferCodingIsNotRead() {
        var before = server.things();
        for (Answer answer : server.exchange(owned(POST + "Transfer-Encoding: gzip, x\r\n\r\n" + BODY))) {
            Contract.THE.hold("POST", "/no-address", answer);
            assertThat(answer.status()).isIn(400, 501);
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void methodsThatAreNoneOfOursAreRefused() {
        for (String method : List.of("TRACE", "CONNECT", "PROPFIND", "get")) {
            for (Answer answer : server.exchange(
                    method + " /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: secret\r\n" + "Connection: close\r\n\r\n")) {
                Contract.THE.hold("GET", "/no-address", answer);
                assertThat(answer.status()).as(method + answer.text()).isIn(400, 405, 501);
                assertThat(answer.text()).doesNotContain("secret");
            }
        }
    }

    @Test
    void malformedRequestsDisturbNoOtherConnection() throws IOException {
        byte[] good = owned(GET + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket steady = new Socket("127.0.0.1", server.running.port())) {
            steady.setSoTimeout(10_000);
            for (String bad : malformed()) {
                server.exchange(bad);
                steady.getOutputStream().write(good);
                assertThat(head(steady.getInputStream())).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    /** Reads one answer, whose body is chunked or has a length, and gives its beginning. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        if (head.toString().toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding")) {
            StringBuilder body = new StringBuilder();
            while (!body.toString().endsWith("0\r\n\r\n")) {
                body.append((char) in.read());
            }
        } else {
            String length = head.toString().replaceAll("(?is).*content-length: ([0-9]+).*", "$1");
            in.readNBytes(Integer.parseInt(length));
        }
        return head.toString();
    }
}
