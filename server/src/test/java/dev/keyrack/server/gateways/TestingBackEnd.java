package dev.keyrack.server.gateways;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The API that a gateway protects. It remembers what reached it, and answers with the status that the path asks for. */
final class TestingBackEnd implements AutoCloseable {
    /** What it says of itself, so that its own answers can be told from the gateway's. */
    static final String ANSWER = "the back end's own answer";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** What it says of itself where a path ends in /deprecated. */
    static final String DEPRECATION = "@1";

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    /**
     * A request as it arrived.
     *
     * @param headers with names in lower case
     */
    record Received(String method, String target, Map<String, List<String>> headers, long length, String sha256) {
        List<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }
    }

    TestingBackEnd() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    void forget() {
        received.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(read(exchange));
            String path = exchange.getRequestURI().getPath();
            int status =
                    path.matches("/.*/answers/[0-9]{3}") ? Integer.parseInt(path.substring(path.length() - 3)) : 200;
            byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Back-End", "yes");
            if (path.endsWith("/deprecated")) {
                exchange.getResponseHeaders().set("Deprecation", DEPRECATION);
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Received read(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        MessageDigest digest = sha256();
        long length = 0;
        try (InputStream body = new DigestInputStream(exchange.getRequestBody(), digest)) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                length += n;
            }
        }
        return new Received(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                length,
                HexFormat.of().formatHex(digest.digest()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Goes away. */
    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
        threads.close();
    }
}
