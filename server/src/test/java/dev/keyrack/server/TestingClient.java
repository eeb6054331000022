package dev.keyrack.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Somebody who calls the server: who they are stands in the headers that go with each call. */
final class TestingClient {
    private static final String JSON = "application/json";

    private final HttpClient http;
    private final String url;
    private final Contract contract;
    private final Consumer<JsonNode> seen;
    private final List<String> identity;

    /** @param seen is shown each JSON answer */
    TestingClient(HttpClient http, String url, Contract contract, Consumer<JsonNode> seen, String... identity) {
        this.http = http;
        this.url = url;
        this.contract = contract;
        this.seen = seen;
        this.identity = List.of(identity);
    }

    /** The same server, called with these headers and no others. */
    TestingClient as(String... headers) {
        return new TestingClient(http, url, contract, seen, headers);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, BodyPublishers.noBody(), headers);
    }

    Answer post(String path) {
        return send("POST", path, BodyPublishers.noBody());
    }

    /** @param body JSON, with ' for " */
    Answer post(String path, String body, String... headers) {
        return send("POST", path, JSON, quoted(body), headers);
    }

    Answer patch(String path, String body, String... headers) {
        return send("PATCH", path, "application/merge-patch+json", quoted(body), headers);
    }

    private static byte[] quoted(String body) {
        return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    Answer send(String method, String path, String contentType, byte[] body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", contentType));
        return send(method, path, BodyPublishers.ofByteArray(body), all.toArray(String[]::new));
    }

    /** Without a Content-Length. */
    Answer sendChunked(String method, String path, byte[] body) {
        return send(
                method, path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), "Content-Type", JSON);
    }

    Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        List<String> all = new ArrayList<>(identity);
        all.addAll(List.of(headers));
        for (int i = 0; i < all.size(); i += 2) {
            request.header(all.get(i), all.get(i + 1));
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
            contract.hold(method, path, answer);
            if (answer.header("Content-Type").startsWith(JSON)) {
                seen.accept(answer.json());
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
