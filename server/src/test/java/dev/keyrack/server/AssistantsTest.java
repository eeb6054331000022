package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.outbound.TestingBackend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promise: an assistant answers as it is set up at that moment; what it is set up with is kept, and its secrets are seen by
 * nobody but the backend.
 */
class AssistantsTest extends TestingAssistant {
    private void add(String question, String answer) {
        assertThat(server.owner
                        .post(assistant + "/entries", "{'question':'" + question + "','answer':'" + answer + "'}")
                        .status())
                .isEqualTo(201);
    }

    private Answer send(String method, String path, String csv) {
        return server.owner.send(method, assistant + path, "text/csv", csv.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void assistantThatNobodySetUpSaysThatItHasNoAnswer() {
        Answer read = server.owner.get(assistant);
        assertThat(read.at("/assistant/backend")).isEqualTo("faq");
        assertThat(read.json().at("/assistant/updatedAt").isNull()).isTrue();
        assertThat(ask("Where is my order?").at("/text")).isEqualTo(read.at("/assistant/faq/fallback"));
    }

    @Test
    void entriesAnswerFromTheMomentTheyAreThereUntilTheyAreNot() {
        add("Where is my order?", "On its way.");
        Answer found = ask("wheres my ordr");
        assertThat(found.at("/text")).isEqualTo("On its way.");
        assertThat(found.at("/match/question")).isEqualTo("Where is my order?");
        assertThat(found.json().at("/match/used").booleanValue()).isTrue();

        String entry = assistant + "/entries/" + found.at("/match/entryId");
        assertThat(server.owner.patch(entry, "{'answer':'Arrived.\\nLook.'}").status())
                .isEqualTo(200);
        assertThat(ask("where is my order").at("/text")).isEqualTo("Arrived.\nLook.");
        assertThat(set("{'faq':{'fallback':'Ask somebody else.'}}").status()).isEqualTo(200);
        assertThat(server.owner.delete(entry).status()).isEqualTo(200);
        assertThat(ask("where is my order").at("/text")).isEqualTo("Ask somebody else.");
        assertThat(server.owner.delete(entry).status()).isEqualTo(404);
        assertThat(set("{'faq':{'fallback':null}}").at("/assistant/faq/fallback"))
                .isNotEqualTo("Ask somebody else.");
    }

    @Test
    void changeByAnotherProcessCountsForTheNextMessage() {
        add("Where is my order?", "On its way.");
        assertThat(ask("where is my order").at("/text")).isEqualTo("On its way.");
        String project = assistant.split("/")[4];
        // As another process would: this one is not told.
        server.byHand(
                "UPDATE assistant_entries SET answer = 'Gone.' WHERE project_id = '" + project + "'",
                "UPDATE assistants SET entries_version = entries_version + 1 WHERE project_id = '" + project + "'");
        assertThat(ask("where is my order").at("/text")).isEqualTo("Gone.");
    }

    @Test
    void apiKeyGoesToTheModelAndNowhereElse() throws Exception {
        try (TestingBackend backend =
                TestingBackend.saying("application/json", "{\"choices\":[{\"message\":{\"content\":\"Hello\"}}]}")) {
            Answer set = set("{'backend':'openai','openai':{'url':'" + backend.url("/v1")
                    + "','model':'m','systemPrompt':'Be\\nbrief.','temperature':0.25,'apiKey':'" + API_KEY + "'}}");
            assertThat(set.status()).as(set.text()).isEqualTo(200);
            assertThat(set.text()).doesNotContain(API_KEY).contains("\"apiKeySet\":true", "\"temperature\":0.25");
            assertThat(ask("Hi").at("/text")).isEqualTo("Hello");
            assertThat(backend.received().headers()).containsEntry("authorization", "Bearer " + API_KEY);
            assertThat(lastEvent().toString())
                    .contains("project.assistant-updated", "openai.apiKey")
                    .doesNotContain(API_KEY, "brief", backend.url(""));

            assertThat(set("{'openai':{'apiKey':null}}").text()).contains("\"apiKeySet\":false");
            ask("Hi");
            assertThat(backend.received().headers()).doesNotContainKey("authorization");
            // What a backend needs stays while another one answers.
            assertThat(set("{'backend':'faq'}").at("/assistant/openai/model")).isEqualTo("m");
        }
    }

    @Test
    void failureIsToldToWhoeverTries() {
        try (TestingBackend backend =
                new TestingBackend(line -> line.say("HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"))) {
            set("{'backend':'webhook','webhook':{'url':'" + backend.url("/") + "'}}");
            Answer failed = ask("Hi");
            assertThat(failed.at("/failure/reason")).isEqualTo("REFUSED");
            assertThat(failed.at("/failure/detail")).contains("500");
        }
        assertThat(ask("Hi").at("/failure/reason")).isEqualTo("UNREACHABLE");
    }

    /** The gate trusts callers on its machine, and so may not be called for everybody who may set up an assistant. */
    @Test
    void keyrackIsNoBackendThoughItsMachineIsAllowed() {
        for (int port : new int[] {server.running.port(), server.running.gatePort()}) {
            Answer literal = set("{'webhook':{'url':'http://127.0.0.1:" + port + "/v1/verify'}}");
            assertThat(literal.status()).as(literal.text()).isEqualTo(400);
            assertThat(literal.pointers()).containsExactly("/webhook/url");
            // A name is looked up when it is called.
            set("{'backend':'webhook','webhook':{'url':'http://localhost:" + port + "/v1/verify'}}");
            assertThat(ask("Hi").at("/failure/reason")).isEqualTo("ADDRESS_REFUSED");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'backend':'webhook'}|/webhook/url",
                "{'backend':'openai'}|/openai/url,/openai/model",
                "{'backend':'other'}|/backend",
                "{'webhook':{'url':'http://10.0.0.1/'}}|/webhook/url",
                "{'webhook':{'url':'http://[::1]/'}}|/webhook/url",
                "{'webhook':{'url':'http://169.254.169.254/latest'}}|/webhook/url",
                "{'webhook':{'url':'http://0x7f000001/'}}|/webhook/url",
                "{'webhook':{'url':'https://u:p@example.com/'}}|/webhook/url",
                "{'webhook':{'url':'javascript:alert(1)'}}|/webhook/url",
                "{'webhook':{'url':''}}|/webhook/url",
                "{'webhook':{'url':'https://example.com/\\r\\nX: y'}}|/webhook/url",
                "{'webhook':{'secret':'whsec_x'}}|/webhook/secret",
                "{'webhook':1}|/webhook",
                "{'openai':{'apiKey':'a\\r\\nX: y'}}|/openai/apiKey",
                "{'openai':{'apiKey':'ä'}}|/openai/apiKey",
                "{'openai':{'apiKey':''}}|/openai/apiKey",
                "{'openai':{'temperature':2.1}}|/openai/temperature",
                "{'openai':{'temperature':-0.1}}|/openai/temperature",
                "{'openai':{'temperature':1e999999}}|/openai/temperature",
                "{'openai':{'temperature':'1'}}|/openai/temperature",
                "{'faq':{'fallback':''}}|/faq/fallback",
                "{'faq':{'fallback':'a\\u0000b'}}|/faq/fallback",
                "{'x':1,'faq':{'y':1}}|/faq/y,/x"
            })
    void settingThatDoesNotFitIsRefusedAndChangesNothing(String patch, String pointers) {
        Map<String, List<List<Object>>> before = server.things();
        Answer refused = set(patch);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(String.join(",", refused.pointers())).as(refused.text()).isEqualTo(pointers);
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void ofTwoWhoChangeTheSameVersionOneIsRefused() {
        String tag = server.owner.get(assistant).header("ETag");
        assertThat(server.owner
                        .patch(assistant, "{'faq':{'fallback':'One'}}", "If-Match", tag)
                        .status())
                .isEqualTo(200);
        assertThat(server.owner
                        .patch(assistant, "{'faq':{'fallback':'Two'}}", "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(server.owner.get(assistant).at("/assistant/faq/fallback")).isEqualTo("One");
    }

    @Test
    void listShowsEntriesInTheirOrderPageByPageAndFindsThem() {
        for (String question : List.of("Apples?", "Bananas?", "Äpfel?", "Cherries?")) {
            add(question, "About " + question);
        }
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            Answer page = server.owner.get(assistant + "/entries?limit=3" + next);
            all.addAll(page.items("/question"));
            next = page.json().at("/next").isNull() ? null : "&cursor=" + page.at("/next");
        } while (next != null);
        assertThat(all).containsExactly("Apples?", "Bananas?", "Äpfel?", "Cherries?");
        assertThat(server.owner.get(assistant + "/entries?search=ANANA").items("/question"))
                .containsExactly("Bananas?");
        assertThat(server.owner.get(assistant + "/entries?search=about").items("/question"))
                .hasSize(4);
    }

    @Test
    void fileIsImportedAndComesBackAsItWas() {
        String file =
                "question,answer\r\n\"Commas, quotes \"\"and\"\" all?\",\"Two\nlines\"\r\n=1+1,'=1+1\r\n@x,-5\r\n";
        Answer imported = send("POST", "/entries/import", "\uFEFF" + file);
        assertThat(imported.text()).as(imported.text()).isEqualTo("{\"imported\":3,\"entries\":3}");
        assertThat(server.owner.get(assistant + "/entries").items("/answer"))
                .containsExactly("Two\nlines", "=1+1", "-5");
        Answer exported = server.owner.get(assistant + "/entries/export");
        assertThat(exported.header("Content-Disposition")).contains("attachment");
        String text = new String(exported.body(), StandardCharsets.UTF_8);
        // No cell begins with what a spreadsheet takes for a formula.
        assertThat(text)
                .isEqualTo(
                        "question,answer\r\n\"Commas, quotes \"\"and\"\" all?\",\"Two\nlines\"\r\n'=1+1,'=1+1\r\n'@x,'-5\r\n");
        assertThat(send("PUT", "/entries", text).text()).isEqualTo("{\"imported\":3,\"entries\":3}");
        assertThat(new String(server.owner.get(assistant + "/entries/export").body(), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(lastEvent().at("/after").toString()).contains("\"added\":3", "\"deleted\":3", "\"entries\":3");
        assertThat(send("POST", "/entries/import", "ANSWER;Question\nEins;Zwei\n")
                        .status())
                .isEqualTo(200);
        assertThat(server.owner.get(assistant + "/entries").items("/question")).endsWith("Zwei");
    }

    @Test
    void fileWithAnErrorIsRefusedWholeNamingLineAndColumn() {
        add("Kept?", "Yes.");
        Map<String, List<List<Object>>> before = server.things();
        Answer wrong = send(
                "POST",
                "/entries/import",
                "question,answer\nGood?,\"Yes\nindeed\"\n,No question\nToo,many,columns\nNo answer,\n" + "x".repeat(501)
                        + ",y\n");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.pointers()).containsExactly("/4/question", "/5", "/6/answer", "/7/question");
        assertThat(wrong.text()).contains("line 7, column question: has 1 to 500 characters, not 501");
        for (String file : List.of(
                "",
                "\n",
                "question\nx\n",
                "question,answer,more\nx,y,z\n",
                "question,question\nx,y\n",
                "question,answer\n\"open,x\n",
                "question,answer\nx,\"y\"z\n")) {
            assertThat(send("PUT", "/entries", file).status()).as(file).isEqualTo(400);
        }
        String row = "q,a\n";
        assertThat(send("POST", "/entries/import", "question,answer\n" + row.repeat(1_000))
                        .status())
                .isEqualTo(409);
        assertThat(send("POST", "/entries/import", "question,answer\n" + row.repeat(1_001))
                        .status())
                .isEqualTo(400);
        assertThat(server.owner
                        .send("POST", assistant + "/entries/import", "text/csv", new byte[] {(byte) 0xff})
                        .status())
                .isEqualTo(400);
        assertThat(server.owner
                        .send("POST", assistant + "/entries/import", "text/csv", new byte[(8 << 20) + 1])
                        .status())
                .isEqualTo(413);
        assertThat(server.owner
                        .send(
                                "POST",
                                assistant + "/entries/import",
                                "application/json",
                                "{}".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(415);
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void projectHoldsAThousandEntriesAndFindsEachOfThem() {
        StringBuilder file = new StringBuilder("question,answer\n");
        for (int i = 0; i < 1_000; i++) {
            file.append("Item zz").append(i).append("?,Answer ").append(i).append('\n');
        }
        assertThat(send("PUT", "/entries", file.toString()).status()).isEqualTo(200);
        assertThat(ask("item zz777").at("/text")).isEqualTo("Answer 777");
        assertThat(server.owner
                        .post(assistant + "/entries", "{'question':'One more?','answer':'No'}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void supportSeesAndChangesNothing() {
        add("Where is my order?", "On its way.");
        TestingClient support = server.member(Role.SUPPORT);
        assertThat(support.get(assistant + "/entries").items("/question")).hasSize(1);
        assertThat(support.post(assistant + "/try", "{'text':'Hi'}").status()).isEqualTo(403);
        assertThat(support.patch(assistant, "{'backend':'faq'}").status()).isEqualTo(403);
    }
}
