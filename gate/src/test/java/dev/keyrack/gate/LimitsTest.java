package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise: no caller takes more than its share of time, connections or memory, and a clean stop loses no answer. */
@Timeout(60)
class LimitsTest {
    private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(50);

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write(LIVE.getBytes(StandardCharsets.US_ASCII));
        assertThat(TestingGate.readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
    }

    /** Whether the gate has closed this connection; waits for it as long as the socket's time-out. */
    private static boolean closed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Sends one byte at a time, more often than the idle time, until the gate has had enough. */
    private static void trickleUntilClosed(Socket socket, String text) throws IOException {
        socket.setSoTimeout(20);
        for (int i = 0; i < text.length(); i++) {
            try {
                socket.getOutputStream().write(text.charAt(i));
            } catch (SocketException e) {
                return;
            }
            if (closed(socket)) {
                return;
            }
        }
        fail("the gate waited for all of it");
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAtOnceAndTheOthersServed() throws IOException {
        try (TestingGate gate = TestingGate.start(TestingGate.loopback().withConnections(2));
                Socket first = gate.connect();
                Socket second = gate.connect()) {
            ask(first);
            ask(second);
            for (int i = 0; i < 20; i++) {
                try (Socket third = gate.connect()) {
                    assertThat(closed(third)).isTrue();
                }
            }
            ask(first);
            second.shutdownOutput();
            assertThat(closed(second)).isTrue();
            boolean served = false;
            while (!served) {
                try (Socket third = gate.connect()) {
                    third.getOutputStream().write(LIVE.getBytes(StandardCharsets.US_ASCII));
                    served = TestingGate.readAnswer(third.getInputStream()).startsWith("HTTP/1.1 200 ");
                } catch (SocketException e) {
                    served = false;
                }
            }
        }
    }

    @Test
    void idleConnectionIsClosed() throws IOException {
        try (TestingGate gate = TestingGate.start(TestingGate.loopback().withTimes(SHORT, LONG));
                Socket fresh = gate.connect();
                Socket used = gate.connect()) {
            ask(used);
            assertThat(closed(fresh)).isTrue();
            assertThat(closed(used)).isTrue();
        }
    }

    @Test
    void headThatArrivesByteByByteIsCutOff() throws IOException {
        try (TestingGate gate = TestingGate.start(TestingGate.loopback().withTimes(SHORT, LONG));
                Socket slow = gate.connect()) {
            trickleUntilClosed(slow, "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: " + "a".repeat(3_000));
        }
    }

    @Test
    void bodyThatArrivesByteByByteIsCutOff() throws IOException {
        try (TestingGate gate = TestingGate.start(TestingGate.loopback().withTimes(LONG, SHORT));
                Socket slow = gate.connect()) {
            String head =
                    "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            trickleUntilClosed(slow, " ".repeat(3_000));
        }
    }

    @Test
    void restOfARefusedBodyIsNotWaitedForForever() throws IOException {
        try (TestingGate gate = TestingGate.start(TestingGate.loopback().withTimes(LONG, SHORT));
                Socket slow = gate.connect()) {
            String head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(slow.getInputStream()).toLowerCase(java.util.Locale.ROOT))
                    .startsWith("http/1.1 404 ")
                    .contains("connection: close");
            trickleUntilClosed(slow, " ".repeat(3_000));
        }
    }

    @Test
    void clientThatDoesNotReadItsAnswersIsMadeToWaitAndLosesNone() throws Exception {
        int many = 200_000;
        try (TestingGate gate = TestingGate.start();
                Socket socket = gate.connect()) {
            byte[] body = "{\"token\":\"a\"}".getBytes(StandardCharsets.US_ASCII);
            String head = "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length + "\r\n\r\n";
            String request = head + new String(body, StandardCharsets.US_ASCII);
            byte[] thousand = request.repeat(1_000).getBytes(StandardCharsets.US_ASCII);
            CountDownLatch sent = new CountDownLatch(1);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < many / 1_000; i++) {
                        socket.getOutputStream().write(thousand);
                    }
                    sent.countDown();
                } catch (IOException e) {
                    // the count stays, and the test fails below
                }
            });
            double served = -1;
            for (double now = served(gate); now != served; now = served(gate)) {
                served = now;
                assertThat(sent.await(500, TimeUnit.MILLISECONDS))
                        .as("all was taken in although nothing was read")
                        .isFalse();
                try (Socket other = gate.connect()) {
                    ask(other);
                }
            }
            assertThat(served).isLessThan(many);
            assertThat(count(socket.getInputStream(), "HTTP/1.1 200 OK\r\n", many))
                    .isEqualTo(many);
            writer.join();
            assertThat(sent.getCount()).isZero();
        }
    }

    private static double served(TestingGate gate) {
        String line = "keyrack_verdicts_total{code=\"MALFORMED\",endpoint=\"verify\"} ";
        return gate.registry
                .scrape()
                .lines()
                .filter(each -> each.startsWith(line))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length())))
                .sum();
    }

    /** Reads until this text came so many times, or the gate closed the connection, and tells how often it came. */
    private static int count(InputStream in, String text, int wanted) throws IOException {
        byte[] pattern = text.getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[1 << 16];
        int found = 0;
        int matched = 0;
        while (found < wanted) {
            int length = in.read(chunk);
            if (length < 0) {
                return found;
            }
            for (int i = 0; i < length; i++) {
                matched = chunk[i] == pattern[matched] ? matched + 1 : (chunk[i] == pattern[0] ? 1 : 0);
                if (matched == pattern.length) {
                    found++;
                    matched = 0;
                }
            }
        }
        return found;
    }

    @Test
    void closingLetsTheRequestUnderWayBeAnsweredAndTakesNoMore() throws Exception {
        TestingGate gate = TestingGate.start();
        Thread closer = Thread.ofVirtual().unstarted(gate.gate::close);
        try (Socket busy = gate.connect();
                Socket idle = gate.connect()) {
            ask(idle);
            String body = "{\"token\":\"" + gate.keys.active.token() + "\"}";
            String head =
                    "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n";
            busy.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(busy.getInputStream())).startsWith("HTTP/1.1 100 ");
            closer.start();
            assertThat(closed(idle)).isTrue();
            List<Socket> more = new ArrayList<>();
            boolean refused = false;
            while (!refused) {
                try {
                    more.add(gate.connect());
                } catch (SocketException e) {
                    refused = true;
                }
            }
            busy.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(busy.getInputStream()))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"VALID\"");
            for (Socket socket : more) {
                socket.close();
            }
        }
        closer.join();
        gate.close();
    }
}
