package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A visitor's browser on a page of another origin, as the component in it calls the server. */
final class TestingVisitor {
    static final String PAGE = "https://example.com";

    private final TestingServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    final String token;
    final String origin;
    String access = "";
    String refresh = "";
    String leave = "";
    String visitor = "";

    TestingVisitor(TestingServer server, String token, String origin) {
        this.server = server;
        this.token = token;
        this.origin = origin;
    }

    /** A new guest with a session. */
    static TestingVisitor of(TestingServer server, String token) {
        TestingVisitor visitor = new TestingVisitor(server, token, PAGE);
        Answer opened = visitor.open("");
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        return visitor;
    }

    /** Opens a session with the refresh token that it has. @param more fields, JSON with ' for ", each after a comma */
    Answer open(String more) {
        String held = refresh.isEmpty() ? "" : ",'visitor':'" + refresh + "'";
        Answer answer = page().post("/assistant/v1/sessions", "{'key':'" + token + "'" + held + more + "}");
        if (answer.status() == 201) {
            access = answer.at("/access");
            refresh = answer.at("/refresh");
            leave = answer.at("/leave");
            visitor = answer.at("/visitor/id");
        }
        return answer;
    }

    /** The page without a session. */
    TestingClient page() {
        return server.nobody.as("Origin", origin);
    }

    TestingClient client() {
        return server.nobody.as("Origin", origin, "Authorization", "Bearer " + access);
    }

    String start() {
        Answer answer = tryStart();
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.at("/conversation/id");
    }

    Answer tryStart() {
        return client().post("/assistant/v1/conversations", "{}", "Idempotency-Key", fresh());
    }

    static String fresh() {
        return UUID.randomUUID().toString();
    }

    static String path(String conversation) {
        return "/assistant/v1/conversations/" + conversation;
    }

    /** Sends a message that is refused, or whose reply is read to its end. */
    Answer send(String conversation, String text) {
        return send(conversation, text, fresh());
    }

    Answer send(String conversation, String text, String once) {
        return client().post(
                        path(conversation) + "/messages",
                        "{'text':'" + text + "'}",
                        "Idempotency-Key",
                        once,
                        "Accept",
                        "text/event-stream");
    }

    /** One event as it came. */
    record Event(@Nullable String id, String name, JsonNode data) {}

    /** A stream that is read event by event. */
    static final class Stream implements AutoCloseable {
        final HttpResponse<java.io.InputStream> response;
        private final BufferedReader lines;

        Stream(HttpResponse<java.io.InputStream> response) {
            this.response = response;
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The next event; nothing at the end of the stream. */
        Optional<Event> next() {
            String id = null;
            String name = null;
            String data = null;
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        name = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        data = line.substring(6);
                    } else if (line.isEmpty() && name != null) {
                        return Optional.of(
                                new Event(id, name, JsonMapper.shared().readTree(data)));
                    }
                }
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<Event> rest() {
            List<Event> all = new ArrayList<>();
            for (Optional<Event> event = next(); event.isPresent(); event = next()) {
                all.add(event.get());
            }
            return all;
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Stream stream(String conversation, String text, String once) {
        return stream(HttpRequest.newBuilder()
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", once)
                .uri(uri(path(conversation) + "/messages")));
    }

    /** @param last nothing for the reply under way */
    Stream resume(String conversation, @Nullable String last) {
        HttpRequest.Builder request = HttpRequest.newBuilder().GET().uri(uri(path(conversation) + "/stream"));
        return stream(last == null ? request : request.header("Last-Event-ID", last));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.running.port() + path);
    }

    private Stream stream(HttpRequest.Builder request) {
        try {
            return new Stream(http.send(
                    request.header("Origin", origin)
                            .header("Accept", "text/event-stream")
                            .header("Authorization", "Bearer " + access)
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static List<String> names(List<Event> events) {
        return events.stream().map(Event::name).toList();
    }

    /** The events of an answer that was read whole. */
    static List<Event> events(Answer answer) {
        List<Event> all = new ArrayList<>();
        for (String block : answer.text().split("\n\n", -1)) {
            String id = null;
            String name = null;
            String data = "";
            for (String line : block.split("\n", -1)) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            if (name != null) {
                all.add(new Event(id, name, JsonMapper.shared().readTree(data)));
            }
        }
        return all;
    }

    static String text(List<Event> events) {
        StringBuilder text = new StringBuilder();
        events.stream()
                .filter(e -> e.name().equals("text"))
                .forEach(e -> text.append(e.data().at("/text").asString()));
        return text.toString();
    }
}
