package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** What tests of assistants have in common: one of a new project for each test, and that no secret of any is kept or logged. */
@Tag("engines")
@TestInstance(Lifecycle.PER_CLASS)
abstract class TestingAssistant {
    static final String API_KEY = "sk-hunter2sesamehunter2";

    TestingServer server;
    String assistant;

    @BeforeAll
    void start() {
        server = TestingServer.start(Map.of("KEYRACK_BACKEND_NETWORKS", "127.0.0.0/8"));
    }

    @AfterAll
    void stop() {
        try {
            assertThat(server.rows().toString()).doesNotContain(API_KEY, "whsec_");
            assertThat(server.log.text()).doesNotContain(API_KEY, "whsec_");
        } finally {
            server.close();
        }
    }

    @BeforeEach
    void project() {
        assistant = server.owner.post("/api/v1/projects", "{'name':'P'}").header("Location") + "/assistant";
    }

    Answer set(String patch) {
        return server.owner.patch(assistant, patch);
    }

    Answer ask(String text) {
        Answer tried = server.owner.post(assistant + "/try", "{'text':'" + text + "'}");
        assertThat(tried.status()).as(tried.text()).isEqualTo(200);
        return tried;
    }

    JsonNode lastEvent() {
        return server.owner.get("/api/v1/audit?limit=1").json().at("/items/0");
    }
}
