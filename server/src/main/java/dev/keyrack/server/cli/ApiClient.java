package dev.keyrack.server.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the management API, and tells what it refuses the way a person at a terminal reads it. */
final class ApiClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;
    private static final Duration LONG_PATIENCE = Duration.ofHours(6);
    static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Launcher.Target target;
    private final @Nullable String organization;

    /** @param organization the subdomain of the organization that the calls are about; nothing for the only one */
    ApiClient(Launcher.Target target, @Nullable String organization) {
        this.target = target;
        this.organization = organization;
    }

    JsonNode get(String path) {
        return call("GET", path, null);
    }

    /** Sent again when the answer is lost, which makes nothing twice: each call has an Idempotency-Key of its own. */
    JsonNode post(String path, ObjectNode body) {
        return call("POST", path, body);
    }

    JsonNode patch(String path, ObjectNode body) {
        return call("PATCH", path, body);
    }

    JsonNode delete(String path) {
        return call("DELETE", path, null);
    }

    /** @param version that the resource must still have, as an entity tag; nothing for any */
    JsonNode put(String path, ObjectNode body, @Nullable String version) {
        HttpRequest.Builder request = request(path)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (version != null) {
            request.header("If-Match", version);
        }
        return answered(sendPatiently(request.build()));
    }

    /** Sends lines of JSON, however many, and waits for as long as reading the whole store may take. */
    JsonNode postLines(String path, HttpRequest.BodyPublisher lines) {
        HttpRequest.Builder request = request(path)
                .timeout(LONG_PATIENCE)
                .header("Content-Type", "application/x-ndjson")
                .POST(lines);
        return answered(send(request.build()));
    }

    /** The verdict on a token, from the data plane. */
    JsonNode verify(ObjectNode question) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.gateUrl() + "/v1/verify"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.toString()));
        String verifier = System.getenv("KEYRACK_VERIFIER");
        if (verifier != null) {
            request.header("Keyrack-Verifier", verifier);
        }
        HttpResponse<String> answer = send(request.build());
        JsonNode json = JSON.readTree(answer.body());
        if (!json.has("valid")) {
            // Exit status 1 says that the token is not good; this says nothing about the token.
            throw refused(2, json);
        }
        return json;
    }

    private JsonNode call(String method, String path, @Nullable ObjectNode body) {
        HttpRequest.Builder request = request(path)
                .timeout(PATIENCE)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (method.equals("POST")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        return answered(sendPatiently(request.build()));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.url() + path))
                .header("Authorization", "Bearer " + target.operator().reveal());
        if (organization != null) {
            request.header("Keyrack-Organization", organization);
        }
        return request;
    }

    private static JsonNode answered(HttpResponse<String> answer) {
        JsonNode json = JSON.readTree(answer.body());
        if (answer.statusCode() >= 400) {
            throw refused(1, json);
        }
        return json;
    }

    /** Sends it again, a few times, when the connection broke or the first sending is still being carried out. */
    private HttpResponse<String> sendPatiently(HttpRequest request) {
        for (int left = ATTEMPTS - 1; ; left--) {
            try {
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                boolean running = answer.statusCode() == 409
                        && answer.headers().firstValue("Retry-After").isPresent();
                if (!running || left == 0) {
                    return answer;
                }
                Thread.sleep(PAUSE);
            } catch (ConnectException | HttpTimeoutException e) {
                throw unanswered(request);
            } catch (IOException e) {
                if (left == 0) {
                    throw unanswered(request);
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw unanswered(request);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static CommandLineProblem unanswered(HttpRequest request) {
        return new CommandLineProblem(
                2,
                "Keyrack does not answer at " + request.uri().getAuthority()
                        + ". Is it still starting, or was it stopped?");
    }

    private static CommandLineProblem interrupted() {
        Thread.currentThread().interrupt();
        return new CommandLineProblem(2, "Interrupted before Keyrack answered.");
    }

    private static CommandLineProblem refused(int status, JsonNode problem) {
        StringBuilder text = new StringBuilder(problem.path("detail").asString("Keyrack refused it."));
        for (JsonNode error : problem.path("errors")) {
            text.append("\n  ")
                    .append(error.path("pointer").asString(""))
                    .append(": ")
                    .append(error.path("detail").asString(""));
        }
        return new CommandLineProblem(status, text.toString());
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
