package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Promise: a key that was made through the management API gets the verdicts of the vectors in {@code contract/}. Of those
 * that it can be told of: not of keys that have expired, or whose organization is suspended.
 */
@TestInstance(Lifecycle.PER_CLASS)
class VerdictsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TOLD = Set.of("type", "state", "permissions", "restrictions");
    private static final Set<String> ASKED = Set.of("key", "origin", "ip", "app", "permission", "code", "ways");

    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void keyMadeThroughTheApiGetsTheVerdictsOfTheVectors() throws Exception {
        Path root = Path.of(System.getProperty("keyrack.root"));
        JsonNode file = JSON.readTree(Files.readString(root.resolve("contract/verdicts.json")));
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (JsonNode group : file.path("groups")) {
            if (group.has("catalogue")) {
                continue;
            }
            for (var entry : group.path("keys").properties()) {
                JsonNode key = entry.getValue();
                if (!TOLD.containsAll(key.propertyNames())
                        || key.path("restrictions").has("localDevelopment")) {
                    continue;
                }
                String token = make(key);
                for (JsonNode question : group.path("questions")) {
                    if (question.path("key").asString().equals(entry.getKey()) && canBeAsked(question)) {
                        asked++;
                        String code = ask(token, question);
                        if (!code.equals(question.path("code").asString())) {
                            wrong.add(code + ": " + question);
                        }
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(700);
    }

    private String make(JsonNode key) {
        ObjectNode body = JSON.createObjectNode()
                .put("name", "Key")
                .put("type", key.path("type").asString())
                .put("projectId", server.project);
        if (key.has("permissions")) {
            body.set("permissions", key.get("permissions"));
        }
        if (key.has("restrictions")) {
            ObjectNode restrictions = (ObjectNode) key.get("restrictions").deepCopy();
            if (restrictions.has("networks")) {
                restrictions.put("allowWide", true);
            }
            body.set("restrictions", restrictions);
        }
        Answer made = server.owner.post("/api/v1/keys", body.toString());
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String path = "/api/v1/keys/" + made.at("/key/id");
        int ended = switch (key.path("state").asString("active")) {
            case "disabled" -> server.owner.post(path + "/disable").status();
            case "revoked" -> server.owner.delete(path).status();
            default -> 200;
        };
        assertThat(ended).isEqualTo(200);
        return made.at("/token");
    }

    private static boolean canBeAsked(JsonNode question) {
        boolean byVerify = !question.has("ways")
                || StreamSupport.stream(question.path("ways").spliterator(), false)
                        .anyMatch(way -> way.asString().equals("verify"));
        return byVerify && ASKED.containsAll(question.propertyNames());
    }

    private String ask(String token, JsonNode question) {
        ObjectNode body = (ObjectNode) question.deepCopy();
        body.remove(List.of("key", "code", "ways"));
        return server.gate
                .post("/v1/verify", body.put("token", token).toString())
                .at("/code");
    }
}
