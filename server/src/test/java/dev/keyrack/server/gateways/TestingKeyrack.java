package dev.keyrack.server.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keyrack as operators run it, on a throw-away folder, with an organization and a project in it. */
final class TestingKeyrack implements AutoCloseable {
    static final String SUBDOMAIN = "shop";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final RunningServer server;
    private final String url;
    private final String owner;
    private final String project;

    record Issued(String id, String token, String type, String organization, String project) {}

    TestingKeyrack() {
        try {
            folder = Files.createTempDirectory("keyrack-data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path data = folder.resolve("data");
        server = RunningServer.start(
                SettingsReader.read(
                        folder.resolve("keyrack.yaml"),
                        Map.of("KEYRACK_DATA", data.toString(), "KEYRACK_PORT", "0", "KEYRACK_GATE_PORT", "0")),
                "test");
        ControlFile.Running running = ControlFile.read(data).orElseThrow();
        url = running.url();
        owner = call(
                        "POST",
                        "/setup",
                        running.operator().reveal(),
                        Map.of("name", "Shop", "subdomain", SUBDOMAIN, "ownerEmail", "owner@example.com"))
                .get("token")
                .stringValue();
        project = call("POST", "/projects", owner, Map.of("name", "Shop"))
                .at("/project/id")
                .stringValue();
    }

    int gatePort() {
        return server.gatePort();
    }

    Issued issue(String type, List<String> permissions) {
        JsonNode answer = call(
                "POST",
                "/keys",
                owner,
                Map.of("name", "Key", "type", type, "projectId", project, "permissions", permissions));
        return new Issued(
                answer.at("/key/id").stringValue(),
                answer.get("token").stringValue(),
                type,
                answer.at("/key/organizationId").stringValue(),
                project);
    }

    void disable(Issued key) {
        call("POST", "/keys/" + key.id() + "/disable", owner, Map.of());
    }

    void enable(Issued key) {
        call("POST", "/keys/" + key.id() + "/enable", owner, Map.of());
    }

    /** A newer token for the key, beside which the former one works for an hour. */
    Issued rotate(Issued key) {
        JsonNode answer = call("POST", "/keys/" + key.id() + "/regenerate", owner, Map.of("overlapSeconds", 3600));
        return new Issued(key.id(), answer.get("token").stringValue(), key.type(), key.organization(), key.project());
    }

    void revoke(Issued key) {
        call("DELETE", "/keys/" + key.id(), owner, null);
    }

    private JsonNode call(String method, String path, String token, Map<String, Object> body) {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body));
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                            .method(method, publisher)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as("%s %s", method, path).isBetween(200, 299);
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        Gateway.delete(folder);
    }
}
