package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Promise: the operator can see how the gate fares and find any failed request, and sees no secret while doing so. */
class StatusApiTest {

    /** Everything that is logged while it is open, at the finest level. */
    private static final class Captured implements AutoCloseable {
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        private final Level before = root.getLevel();
        private final ListAppender<ILoggingEvent> events = new ListAppender<>();

        Captured(Level level) {
            events.start();
            root.iteratorForAppenders().forEachRemaining(appender -> appender.addFilter(new Quiet()));
            root.addAppender(events);
            root.setLevel(level);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (ILoggingEvent event : List.copyOf(events.list)) {
                text.append(event.getLevel()).append(' ').append(event.getFormattedMessage());
                if (event.getThrowableProxy() != null) {
                    text.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
                }
                text.append('\n');
            }
            return text.toString();
        }

        @Override
        public void close() {
            root.setLevel(before);
            root.detachAppender(events);
            root.iteratorForAppenders().forEachRemaining(appender -> appender.clearAllFilters());
        }
    }

    /** Keeps the console free of what is captured. */
    private static final class Quiet extends ch.qos.logback.core.filter.Filter<ILoggingEvent> {
        @Override
        public ch.qos.logback.core.spi.FilterReply decide(ILoggingEvent event) {
            return ch.qos.logback.core.spi.FilterReply.DENY;
        }
    }

