package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Defends: a figure of the load harness comes from all answers of the window, and from expected ones only. */
class LoadGeneratorTest {
    private static final byte[] BODY = "{\"valid\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final int CONNECTIONS = 8;
    private static final Duration WINDOW = Duration.ofMillis(300);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final AtomicLong handled = new AtomicLong();

    LoadGeneratorTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void everyAnswerOfTheWindowIsCountedOnceAndTimed() throws IOException {
        LoadResult result =
                LoadGenerator.run(load(serving((exchange, number) -> answer(exchange, 200)), Duration.ZERO));

        assertThat(result.byStatus()).containsOnlyKeys(200);
        assertThat(result.byStatus().get(200)).isEqualTo(result.answers());
        // Without a warm-up, what the server handled beyond the window is what was under way when it ended.
        assertThat(result.answers()).isBetween(1L, handled.get());
        assertThat(handled.get() - result.answers()).isLessThanOrEqualTo(2L * CONNECTIONS);
        assertThat(result.wallNanos()).isGreaterThanOrEqualTo(WINDOW.toNanos());
    }

    @Test
    void answersOfTheWarmUpAreNotCounted() throws IOException {
        LoadResult result =
                LoadGenerator.run(load(serving((exchange, number) -> answer(exchange, 200)), WINDOW.multipliedBy(3)));

        assertThat(result.answers()).isPositive().isLessThan(handled.get() - 2L * CONNECTIONS);
    }

    @Test
    void allConnectionsAndAllRequestsAreUsedInTurn() throws IOException {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        Map<String, AtomicLong> paths = new ConcurrentHashMap<>();
        LoadGenerator.run(load(
                serving((exchange, number) -> {
                    ports.add(exchange.getRemoteAddress().getPort());
                    paths.computeIfAbsent(exchange.getRequestURI().getPath(), path -> new AtomicLong())
                            .incrementAndGet();
                    answer(exchange, 200);
                }),
                Duration.ZERO));

        assertThat(ports).hasSize(CONNECTIONS);
        assertThat(paths).hasSize(requests().size());
        long most = paths.values().stream().mapToLong(AtomicLong::get).max().orElseThrow();
        assertThat(paths.values())
                .allSatisfy(count -> assertThat(most - count.get()).isLessThanOrEqualTo(2L * CONNECTIONS));
    }

    @Test
    void percentilesShowTheFewSlowAnswers() throws IOException {
        long slow = Duration.ofMillis(30).toNanos();
        LoadResult result = LoadGenerator.run(load(
                serving((exchange, number) -> {
                    if (number % 20 == 0) {
                        long until = System.nanoTime() + slow;
                        while (System.nanoTime() - until < 0) {
                            Thread.onSpinWait();
                        }
                    }
                    answer(exchange, 200);
                }),
                Duration.ZERO));

        assertThat(result.microsAt(99.9) * 1_000).isGreaterThanOrEqualTo(slow * 0.99);
        assertThat(result.latencies().getMinValue()).isLessThan(slow);
    }

    @Test
    void anUnexpectedStatusFailsTheRoundAndIsShown() {
        assertThatThrownBy(() -> LoadGenerator.run(load(
                        serving((exchange, number) -> answer(exchange, number % 50 == 0 ? 503 : 200)), Duration.ZERO)))
                .isInstanceOf(UnexpectedAnswers.class)
                .hasMessageContaining("were not 200")
                .hasMessageContaining("HTTP/1.1 503");
    }

    @Test
    void anUnexpectedStatusInTheWarmUpFailsTheRoundToo() {
        assertThatThrownBy(() -> LoadGenerator.run(load(
                        serving((exchange, number) -> answer(exchange, number == 1 ? 401 : 200)), WINDOW)))
                .isInstanceOf(UnexpectedAnswers.class)
                .hasMessageContaining("HTTP/1.1 401");
    }

    @Test
    void anAnswerOfAnotherLengthFailsTheRound() {
        assertThatThrownBy(() -> LoadGenerator.run(load(
                        serving((exchange, number) -> {
                            exchange.sendResponseHeaders(200, 3);
                            exchange.getResponseBody().write(new byte[3]);
                            exchange.close();
                        }),
                        Duration.ZERO)))
                .isInstanceOf(UnexpectedAnswers.class);
    }

    @Test
    void aConnectionThatIsClosedFailsTheRound() throws IOException {
        try (ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> closeEach(closing));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), closing.getLocalPort());

            assertThatThrownBy(() -> LoadGenerator.run(load(address, Duration.ZERO)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(UnexpectedAnswers.class);
        }
    }

    @Test
    void aBusyGeneratorIsToldFromAWaitingOne() throws IOException {
        LoadResult result =
                LoadGenerator.run(load(serving((exchange, number) -> answer(exchange, 200)), Duration.ZERO));

        assertThat(result.cpuNanos()).isPositive();
        assertThat(new LoadResult(result.latencies(), result.byStatus(), 1_000, 901).generatorBound())
                .isTrue();
        assertThat(new LoadResult(result.latencies(), result.byStatus(), 1_000, 899).generatorBound())
                .isFalse();
    }

    /** Answers the request with this number, from 1. */
    private interface Answering {
        void answer(HttpExchange exchange, long number) throws IOException;
    }

    private InetSocketAddress serving(Answering answering) {
        server.createContext("/", exchange -> {
            answering.answer(exchange, handled.incrementAndGet());
        });
        server.start();
        return server.getAddress();
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, BODY.length);
        exchange.getResponseBody().write(BODY);
        exchange.close();
    }

    private static Load load(InetSocketAddress address, Duration warmUp) {
        return new Load(address, requests(), 200, BODY.length, CONNECTIONS, warmUp, WINDOW);
    }

    private static List<byte[]> requests() {
        return IntStream.range(0, 16)
                .mapToObj(i -> "POST /%d HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}"
                        .formatted(i)
                        .getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    private static void closeEach(ServerSocket closing) {
        try {
            while (true) {
                Socket socket = closing.accept();
                socket.close();
            }
        } catch (IOException e) {
            assertThat(closing.isClosed()).isTrue();
        }
    }
}
