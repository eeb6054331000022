package dev.keyrack.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.Networks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call reaches what the guard allows and nothing else, whatever names, redirects and answers say, and ends when it should.
 *
 * <p>On Linux, all of 127.0.0.0/8 is this machine: here, 127.0.0.2 stands for what may be called and 127.0.0.1 for what must
 * not.
 */
class OutboundTest {
    private static final Networks NOTHING = Networks.parse(List.of());
    private static final Networks SECOND = Networks.parse(List.of("127.0.0.2"));
    private static final Networks LOOPBACK = Networks.parse(List.of("127.0.0.0/8", "::1"));
    private static final Patience LONG =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final CheckedNames.Names SYSTEM = InetAddress::getAllByName;

    /** Answers a name with one list of addresses after another. */
    private static final class Answers implements CheckedNames.Names {
        private final Deque<List<String>> answers = new ArrayDeque<>();
        private int asked;

        private Answers then(String... addresses) {
            answers.add(List.of(addresses));
            return this;
        }

        @Override
        public synchronized InetAddress[] of(String host) throws UnknownHostException {
            asked++;
            List<String> answer = answers.poll();
            if (answer == null) {
                throw new UnknownHostException(host);
            }
            return answer.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
        }
    }

    private static Outbound outbound(Networks allowed, CheckedNames.Names names) {
        return new Outbound(new AddressGuard(allowed), names, LONG);
    }

    private static String call(Outbound outbound, String url) throws CallFailed, IOException {
        return call(outbound, url, end -> {});
    }

    private static String call(Outbound outbound, String url, Consumer<Runnable> onCancel)
            throws CallFailed, IOException {
        AtomicReference<String> said = new AtomicReference<>();
        outbound.post(
                Target.parse(url),
                Map.of("X-Test", "1"),
                "{}".getBytes(StandardCharsets.UTF_8),
                1 << 20,
                onCancel,
                answer -> said.set(answer.status() + " " + answer.contentType() + " " + answer.text(1 << 20)));
        return said.get();
    }