    @Test
    void liveFromTheStartAndReadyOnceTheKeysAreLoaded() {
        try (TestingGate gate = TestingGate.startEmpty()) {
            assertThat(gate.get("/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> early = gate.get("/health/ready");
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).isEqualTo("{\"status\":\"down\",\"reason\":\"the keys are not loaded yet\"}");
            gate.keys.load();
            assertThat(gate.get("/health/ready").statusCode()).isEqualTo(200);
            gate.keys.halt();
            HttpResponse<String> halted = gate.get("/health/ready");
            assertThat(halted.statusCode()).isEqualTo(503);
            assertThat(halted.body()).contains("something-newer");
            assertThat(gate.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void verdictsAndTheReplicaAreCounted() {
        try (TestingGate gate = TestingGate.start()) {
            gate.verify(gate.keys.active.token());
            gate.verify(gate.keys.active.token());
            gate.verify(gate.keys.revoked.token());
            gate.get("/v1/authorize", "x-api-key", "nonsense");
            gate.introspect("token=" + gate.keys.active.token());
            gate.verifyBody("{");
            gate.verify(gate.keys.active.token(), "Keyrack-Verifier", "nonsense");
            HttpResponse<String> metrics = gate.get("/metrics");
            assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
            assertThat(metrics.body())
                    .contains(
                            "keyrack_verdicts_total{code=\"VALID\",endpoint=\"verify\"} 2.0\n",
                            "keyrack_verdicts_total{code=\"REVOKED\",endpoint=\"verify\"} 1.0\n",
                            "keyrack_verdicts_total{code=\"MALFORMED\",endpoint=\"authorize\"} 1.0\n",
                            "keyrack_verdicts_total{code=\"VALID\",endpoint=\"introspect\"} 1.0\n",
                            "keyrack_verification_seconds_count{endpoint=\"verify\"} 3\n",
                            "keyrack_malformed_requests_total 1.0\n",
                            "keyrack_refused_askers_total{endpoint=\"verify\"} 1.0\n",
                            "keyrack_feed_number 7.0\n",
                            "keyrack_replica_keys " + gate.keys.replica.size() + ".0\n",
                            "keyrack_connections 1.0\n");
        }
    }

    @Test
    void metricsAreForThisMachineAndTrustedNetworksOnly() {
        try (TestingGate gate = TestingGate.start()) {
            assertThat(gate.get("/metrics").statusCode()).isEqualTo(200);
            HttpResponse<String> passedOn = gate.get("/metrics", "X-Forwarded-For", "192.0.2.1");
            assertThat(passedOn.statusCode()).isEqualTo(404);
            assertThat(passedOn.body()).doesNotContain("keyrack_verdicts");
        }
        assertThat(new Trust(java.net.InetAddress.ofLiteral("0.0.0.0"), Networks.parse(List.of("192.0.2.0/24")))
                        .of("192.0.2.9")
                        .metrics())
                .isTrue();
        assertThat(new Trust(java.net.InetAddress.ofLiteral("0.0.0.0"), Networks.parse(List.of()))
                        .of("192.0.2.9")
                        .metrics())
                .isFalse();
    }

    @Test
    void requestIdOfTheCallerIsKeptWhenItIsSafeAndMadeOtherwise() {
        try (TestingGate gate = TestingGate.start()) {
            HttpResponse<String> kept = gate.get("/nowhere", "X-Request-Id", "Abc-1.2_3");
            assertThat(kept.headers().firstValue("x-request-id")).contains("Abc-1.2_3");
            assertThat(kept.body()).contains("\"requestId\":\"Abc-1.2_3\"");
            for (String unsafe : new String[] {"", "a b", "<script>", "a\"b", "a".repeat(65), "é"}) {
                String made = gate.get("/health/live", "X-Request-Id", unsafe)
                        .headers()
                        .firstValue("x-request-id")
                        .orElse("");
                assertThat(made).matches("[a-v0-9]{12}");
            }
        }
    }

    @Test
    void bugIsAnsweredWithAnOpaque500AndTheConnectionSurvives() throws IOException {
        TestingKeys keys = new TestingKeys().load();
        Verifier broken = new Verifier(keys.replica, () -> {
            throw new IllegalStateException("the clock is broken");
        });
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Captured log = new Captured(Level.WARN);
                Gate gate = Gate.start(TestingGate.loopback(), keys.replica, broken, registry);
                Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), gate.port())) {
            for (String request : new String[] {
                "GET /v1/authorize HTTP/1.1\r\nHost: x\r\nX-Request-Id: bug-1\r\nx-api-key: " + keys.limited.token()
                        + "\r\n\r\n",
                "POST /v1/verify HTTP/1.1\r\nHost: x\r\nX-Request-Id: bug-1\r\nContent-Type: application/json\r\nContent-Length: "
                        + (keys.limited.token().length() + 12) + "\r\n\r\n{\"token\":\"" + keys.limited.token() + "\"}"
            }) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(TestingGate.readAnswer(socket.getInputStream()))
                        .startsWith("HTTP/1.1 500 ")
                        .contains("\"requestId\":\"bug-1\"", "no-store")
                        .doesNotContain("clock");
            }
            String good = "GET /v1/authorize HTTP/1.1\r\nHost: x\r\nx-api-key: " + keys.active.token() + "\r\n\r\n";
            socket.getOutputStream().write(good.getBytes(StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 204 ");
            assertThat(log.text()).contains("bug-1", "the clock is broken", "Verifier.java");
        }
    }

    @Test
    void refusedAskersAndFailuresAreLoggedUnderTheirRequestIdButNotWithoutEnd() {
        try (Captured log = new Captured(Level.WARN);
                TestingGate gate = TestingGate.startEmpty()) {
            gate.verify("a", "Keyrack-Verifier", "nonsense", "X-Request-Id", "refused-1");
            gate.get("/v1/authorize", "x-api-key", gate.keys.active.token(), "X-Request-Id", "stale-1");
            assertThat(log.text()).contains("refused-1", "127.0.0.1", "stale-1");
            for (int i = 0; i < 2_000; i++) {
                gate.get("/v1/authorize", "Keyrack-Verifier", "nonsense");
            }
            assertThat(log.text().lines().count()).isLessThan(1_000);
        }
    }

    @Test
    void noSecretIsInLogsMetricsOrAnswers() throws IOException {
        try (Captured log = new Captured(Level.TRACE);
                TestingGate gate = TestingGate.start()) {
            TestingKeys keys = gate.keys;
            StringBuilder seen = new StringBuilder();
            List<String> tokens = List.of(
                    keys.active.token(),
                    keys.revoked.token(),
                    keys.unknown,
                    keys.personal,
                    keys.active.token() + "x",
                    keys.superseded);
            for (String token : tokens) {
                for (String asker : tokens) {
                    seen.append(all(gate.verify(token, "Keyrack-Verifier", asker)));
                }
                seen.append(all(gate.verify(token)));
                seen.append(all(gate.verifyBody("{\"token\":\"" + token + "\",\"" + token + "\":1}")));
                seen.append(all(gate.verifyBody(token)));
                seen.append(all(gate.verifyBody("{\"token\":" + token + "}")));
                seen.append(all(gate.verifyBody("{\"token\":\"a\",\"permission\":\"" + token + "\"}")));
                seen.append(all(gate.introspect("token=" + token)));
                seen.append(all(gate.introspect("token=" + token + "&token=" + token)));
                seen.append(all(gate.introspect(token + "=%")));
                seen.append(all(gate.introspect(token + "&" + token)));
                seen.append(all(gate.get("/v1/authorize", "Authorization", "Bearer " + token)));
                seen.append(all(gate.get("/v1/authorize", "Authorization", TestingGate.basic(token, token))));
                seen.append(all(gate.get("/v1/authorize?token=" + token)));
                seen.append(all(gate.get("/v1/authorize?" + token)));
                seen.append(all(gate.get("/" + token)));
                seen.append(gate.exchange("GET / HTTP/1.1\r\nHost: x\r\nx-api-key: " + token + "\u0000\r\n\r\n"));
                seen.append(gate.exchange("GET / HTTP/1.1\r\nHost: x\r\n" + token + " : a\r\n\r\n"));
                seen.append(gate.exchange(token + "\r\n\r\n"));
                seen.append(
                        gate.exchangeAndEnd("POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n" + token + "\r\n"));
            }
            seen.append(gate.get("/metrics").body()).append(log.text());
            assertThat(seen.toString()).contains("VALID", "keyrack_verdicts_total", "asker refused");
            for (String secret : keys.secrets()) {
                assertThat(seen.toString()).doesNotContain(secret);
            }
        }
    }

    private static String all(HttpResponse<String> answer) {
        return answer.headers().map() + "\n" + answer.body() + "\n";
    }
}
