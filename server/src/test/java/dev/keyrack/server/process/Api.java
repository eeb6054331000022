package dev.keyrack.server.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One plane of a running process over HTTP, with a credential or without. */
record Api(String url, @Nullable String token) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final JsonMapper JSON = JsonMapper.shared();

    /** @param requestId as the answer gives it back */
    record Answer(int status, JsonNode json) {
        String text(String pointer) {
            return json.at(pointer).asString("");
        }
    }

    Api as(String other) {
        return new Api(url, other);
    }

    Answer get(String path) throws IOException {
        return send("GET", path, null, "");
    }

    Answer post(String path, Map<String, ?> body) throws IOException {
        return send("POST", path, JSON.writeValueAsString(body), "");
    }

    Answer delete(String path) throws IOException {
        return send("DELETE", path, null, "");
    }

    /** @param requestId that log and audit are to have, and by which a repetition is known; or nothing */
    Answer send(String method, String path, @Nullable String body, String requestId) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!requestId.isEmpty()) {
            request.header("X-Request-Id", requestId);
            request.header("Idempotency-Key", requestId);
        }
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The gate's verdict on a token. */
    String verdict(String key) throws IOException {
        return post("/v1/verify", Map.of("token", key)).text("/code");
    }

    /** All items of a list, page by page. */
    List<JsonNode> all(String path) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = get(path + (path.contains("?") ? "&" : "?") + "limit=200" + cursor);
            if (page.status() != 200) {
                throw new AssertionError("a page could not be read: " + page);
            }
            page.json().get("items").forEach(items::add);
            String next = page.text("/next");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return items;
    }
}
