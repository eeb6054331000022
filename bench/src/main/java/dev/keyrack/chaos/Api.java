package dev.keyrack.chaos;

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

/** The management API of any node that serves, under one credential. */
final class Api implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String credential;

    Api(String credential) {
        this.credential = credential;
    }

    Answered post(Node serve, String path, Map<String, ?> body, Map<String, String> headers)
            throws InterruptedException {
        return send(serve, "POST", path, JsonMapper.shared().writeValueAsString(body), headers);
    }

    Answered get(Node serve, String path) throws InterruptedException {
        return send(serve, "GET", path, null, Map.of());
    }

    Answered send(Node serve, String method, String path, @Nullable String body, Map<String, String> headers)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(serve.url() + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + credential)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answered(
                    answer.statusCode(),
                    JsonMapper.shared().readTree(answer.body().isEmpty() ? "{}" : answer.body()));
        } catch (IOException e) {
            return new Answered(0, JsonMapper.shared().createObjectNode());
        }
    }

    /** Every item of a list. */
    List<JsonNode> all(Node serve, String list) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            Answered page = get(serve, list + "?limit=100" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            if (page.status() != 200) {
                throw new IOException(serve.name() + " answered " + page.status() + " to " + list + ": " + page.json());
            }
            page.json().get("items").forEach(all::add);
            cursor = page.text("/next");
        } while (!cursor.isEmpty());
        return all;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
