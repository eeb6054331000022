package dev.keyrack.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** What stands before Keyrack: it gives each browser a cookie, lets every page send it, and notes which requests show it. */
final class TestingCookies implements AutoCloseable {
    private static final String COOKIE = "seen=before";

    /** Of one connection, and none of the next one's business (RFC 9110, 7.6.1); or made anew. */
    private static final Set<String> OF_THE_LINE =
            Set.of("connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade");

    private final HttpServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String keyrack;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** @param path without ids */
    record Asked(String method, String path, @Nullable String cookie) {
        boolean shown() {
            return cookie != null;
        }

        String call() {
            return method + " " + path;
        }
    }

    private TestingCookies(HttpServer server, String keyrack) {
        this.server = server;
        this.keyrack = keyrack;
    }

    /** @param url of Keyrack */
    static TestingCookies before(String url) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestingCookies cookies = new TestingCookies(server, url);
            server.setExecutor(cookies.threads);
            server.createContext("/", cookies::answer);
            server.start();
            return cookies;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked for, but for what browsers ask by themselves before it. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            note(exchange);
            HttpResponse<InputStream> answer = http.send(handedOn(exchange), BodyHandlers.ofInputStream());
            answer.headers().map().forEach((name, values) -> {
                if (!OF_THE_LINE.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                    exchange.getResponseHeaders().put(name, new ArrayList<>(values));
                }
            });
            exchange.getResponseHeaders().add("Set-Cookie", COOKIE + "; Path=/");
            exchange.getResponseHeaders().set("Access-Control-Allow-Credentials", "true");
            boolean empty = answer.statusCode() == 204 || answer.statusCode() == 304;
            exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : 0);
            try (InputStream in = answer.body();
                    OutputStream out = exchange.getResponseBody()) {
                byte[] buffer = new byte[16_384];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(HttpExchange exchange) {
        if (!exchange.getRequestMethod().equals("OPTIONS")) {
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI()
                            .getPath()
                            .replaceFirst("/components/[^/]+", "/components/{keyId}")
                            .replaceFirst("/conversations/[^/]+", "/conversations/{id}")
                            .replaceFirst("/messages/[^/]+", "/messages/{message}")
                            .replaceFirst("-[0-9A-Z]{8}\\.js", ".js"),
                    exchange.getRequestHeaders().getFirst("Cookie")));
        }
    }

    private HttpRequest handedOn(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(keyrack + exchange.getRequestURI().toString()))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_LINE.contains(name.toLowerCase(Locale.ROOT))) {
                // A page that comes through here is Keyrack's own.
                values.forEach(value -> request.header(name, value.equals(url()) ? keyrack : value));
            }
        });
        return request.build();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