    private static void assertFails(CallFailed.Reason reason, Outbound outbound, String url) {
        assertThatThrownBy(() -> call(outbound, url))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.reason()).isEqualTo(reason));
    }

    @Test
    void allowedBackendIsCalled() throws Exception {
        try (TestingBackend backend = TestingBackend.saying("Application/JSON; charset=utf-8", "{}");
                Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
            assertThat(call(outbound, backend.url("/answer?x=1"))).isEqualTo("200 application/json {}");

            TestingBackend.Received received = backend.received();
            assertThat(received.start()).isEqualTo("POST /answer?x=1 HTTP/1.1");
            assertThat(received.headers())
                    .containsEntry("content-type", "application/json; charset=UTF-8")
                    .containsEntry("x-test", "1")
                    .containsEntry("user-agent", "Keyrack")
                    .doesNotContainKeys("accept-encoding", "cookie", "authorization");
            assertThat(received.body()).isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:%d/", "http://localhost:%d/", "http://[::ffff:127.0.0.1]:%d/"})
    void thisMachineIsNotCalledByAnyOfItsNames(String url) {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{}");
                Outbound outbound = outbound(NOTHING, SYSTEM)) {
            assertFails(CallFailed.Reason.ADDRESS_REFUSED, outbound, url.formatted(backend.port()));
            assertThat(backend.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://0.0.0.0:%d/",
                "http://[::]:%d/",
                "http://[::1]:%d/",
                "http://[::127.0.0.1]:%d/",
                "http://[64:ff9b::7f00:1]:%d/",
                "http://169.254.169.254/latest/meta-data/?%d",
                "http://[fd00:ec2::254]/?%d"
            })
    void literalsGoTheSameWayAsNames(String url) {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{}");
                Outbound outbound = outbound(SECOND, SYSTEM)) {
            assertFails(CallFailed.Reason.ADDRESS_REFUSED, outbound, url.formatted(backend.port()));
            assertThat(backend.connections()).isZero();
        }
    }

    /** Also by a name: the port is looked at with the address that the name stands for. */
    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:%d/", "http://127.0.0.2:%d/", "http://localhost:%d/", "http://own.test:%d/"})
    void ownPortsAreNotCalledThoughTheirNetworkIsAllowed(String url) {
        CheckedNames.Names names = host -> host.equals("own.test")
                ? new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")}
                : InetAddress.getAllByName(host);
        try (TestingBackend backend = TestingBackend.saying("application/json", "{}");
                Outbound outbound =
                        new Outbound(new AddressGuard(LOOPBACK, port -> port == backend.port()), names, LONG)) {
            assertFails(CallFailed.Reason.ADDRESS_REFUSED, outbound, url.formatted(backend.port()));
            assertThat(backend.connections()).isZero();
        }
    }

    @Test
    void nameIsAskedForOnceAndTheCheckedAddressIsTheOneThatIsCalled() throws Exception {
        try (TestingBackend allowed = new TestingBackend("127.0.0.2", 0, line -> {
                    line.say200("application/json");
                    line.say("\"right\"");
                });
                TestingBackend hidden = new TestingBackend("127.0.0.1", allowed.port(), line -> {
                    line.say200("application/json");
                    line.say("\"wrong\"");
                })) {
            Answers rebinding =
                    new Answers().then("127.0.0.2").then("127.0.0.1").then("127.0.0.1");
            try (Outbound outbound = outbound(SECOND, rebinding)) {
                String url = "http://rebinding.example:" + allowed.port() + "/";

                assertThat(call(outbound, url)).endsWith("\"right\"");
                assertThat(rebinding.asked).isEqualTo(1);
                assertFails(CallFailed.Reason.ADDRESS_REFUSED, outbound, url);
                assertThat(rebinding.asked).isEqualTo(2);
            }
            assertThat(hidden.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.2,127.0.0.1",
                "127.0.0.1,127.0.0.2",
                "127.0.0.2,::1",
                "127.0.0.2,127.0.0.2,127.0.0.2,127.0.0.2,127.0.0.2,10.0.0.1"
            })
    void oneAddressThatMustNotBeCalledRefusesTheWholeAnswer(String addresses) {
        try (TestingBackend allowed = new TestingBackend("127.0.0.2", 0, line -> line.say200("application/json"));
                Outbound outbound = outbound(SECOND, new Answers().then(addresses.split(",", -1)))) {
            assertFails(CallFailed.Reason.ADDRESS_REFUSED, outbound, "http://mixed.example:" + allowed.port() + "/");
            assertThat(allowed.connections()).isZero();
        }
    }

    @Test
    void redirectIsNotFollowed() throws Exception {
        try (TestingBackend hidden = TestingBackend.saying("application/json", "{}")) {
            for (int status : List.of(301, 302, 303, 307, 308)) {
                try (TestingBackend redirecting = new TestingBackend(
                                "127.0.0.2",
                                0,
                                line -> line.say("HTTP/1.1 " + status + " Go\r\nLocation: " + hidden.url("/")
                                        + "\r\nContent-Length: 0\r\n\r\n"));
                        Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
                    assertThat(call(outbound, "http://127.0.0.2:" + redirecting.port() + "/"))
                            .startsWith(status + " ");
                }
            }
            assertThat(hidden.connections()).isZero();
        }
    }

    @Test
    void whatCannotBeReachedSaysWhy() throws IOException {
        int closed;
        try (ServerSocket taken = new ServerSocket(0)) {
            closed = taken.getLocalPort();
        }
        try (Outbound outbound =
                outbound(LOOPBACK, new Answers().then("127.0.0.1").then())) {
            assertFails(CallFailed.Reason.UNREACHABLE, outbound, "http://a.example:" + closed + "/");
            assertFails(CallFailed.Reason.NAME_UNKNOWN, outbound, "http://b.example:" + closed + "/");
            assertFails(CallFailed.Reason.NAME_UNKNOWN, outbound, "http://c.example:" + closed + "/");
        }
    }

    @Test
    void nameThatIsNotAnsweredForTimesOut() {
        CountDownLatch never = new CountDownLatch(1);
        CheckedNames.Names silent = host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException();
        };
        Patience brief = new Patience(Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(60));
        try (Outbound outbound = new Outbound(new AddressGuard(LOOPBACK), silent, brief)) {
            assertFails(CallFailed.Reason.NAME_UNKNOWN, outbound, "http://silent.example/");
        }
    }

    @Test
    void silenceTimesOutBeforeTheFirstByteAndBetweenTwo() throws Exception {
        Patience brief = new Patience(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(60));
        try (TestingBackend silent = new TestingBackend(TestingBackend.Line::awaitHangUp);
                TestingBackend stuck = new TestingBackend(line -> {
                    line.say200("application/json");
                    line.say("{");
                    line.awaitHangUp();
                });
                Outbound outbound = new Outbound(new AddressGuard(LOOPBACK), SYSTEM, brief)) {
            assertFails(CallFailed.Reason.TIMED_OUT, outbound, silent.url("/"));
            assertFails(CallFailed.Reason.TIMED_OUT, outbound, stuck.url("/"));
            assertThat(silent.sawHangUp()).isTrue();
            assertThat(stuck.sawHangUp()).isTrue();
        }
    }

    @Test
    void noCallTakesLongerThanAllOfItMayHoweverBusyItLooks() throws Exception {
        Patience brief = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMillis(500));
        try (TestingBackend endless = new TestingBackend(line -> {
                    line.say200("application/json");
                    while (true) {
                        line.say(" ");
                        Thread.sleep(20);
                    }
                });
                Outbound outbound = new Outbound(new AddressGuard(LOOPBACK), SYSTEM, brief)) {
            assertFails(CallFailed.Reason.TIMED_OUT, outbound, endless.url("/"));
            assertThat(endless.sawHangUp()).isTrue();
        }
    }

    @Test
    void cancellationClosesTheConnectionAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (TestingBackend slow = new TestingBackend(line -> {
                    line.say200("text/event-stream");
                    line.say("data: 1\n\n");
                    begun.countDown();
                    line.awaitHangUp();
                });
                Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
            CompletableFuture<Runnable> end = new CompletableFuture<>();
            CompletableFuture<Void> call = CompletableFuture.runAsync(() -> assertThatThrownBy(
                            () -> call(outbound, slow.url("/"), end::complete))
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.reason()).isEqualTo(CallFailed.Reason.CANCELLED)));
            begun.await();
            end.get().run();

            assertThat(slow.sawHangUp()).isTrue();
            call.get();
        }
    }

    @Test
    void callThatIsCancelledBeforeItBeginsIsNotMade() throws Exception {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{}");
                Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
            assertThatThrownBy(() -> call(outbound, backend.url("/"), Runnable::run))
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.reason()).isEqualTo(CallFailed.Reason.CANCELLED));
            assertThat(backend.connections()).isZero();
        }
    }

    @Test
    void hugeAnswersAreNotRead() throws Exception {
        byte[] much = new byte[64 << 10];
        Arrays.fill(much, (byte) ' ');
        try (TestingBackend body = new TestingBackend(line -> {
                    line.say200("application/json");
                    while (true) {
                        line.say(much);
                    }
                });
                TestingBackend longHeader = new TestingBackend(line -> {
                    line.say("HTTP/1.1 200 OK\r\nX: ");
                    while (true) {
                        line.say(much);
                    }
                });
                TestingBackend manyHeaders = new TestingBackend(line -> {
                    line.say("HTTP/1.1 200 OK\r\n");
                    while (true) {
                        line.say("X: y\r\n");
                    }
                });
                Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
            assertFails(CallFailed.Reason.TOO_LARGE, outbound, body.url("/"));
            assertThat(body.sawHangUp()).isTrue();
            assertFails(CallFailed.Reason.NOT_HTTP, outbound, longHeader.url("/"));
            assertThat(longHeader.sawHangUp()).isTrue();
            assertFails(CallFailed.Reason.NOT_HTTP, outbound, manyHeaders.url("/"));
            assertThat(manyHeaders.sawHangUp()).isTrue();
        }
    }

    @Test
    void answersThatAreNoneOrBreakOffSayWhy() throws Exception {
        try (TestingBackend noHttp = new TestingBackend(line -> line.say("220 mail.example.com ESMTP\r\n"));
                TestingBackend nothing = new TestingBackend(line -> {});
                TestingBackend cut = new TestingBackend(line ->
                        line.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"));
                TestingBackend cutChunk = new TestingBackend(
                        line -> line.say(
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"));
                TestingBackend noTls = TestingBackend.saying("application/json", "{}");
                Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
            assertFails(CallFailed.Reason.BROKEN_OFF, outbound, noHttp.url("/"));
            assertFails(CallFailed.Reason.BROKEN_OFF, outbound, nothing.url("/"));
            assertFails(CallFailed.Reason.BROKEN_OFF, outbound, cut.url("/"));
            assertFails(CallFailed.Reason.BROKEN_OFF, outbound, cutChunk.url("/"));
            assertFails(CallFailed.Reason.TLS, outbound, "https://127.0.0.1:" + noTls.port() + "/");
        }
    }

    @Test
    void piecesArriveWhenTheyAreSent() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        try (TestingBackend backend = new TestingBackend(line -> {
                    line.say(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    line.chunk("one".getBytes(StandardCharsets.UTF_8));
                    // Goes on only when the first piece was read: whoever buffers waits for ever.
                    first.await();
                    line.chunk("two".getBytes(StandardCharsets.UTF_8));
                    line.say("0\r\n\r\n");
                });
                Outbound outbound = outbound(LOOPBACK, SYSTEM)) {
            List<String> pieces = new ArrayList<>();
            outbound.post(Target.parse(backend.url("/")), Map.of(), new byte[0], 100, end -> {}, answer -> {
                byte[] chunk = new byte[100];
                for (int n = answer.body().read(chunk);
                        n >= 0;
                        n = answer.body().read(chunk)) {
                    pieces.add(new String(chunk, 0, n, StandardCharsets.UTF_8));
                    first.countDown();
                }
            });
            assertThat(pieces).containsExactly("one", "two");
        }
    }
}
