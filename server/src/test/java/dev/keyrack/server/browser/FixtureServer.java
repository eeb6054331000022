package dev.keyrack.server.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Pages with the markup that the portal's scripts look for, under the portal's policy, without the portal. */
final class FixtureServer implements AutoCloseable {
    /** The strictest that the scripts must live with. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types keyrack";

    static final String TOKEN = "kr_web_0123456789aabcdefghijklmnopqrstuvwxyz123456";
    private static final List<String> KEYS = List.of("Shop", "Shelf", "Blog", "Sandbox");

    /** Holds the answer to the search for {@code slow} back until it is opened. */
    final CountDownLatch slow = new CountDownLatch(1);

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    FixtureServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** The same page without TLS, where a browser has no clipboard. */
    String insecure(String path) {
        return "http://desk.test:" + server.getAddress().getPort() + path;
    }

    /** Method, target and, of forms, what they said, in the order of arrival. */
    List<String> received() {
        return List.copyOf(received);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String said = URLDecoder.decode(body, StandardCharsets.UTF_8);
            received.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + said).strip());
            String path = exchange.getRequestURI().getPath();
            boolean post = exchange.getRequestMethod().equals("POST");
            switch (path) {
                case "/" -> html(exchange, 200, page("index").replace("{{threeMinutesAgo}}", threeMinutesAgo()));
                case "/portal/portal.js" -> send(exchange, 200, "text/javascript", resource("/portal/portal.js"));
                case "/fixture.css" -> send(exchange, 200, "text/css", resource("/browser/fixture.css"));
                case "/new" -> html(exchange, post ? made(exchange, said) : 200, newKey(post, said));
                case "/elsewhere" -> redirect(exchange, "/sign-in?then=/elsewhere");
                case "/keys" -> html(exchange, 200, keys(query(exchange)));
                case "/search" -> html(exchange, 200, found(query(exchange)));
                case "/reveal" -> send(exchange, 200, "application/json", bytes("{\"token\":\"" + TOKEN + "\"}"));
                case "/reveal-refused" ->
                    send(
                            exchange,
                            403,
                            "application/problem+json",
                            bytes("{\"detail\":\"You may not see this token.\"}"));
                case "/save" -> redirect(exchange, "/saved");
                case "/nothing.png" -> send(exchange, 404, "text/plain", new byte[0]);
                default ->
                    html(
                            exchange,
                            200,
                            newPage("<h1>At " + escaped(exchange.getRequestURI().toString()) + "</h1>"));
            }
        }
    }

    private static String threeMinutesAgo() {
        return Instant.now().minusSeconds(200).toString();
    }

    /** A name makes a key, {@code secret} one whose token is shown once, and {@code broken} is a mistake of the server. */
    private static int made(HttpExchange exchange, String said) {
        return switch (said) {
            case "name=secret", "name=nameless error" -> 200;
            case "name=" -> 422;
            case "name=broken" -> 500;
            default -> {
                exchange.getResponseHeaders().set("Location", "/made");
                yield 303;
            }
        };
    }

    private static String newKey(boolean post, String said) {
        if (post && said.equals("name=broken")) {
            return newPage("<h1>Sorry</h1><p role=\"alert\">Something broke here.</p>");
        }
        if (post && said.equals("name=secret")) {
            return newPage("""
                    <div data-dialog-body data-keep data-dialog-then="/keys">
                    <h1>Store the token</h1>
                    <p><code id="secret">%s</code> <button type="button" data-copy="#secret">Copy</button></p>
                    <label><input type="checkbox" data-stored data-enables="#done"> I have stored it</label>
                    <a href="/keys">All keys</a> <button type="button" id="done" data-dialog-close>Done</button>
                    </div>""".formatted(TOKEN));
        }
        String wrong = post ? " aria-invalid=\"true\" aria-describedby=\"wrong\"" : "";
        return newPage("""
                <div data-dialog-body>
                <h1>Create API Key</h1>
                <form method="post" action="/new" data-guard>
                <label for="new-name">Name of the key</label>
                <input id="new-name" name="name"%s autofocus>
                %s
                <button>Create</button> <a href="/" data-dialog-close>Cancel</a>
                </form>
                </div>""".formatted(wrong, post ? "<p id=\"wrong\">Give it a name.</p>" : ""));
    }

    private String keys(Map<String, String> asked) {
        String search = asked.getOrDefault("search", "");
        if (search.equals("slow")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        List<String> found = KEYS.stream()
                .filter(key -> key.toLowerCase().startsWith(search))
                .toList();
        String rows = found.stream()
                .map(key ->
                        "<tr><td><input type=\"checkbox\" name=\"key\" value=\"%1$s\" aria-label=\"Select %1$s\"><td>%1$s"
                                .formatted(key))
                .collect(Collectors.joining("\n"));
        String table = found.isEmpty()
                ? "<p>No keys.</p>"
                : "<table><thead><tr><th><input type=\"checkbox\" data-select-all aria-label=\"Select all\"><th>Name"
                        + "<tbody>" + rows + "</table>";
        return page("keys")
                .replace("{{search}}", escaped(search))
                .replace("{{count}}", found.size() + " keys")
                .replace("{{table}}", table);
    }

    private static String found(Map<String, String> asked) {
        String words = asked.get("q");
        return newPage("<div data-quick-results data-announce=\"2 found\"><div role=\"group\" aria-label=\"Keys\">"
                + "<a href=\"/keys/1\">Key %1$s</a><a href=\"/keys/2\">Other %1$s</a></div></div>"
                        .formatted(escaped(words)));
    }

    private static String page(String name) {
        return new String(resource("/browser/" + name + ".html"), StandardCharsets.UTF_8);
    }

    private static String newPage(String body) {
        return page("new").replace("{{body}}", body);
    }

    private static byte[] resource(String path) {
        try (InputStream in = FixtureServer.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not there. The build makes it: ./keyrack build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getRawQuery();
        for (String pair : (text == null ? "" : text).split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        send(exchange, 303, "text/plain", new byte[0]);
    }

    private static void html(HttpExchange exchange, int status, String html) throws IOException {
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        send(exchange, status, "text/html; charset=utf-8", bytes(html));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        slow.countDown();
        server.stop(0);
        threads.close();
    }
}
