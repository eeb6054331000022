package dev.keyrack.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A webhook that streams answers of many pieces at an even pace, and knows when it sent the first one of each. */
final class StreamingBackend implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> firstSentAt = new ConcurrentHashMap<>();
    private final int pieces;
    private final long everyMillis;

    private StreamingBackend(HttpServer server, int pieces, long everyMillis) {
        this.server = server;
        this.pieces = pieces;
        this.everyMillis = everyMillis;
    }

    static StreamingBackend start(int pieces, long everyMillis) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        StreamingBackend backend = new StreamingBackend(server, pieces, everyMillis);
        server.setExecutor(backend.threads);
        server.createContext("/", backend::answer);
        server.start();
        return backend;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** The whole text of an answer. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(piece(i));
        }
        return text.toString();
    }

    private static String piece(int number) {
        return "word" + number + " ";
    }

    /** When the first byte of a conversation's answer went out, as {@link System#nanoTime} counts. */
    long firstSentAt(String conversation) {
        return Objects.requireNonNull(firstSentAt.get(conversation), "it was not asked");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode asked =
                    JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (int i = 0; i < pieces; i++) {
                if (i == 0) {
                    firstSentAt.put(asked.get("conversationId").stringValue(), System.nanoTime());
                }
                out.write(("data: {\"text\":\"" + piece(i) + "\"}\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(everyMillis);
            }
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
