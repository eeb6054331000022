package dev.keyrack.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyrack.server.app.ControlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Websites of somebody else's with the web component on their pages: every path of {@code http://shop.test} and of any other
 * host under {@code .test} shows the same page, under the strictest policy that the component is promised to run under.
 */
final class TestingShop implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String keyrack;
    private final String domain;
    private volatile String html = "";
    private volatile String policy;

    private TestingShop(HttpServer server, String keyrack, String domain) {
        this.server = server;
        this.keyrack = keyrack;
        this.domain = domain;
        this.policy = strict();
    }

    static TestingShop start(TestingServer keyrack) {
        return start(ControlFile.read(keyrack.data).orElseThrow().url());
    }

    /** @param keyrack where the component comes from */
    static TestingShop start(String keyrack) {
        return start(keyrack, "test");
    }

    /** @param domain {@code test}, or {@code localhost}, under which pages count as secure */
    static TestingShop start(String keyrack, String domain) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestingShop shop = new TestingShop(server, keyrack, domain);
            server.setExecutor(shop.threads);
            server.createContext("/", shop::answer);
            server.start();
            return shop;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String strict() {
        return "default-src 'self'; script-src 'self' " + keyrack + "; connect-src 'self' " + keyrack
                + "; style-src 'self'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script';"
                + " trusted-types 'none'";
    }

    /** The origin of a host under its domain: {@code shop}. */
    String origin(String host) {
        return "http://" + host + "." + domain + ":" + server.getAddress().getPort();
    }

    /** Shows a page with the component, opened with this token, and this beside it. */
    void show(String token, String beside) {
        showHtml("<keyrack-assistant api-key=\"" + token + "\"></keyrack-assistant>" + beside);
    }

    /** Shows a page with the component's script, and this as its body. */
    void showHtml(String body) {
        showWith("", body);
    }

    /** The same, which takes the script only as it is told here. */
    void showPinned(String integrity, String body) {
        showWith(" integrity=\"" + integrity + "\" crossorigin=\"anonymous\"", body);
    }

    private void showWith(String attributes, String body) {
        html = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Shop</title>"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<script src=\"" + keyrack
                + "/assistant/v1.js\"" + attributes + " async></script></head><body><main><h1>Shop</h1></main>"
                + body + "</body></html>";
    }

    /** Allows style sheets in the page, for those that harm it. */
    void allowStyles() {
        policy = strict().replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
    }

    /** As strict as it is to begin with. */
    void forbidStyles() {
        policy = strict();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().equals("/favicon.ico")) {
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            byte[] page = html.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders().set("Content-Security-Policy", policy);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
