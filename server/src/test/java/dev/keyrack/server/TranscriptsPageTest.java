package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: whoever may read transcripts finds a conversation on its page, by whom it was with, and reads it as text. */
class TranscriptsPageTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static TestingReader reader;
    private static String home;
    private static TestingServer.Made key;
    private static TestingVisitor visitor;
    private static String conversation;

    @BeforeAll
    static void start() {
        server = TestingServer.startAnswering(new TestingAnswerer());
        reader = TestingReader.owner(server);
        home = "/projects/" + server.project + "/conversations";
        key = server.make("web");
        visitor = TestingVisitor.of(server, key.token());
        conversation = visitor.start();
        visitor.send(conversation, "echo Is **this** <b>text</b>?");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void conversationIsListedFoundAndReadAsText() {
        String list = reader.open(home).text();
        assertThat(list).contains(home + "/" + conversation, "Guest", "Open");
        String one = reader.open(home + "/" + conversation).text();
        assertThat(one).contains("Is **this** &lt;b", key.id(), conversation).doesNotContain("<b>text");
        Matcher same = Pattern.compile("search=([^\"]+)\"").matcher(one);
        assertThat(same.find()).isTrue();
        assertThat(reader.open(home + "?search=" + same.group(1)).text()).contains(conversation);
        assertThat(reader.open(home + "?search=somebody").text())
                .contains("There is no conversation of this id")
                .doesNotContain(conversation);
        assertThat(reader.open(home + "/cnv_0000000000000000").status()).isEqualTo(404);
    }

    @Test
    void listHasPages() {
        String project =
                server.owner.post("/api/v1/projects", "{'name':'Many'}").at("/project/id");
        String chats = "/api/v1/projects/" + project + "/chat/conversations";
        String oldest = server.owner.post(chats).at("/conversation/id");
        for (int i = 0; i < 50; i++) {
            server.owner.post(chats);
        }
        String many = "/projects/" + project + "/conversations";
        String first = reader.open(many).text();
        assertThat(first).contains("A program").doesNotContain(oldest);
        Matcher next = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"").matcher(first);
        assertThat(next.find()).isTrue();
        assertThat(reader.open(next.group(1).replace("&amp;", "&")).text()).contains(oldest);
    }

    /** Each message stands on one page, from the newest page back to the first message. */
    @Test
    void longConversationHasPages() {
        TestingVisitor talker = TestingVisitor.of(server, server.make("web").token());
        String talk = talker.start();
        String[] numbers = {"one", "two", "three", "four", "five"};
        for (String number : numbers) {
            talker.send(talk, "echo " + number);
        }
        List<String> pages = new ArrayList<>();
        String at = home + "/" + talk + "?limit=4";
        while (at != null && pages.size() < 9) {
            String page = reader.open(at).text();
            pages.add(page);
            Matcher earlier = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"").matcher(page);
            at = earlier.find() ? earlier.group(1).replace("&amp;", "&") + "&limit=4" : null;
        }
        assertThat(pages).hasSize(3);
        assertThat(pages.get(0))
                .contains("echo four", "echo five", "Earlier messages")
                .doesNotContain("echo three");
        assertThat(pages.get(1))
                .contains("echo two", "echo three", "Back to the newest")
                .doesNotContain("echo four");
        assertThat(pages.get(2)).contains("echo one").doesNotContain("echo two", "Earlier messages");
        assertThat(reader.open(home + "/" + talk).text())
                .contains("echo one", "echo five")
                .doesNotContain("class=\"pager\"");

        String api = "/api/v1" + home + "/" + talk + "?limit=3";
        List<String> said = new ArrayList<>();
        String next = "";
        do {
            Answer page = server.owner.get(api + next);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            List<String> ids = new ArrayList<>();
            page.json()
                    .at("/messages")
                    .forEach(message -> ids.add(message.at("/id").asString()));
            said.addAll(0, ids);
            next = page.json().at("/next").isNull() ? null : "&cursor=" + page.at("/next");
        } while (next != null && said.size() < 20);
        assertThat(said).hasSize(10).doesNotHaveDuplicates();
        List<String> all = new ArrayList<>();
        server.owner
                .get("/api/v1" + home + "/" + talk)
                .json()
                .at("/messages")
                .forEach(message -> all.add(message.at("/id").asString()));
        assertThat(said).isEqualTo(all);
        for (String wrong : new String[] {"limit=0", "limit=201", "cursor=AAAA", "sort=number"}) {
            assertThat(server.owner
                            .get("/api/v1" + home + "/" + talk + "?" + wrong)
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void whoMayNotReadTranscriptsFindsNoWayToThem() {
        assertThat(reader.open("/projects/" + server.project).text()).contains(home);
        TestingReader analytics = TestingReader.of(server, Role.ANALYTICS);
        assertThat(analytics.open("/projects/" + server.project).text()).doesNotContain(home);
        assertThat(analytics.open(home + "/" + conversation).status()).isEqualTo(403);
    }

    @Test
    void whatIsKnownOfItsUseIsToldBeforeAKeyIsRevoked() {
        server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        String question =
                reader.open("/settings/api-keys/" + key.id() + "/revoke").text();
        assertThat(question)
                .contains(
                        "something was said in 1 conversation through it", "own page opens it", "are not recorded yet");
        server.owner.send("DELETE", key.path() + "/hosted-page", BodyPublishers.noBody());
        String fresh = reader.open("/settings/api-keys/" + server.make("server").id() + "/revoke")
                .text();
        assertThat(fresh).contains("never refused").doesNotContain("through it");
    }

    @Test
    void pagesAreAccessible() {
        String url = ControlFile.read(server.data).orElseThrow().url();
        String empty =
                server.owner.post("/api/v1/projects", "{'name':'Silent'}").at("/project/id");
        BROWSER.everyWay((page, name) -> {
            page.navigate(url + "/sign-in");
            page.getByLabel("E-mail").fill("owner@example.com");
            page.getByLabel("Password").fill(TestingReader.PASSWORD);
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                    .click();
            page.waitForURL(address -> !address.contains("/sign-in"));
            for (String path : new String[] {
                home,
                home + "?search=x",
                home + "/" + conversation,
                "/projects/" + empty + "/conversations",
                "/settings/api-keys/" + key.id() + "/revoke"
            }) {
                page.navigate(url + path);
                assertThat(page.getByRole(AriaRole.HEADING).first()).isVisible();
                TestingBrowser.axe(page);
                TestingBrowser.fits(page);
                String file =
                        path.equals(home) ? "list" : path.replaceAll(".*/", "").replaceAll("[^a-z]", "");
                TestingBrowser.screenshot(page, "transcripts-" + file + name);
            }
        });
    }
}
