package dev.keyrack.server.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demo's web shop: a page of another origin than Keyrack's with the web component on it, under a policy that allows
 * nothing but what it needs. Its switches change the options of the key, as its owner would.
 */
final class DemoShop implements AutoCloseable {
    private static final int PORT = 8082;
    private static final int MAX_BODY = 64 << 10;
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html; charset=utf-8", "css", "text/css", "js", "text/javascript");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();

    private DemoShop(HttpServer server) {
        this.server = server;
    }

    /** Listens on this machine only, on port 8082, or on a free one where that is taken. Shows nothing before {@link #open}. */
    static DemoShop start() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(here, PORT), 0);
        } catch (BindException e) {
            server = HttpServer.create(new InetSocketAddress(here, 0), 0);
        }
        DemoShop shop = new DemoShop(server);
        server.setExecutor(shop.threads);
        server.start();
        return shop;
    }

    /** Its origin, to be allowed by the key. */
    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Shows the shop.
     *
     * @param keyId of the web key that its page has
     * @param token of that key
     * @param personal a token that may change the key
     */
    void open(String keyrack, String keyId, String token, String personal) {
        String policy = "default-src 'none'; script-src 'self' " + keyrack + "; style-src 'self'; connect-src 'self' "
                + keyrack + "; form-action 'none'; base-uri 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types 'none'";
        server.createContext(
                "/",
                exchange -> answer(exchange, () -> {
                    if (!exchange.getRequestURI().getPath().equals("/")) {
                        return new Answer(404, "text/plain", "There is nothing here.");
                    }
                    exchange.getResponseHeaders().set("Content-Security-Policy", policy);
                    return file("index.html", Map.of("{{keyrack}}", keyrack, "{{token}}", token));
                }));
        server.createContext("/shop.css", exchange -> answer(exchange, () -> file("shop.css", Map.of())));
        server.createContext("/shop.js", exchange -> answer(exchange, () -> file("shop.js", Map.of())));
        URI options = URI.create(keyrack + "/api/v1/keys/" + keyId + "/component");
        server.createContext("/options", exchange -> answer(exchange, () -> passedOn(exchange, options, personal)));
    }

    private record Answer(int status, String type, String body) {}

    private interface Work {
        Answer answer() throws IOException, InterruptedException;
    }

    private static void answer(HttpExchange exchange, Work work) throws IOException {
        try (exchange) {
            Answer answer = work.answer();
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Answer file(String name, Map<String, String> words) throws IOException {
        try (InputStream in = DemoShop.class.getResourceAsStream("/demo/" + name)) {
            String text = new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> word : words.entrySet()) {
                text = text.replace(word.getKey(), word.getValue());
            }
            return new Answer(200, TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "text/plain"), text);
        }
    }

    /** Only as JSON, which no page of another origin can send without asking. */
    private Answer passedOn(HttpExchange exchange, URI options, String personal)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(options).header("x-api-key", personal);
        if (exchange.getRequestMethod().equals("PATCH")) {
            String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
            request.header("Content-Type", type).method("PATCH", HttpRequest.BodyPublishers.ofByteArray(body));
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(),
                "application/json",
                answer.statusCode() == 200
                        ? JsonMapper.shared()
                                .readTree(answer.body())
                                .path("component")
                                .toString()
                        : answer.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        http.close();
    }
}
