package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.outbound.TestingBackend;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Promise: an assistant is set up, filled with questions and tried in the portal without a script; no secret is shown twice. */
class AssistantPageTest {
    private static TestingServer server;
    private static TestingReader owner;
    private String project;
    private String home;

    @BeforeAll
    static void start() {
        server = TestingServer.start(Map.of("KEYRACK_BACKEND_NETWORKS", "127.0.0.0/8"));
        owner = TestingReader.owner(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void project() {
        project = server.owner.post("/api/v1/projects", "{'name':'P'}").at("/project/id");
        home = "/projects/" + project + "/assistant";
        owner.open(home);
    }

    private Answer api() {
        return server.owner.get("/api/v1" + home);
    }

    @Test
    void questionIsAddedFoundEditedAndDeleted() {
        assertThat(owner.open(home + "/questions").text()).contains("No questions yet", "Import CSV");
        owner.open(home + "/questions/new");
        assertThat(owner.send(home + "/questions/new", "question", "Where is my order?", "answer", "On\r\nits way.")
                        .status())
                .isEqualTo(303);
        // A reload sends it again, and adds nothing.
        owner.send(home + "/questions/new", "question", "Where is my order?", "answer", "On\r\nits way.");
        Answer entries = server.owner.get("/api/v1" + home + "/entries");
        assertThat(entries.items("/answer")).containsExactly("On\nits way.");
        String entry = home + "/questions/" + entries.items("/id").getFirst();

        owner.open(home);
        assertThat(owner.send(home + "/try", "text", "wheres my ordr").text())
                .contains("On\nits way.", "Found, fits by", "Where is my order?", "ms.");
        assertThat(owner.send(home + "/try", "text", "Do you like football?").text())
                .contains("I have no answer to that yet.");
        owner.open(entry + "/edit");
        assertThat(owner.send(entry + "/edit", "question", "Where is my order?", "answer", "")
                        .text())
                .contains("answer-error", "aria-invalid=\"true\"");
        assertThat(owner.send(entry + "/edit", "question", "Where is it?", "answer", "Here.")
                        .status())
                .isEqualTo(303);
        assertThat(owner.open(home + "/questions?search=here").text()).contains("Where is it?");
        assertThat(owner.open(home + "/questions?search=nothing").text()).doesNotContain("Where is it?");
        assertThat(owner.open(entry + "/delete").text()).contains("Where is it?", "Yes, delete");
        assertThat(owner.send(entry + "/delete").status()).isEqualTo(303);
        assertThat(server.owner.get("/api/v1" + home + "/entries").items("/id")).isEmpty();
    }

    @Test
    void fileIsImportedOrTellsWhatIsWrongAndKeepsWhatWasPasted() {
        owner.open(home + "/questions/import");
        Answer wrong = owner.send(home + "/questions/import", "csv", "question,answer\nGood?,Yes\nBad?,\n");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("line 3, column answer", "Good?,Yes", "<a href=\"#csv-error\">CSV</a>");
        assertThat(owner.send(home + "/questions/import", "csv", "question\tanswer\r\nGood?\tYes\r\n")
                        .status())
                .isEqualTo(303);
        assertThat(owner.send(home + "/questions/import", "csv", "question,answer\r\nOther?,No\r\n", "replace", "yes")
                        .status())
                .isEqualTo(303);
        Answer exported = owner.open(home + "/questions/export");
        assertThat(exported.text()).isEqualTo("question,answer\r\nOther?,No\r\n");
    }

    @Test
    void secretOfTheWebhookIsShownOnceAndReplaced() throws Exception {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{\"text\":\"Hello you\"}")) {
            Answer saved = owner.send(
                    home,
                    "backend",
                    "webhook",
                    "webhook.url",
                    backend.url("/"),
                    "faq.fallback",
                    "",
                    "openai.systemPrompt",
                    "");
            assertThat(saved.status()).as(saved.text()).isEqualTo(200);
            assertThat(saved.text()).contains("whsec_", "You will not see this again");
            assertThat(owner.open(home).text()).doesNotContain("whsec_").contains("The signing secret is set");
            assertThat(owner.send(home + "/try", "text", "Hi").text()).contains("Hello you");
            assertThat(owner.send(home + "/webhook-secret", "overlapSeconds", "86400")
                            .text())
                    .contains("whsec_");
            assertThat(owner.open(home).text()).contains("The former signing secret", "End it now");
            assertThat(owner.send(home + "/webhook-secret/end-overlap").status())
                    .isEqualTo(303);
            assertThat(owner.open(home).text()).doesNotContain("The former signing secret");
            assertThat(owner.send(home + "/webhook-secret", "overlapSeconds", "-1")
                            .status())
                    .isEqualTo(400);
        }
        owner.open(home);
        assertThat(owner.send(home + "/try", "text", "Hi").text())
                .contains("It did not answer", "cannot be connected to");
    }

    @Test
    void apiKeyIsWriteOnly() {
        String key = "sk-hunter2sesame";
        Answer saved = owner.send(
                home,
                "backend",
                "openai",
                "openai.url",
                "https://api.example.com/v1",
                "openai.model",
                "m",
                "openai.temperature",
                "0,7",
                "openai.systemPrompt",
                "Be\r\nbrief.",
                "openai.apiKey",
                key);
        assertThat(saved.status()).as(saved.text()).isEqualTo(303);
        assertThat(owner.open(home).text())
                .doesNotContain(key)
                .contains("value=\"0.7\"", "Be\nbrief.", "Set. It is never shown");
        // Saved again without typing it, it stays.
        owner.send(home, "backend", "openai", "openai.url", "https://api.example.com/v1", "openai.model", "n");
        assertThat(api().text()).contains("\"apiKeySet\":true", "\"model\":\"n\"");
        owner.open(home);
        owner.send(
                home,
                "backend",
                "openai",
                "openai.url",
                "https://api.example.com/v1",
                "openai.model",
                "n",
                "removeApiKey",
                "yes");
        assertThat(api().text()).contains("\"apiKeySet\":false");
        owner.open(home);
        Answer wrong =
                owner.send(home, "backend", "openai", "openai.url", "http://10.0.0.1/", "openai.apiKey", key + "ä");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text())
                .contains("KEYRACK_BACKEND_NETWORKS", "http://10.0.0.1/")
                .doesNotContain(key);
    }

    @Test
    void whoeverMayNotChangeItSeesItAndNoButton() {
        TestingReader support = TestingReader.of(server, Role.SUPPORT);
        assertThat(support.open(home).text())
                .contains("You may see this, but not change it")
                .doesNotContain("Try it", "Save</button>");
        assertThat(support.open(home + "/questions").text()).doesNotContain("Add question");
        assertThat(support.send(home, "backend", "faq").status()).isEqualTo(403);
    }
}
