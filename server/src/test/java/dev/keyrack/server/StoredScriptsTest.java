package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: whatever somebody writes into a text field is text on every page that shows it, and in every export. */
class StoredScriptsTest {
    /** Breaks out of an element, of an attribute with either quote, and of a script. */
    private static final String MARKUP = "\\\"'></script><img src=x onerror=alert(1)>{{7*7}}";

    private static final String RAW = "<img src=x";

    private static final List<String> REFUSED =
            List.of("WEBSITE_NOT_ALLOWED", "APP_NOT_ALLOWED", "NETWORK_NOT_ALLOWED", "PERMISSION_DENIED");

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static TestingReader reader;
    private static String project;
    private static String web;
    private static final List<String> PAGES = new ArrayList<>();

    private static String body(String json) {
        return json.replace("MARKUP", MARKUP);
    }

    private static Answer made(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
        return answer;
    }

    /** With single quotes in it, so not through the client that makes them double. */
    private static Answer post(TestingClient client, String path, String json) {
        return made(client.send(
                "POST", path, "application/json", body(json).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static Answer patch(TestingClient client, String path, String json) {
        return made(client.send(
                "PATCH",
                path,
                "application/merge-patch+json",
                body(json).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        reader = TestingReader.owner(server);
        patch(server.owner, "/api/v1/organizations/" + server.organization, "{\"name\":\"Org MARKUP\"}");
        patch(
                server.owner,
                "/api/v1/members/" + server.owner.get("/api/v1/me").at("/member/id"),
                "{\"name\":\"Member MARKUP\"}");
        TestingClient developer = server.member(Role.DEVELOPER);
        String other = developer.get("/api/v1/me").at("/member/id");
        patch(server.owner, "/api/v1/members/" + other, "{\"name\":\"Other MARKUP\"}");
        project = post(server.owner, "/api/v1/projects", "{\"name\":\"Project MARKUP\"}")
                .at("/project/id");
        String assistant = "/api/v1/projects/" + project + "/assistant";
        String entry = post(server.owner, assistant + "/entries", "{\"question\":\"Q MARKUP\",\"answer\":\"A MARKUP\"}")
                .at("/entry/id");
        patch(
                server.owner,
                assistant,
                "{\"faq\":{\"fallback\":\"F MARKUP\"},\"openai\":{\"model\":\"M MARKUP\",\"systemPrompt\":\"P MARKUP\"}}");
        String key = post(
                        server.owner,
                        "/api/v1/keys",
                        "{\"name\":\"Key MARKUP\",\"type\":\"server\",\"projectId\":\"" + project
                                + "\",\"metadata\":{\"M MARKUP\":\"V MARKUP\"},\"source\":{\"kind\":\"integration\",\"name\":\"Source MARKUP\"}}")
                .at("/key/id");
        String chat = "/api/v1/projects/" + project + "/chat/conversations";
        String conversation = made(server.owner.post(chat)).at("/conversation/id");
        post(server.owner, chat + "/" + conversation + "/messages", "{\"text\":\"Said MARKUP\"}");
        server.byHand("UPDATE visitors SET name = 'Name " + RAW + ">', customer = 'c" + RAW + ">'");
        for (String path : List.of("disable", "enable")) {
            made(server.owner.post("/api/v1/keys/" + key + "/" + path, "{}"));
        }
        made(server.owner.send(
                "PUT",
                "/api/v1/permissions",
                "application/json",
                body("{\"permissions\":[{\"permission\":\"chat.start\",\"description\":\"About MARKUP\",\"types\":[\"web\",\"server\"]}]}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        web = post(
                        server.owner,
                        "/api/v1/keys",
                        "{\"name\":\"Web MARKUP\",\"type\":\"web\",\"projectId\":\"" + project + "\"}")
                .at("/key/id");
        patch(
                server.owner,
                "/api/v1/keys/" + web + "/component",
                "{\"title\":\"T MARKUP\",\"introMessages\":[\"I MARKUP\"],\"prompts\":{\"texts\":[\"P MARKUP\"]},"
                        + "\"messageLimit\":{\"messages\":5,\"text\":\"L MARKUP\"}}");
        server.owner.send(
                "PUT", "/api/v1/keys/" + web + "/hosted-page", java.net.http.HttpRequest.BodyPublishers.noBody());
        for (String code : REFUSED) {
            server.refused(
                    web,
                    System.currentTimeMillis() * 1_000,
                    code,
                    false,
                    "Refused \"'>" + RAW + " onerror=alert(1)>",
                    1);
        }
        patch(server.other, "/api/v1/organizations/" + server.otherOrganization, "{\"name\":\"Foreign MARKUP\"}");
        server.byHand(
                "UPDATE portal_sessions SET browser = 'Firefox " + RAW + ">', address = '" + RAW + ">'",
                "INSERT INTO invitations (id, organization_id, email, email_folded, role, digest, invited_by_kind,"
                        + " invited_by_id, invited_by_name, created_at, ends_at) VALUES ('inv_x', '"
                        + server.organization + "', 'i" + RAW + ">@example.com', 'i', 'developer', 'd', 'member', 'm',"
                        + " 'By " + RAW + ">', 1, 99999999999999999)",
                // One that has ended: no change waits for it.
                "INSERT INTO nodes (registration, name, kind, version, registered_seq, registered_at, applied, tag,"
                        + " longest_lease, ended_at, end_reason) VALUES ('reg_" + RAW + ">', 'Node " + RAW
                        + ">', 'gate " + RAW + ">', '1 " + RAW + ">', 1, 1, 0, 0, 1000000, 2, 'left')");
        String at = "/settings/api-keys/" + key;
        PAGES.addAll(List.of(
                "/account",
                "/settings/organization",
                "/settings/permissions",
                "/settings/api-keys",
                "/settings/api-keys?search=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/settings/api-keys/new?name=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                at,
                at + "/edit",
                at + "/restrictions?origin=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&ip=%3Cimg+src%3Dx%3E",
                at + "/refusals",
                at + "/activity",
                at + "/regenerate",
                at + "/revoke",
                "/settings/api-credentials",
                "/settings/api-credentials/" + key + "/edit",
                "/settings/api-credentials/" + key + "/refresh",
                "/settings/api-credentials/" + key + "/delete",
                "/projects",
                "/projects/" + project,
                "/projects/" + project + "/edit",
                "/projects/" + project + "/credentials",
                "/projects/" + project + "/conversations",
                "/projects/" + project + "/conversations?search=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/projects/" + project + "/conversations/" + conversation,
                "/projects/" + project + "/assistant",
                "/projects/" + project + "/assistant/questions",
                "/projects/" + project + "/assistant/questions?search=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/projects/" + project + "/assistant/questions/new?question=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/projects/" + project + "/assistant/questions/" + entry + "/edit",
                "/projects/" + project + "/assistant/questions/" + entry + "/delete",
                "/projects/" + project + "/assistant/questions/import",
                "/settings/api-keys/" + web + "/component",
                "/settings/api-keys/" + web + "/component/preview",
                "/settings/api-keys/" + web + "/identity-keys",
                "/settings/api-keys/" + web + "/refusals",
                "/a/" + project,
                "/settings/api-keys?projectId=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/settings/api-keys/" + key + "/revoke?list=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/conversations?search=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/account/sessions",
                "/operator/nodes",
                "/members",
                "/members/" + other + "/edit",
                "/members/" + other + "/remove",
                "/members/" + other + "/recovery",
                "/audit",
                "/audit?target=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/search?q=key",
                "/search?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
                "/operator/organizations",
                "/operator/organizations/" + server.otherOrganization + "/suspend",
                "/operator/organizations/" + server.otherOrganization + "/recovery",
                "/sign-in?next=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&organization=%22%3E%3Cimg+src%3Dx%3E",
                "/nothing?%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void markupIsTextOnEveryPage() {
        int shown = 0;
        for (String path : PAGES) {
            Answer page = reader.open(path);
            assertThat(page.status()).as(path).isIn(200, 404);
            assertThat(page.text()).as(path).doesNotContain(RAW);
            shown += page.text().contains("&lt;img src=x") ? 1 : 0;
        }
        assertThat(shown).as("pages that show what was written").isGreaterThan(20);
    }

    /** Also on pages that nobody thought of. */
    @Test
    void markupIsTextOnWhateverOtherPageThereIs() {
        TestingPortal.pages(server).forEach((email, paths) -> {
            TestingReader signedIn = TestingReader.signedIn(server, email);
            for (String path : paths) {
                Answer page = signedIn.open(path);
                assertThat(page.status()).as(path).isEqualTo(200);
                assertThat(page.text()).as(path).doesNotContain(RAW);
            }
        });
    }

    @Test
    void markupIsTextWhereAnOrganizationIsDeletedAndAfterwards() {
        String name = body("{\"name\":\"Gone MARKUP\",\"subdomain\":\"gone\",\"ownerEmail\":\"gone@example.com\"}");
        String gone = made(server.owner.send(
                        "POST",
                        "/api/v1/organizations",
                        "application/json",
                        name.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .at("/organization/id");
        TestingReader owner = TestingReader.signedIn(server, "gone@example.com");
        String delete = "/settings/organization/delete";
        assertThat(owner.open(delete).text()).doesNotContain(RAW).contains("Gone", "&lt;img src=x");
        Answer refused = owner.send(delete, "subdomain", "\"'>" + RAW + ">");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).doesNotContain(RAW).contains("&lt;img src=x");
        Answer done = owner.send(delete, "subdomain", "gone");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.text()).doesNotContain(RAW).contains("&lt;img src=x");
        String listed = reader.open("/operator/organizations").text();
        assertThat(listed).doesNotContain(RAW).contains("/operator/organizations/" + gone + "/resume");
        TestingReader visitor = TestingReader.visitor(
                ControlFile.read(server.data).orElseThrow().url());
        visitor.open("/sign-in");
        Answer told = visitor.send("/sign-in", "email", "gone@example.com", "password", TestingReader.PASSWORD);
        assertThat(told.status()).isEqualTo(403);
        assertThat(told.text()).doesNotContain(RAW).contains("&lt;img src=x");
    }

    @Test
    void markupIsTextInWhatWasRefused() {
        String page = reader.open("/settings/api-keys/" + web + "/refusals").text();
        assertThat(page.split("<code class=\"value\">Refused \"'&gt;&lt;img src=x"))
                .hasSize(1 + REFUSED.size());
    }

    @Test
    void markupIsTextOnThePageForVisitors() {
        Answer page = reader.open("/a/" + project);
        assertThat(page.status()).isEqualTo(200);
        // Its title twice; and of what the component is told title, first message, prompt and limit.
        assertThat(page.text().split("&lt;img src=x")).hasSize(7);
    }

    @Test
    void markupIsTextInWhatNodesSayOfThemselves() {
        assertThat(reader.open("/operator/nodes").text())
                .doesNotContain(RAW)
                .contains("Node &lt;img src=x", "gate &lt;img src=x", "1 &lt;img src=x", "reg_&lt;img src=x");
    }

    @Test
    void markupIsTextInTheQuestionsAboutManyKeysAndTheirAnswers() {
        reader.open("/settings/api-keys");
        String key = server.make("web").id();
        patch(server.owner, "/api/v1/keys/" + key, "{\"name\":\"Many MARKUP\"}");
        for (String act : List.of("revoke", "disable", "revoke-confirmed")) {
            Answer page = reader.send("/settings/api-keys/bulk", "act", act, "id", key, "list", "/x\"><img src=x>");
            assertThat(page.status()).as(act).isEqualTo(200);
            assertThat(page.text()).as(act).doesNotContain(RAW).contains("&lt;img src=x");
        }
    }

    @Test
    void markupIsTextInTheAnswersToActs() {
        String written = "Act \"'></script><img src=x onerror=alert(1)>{{7*7}}";
        String key = server.make("web").id();
        patch(server.owner, "/api/v1/keys/" + key, "{\"name\":\"Anew MARKUP\"}");
        String pair = "/projects/" + project + "/credentials/generate";
        Map<String, List<String>> acts = Map.of(
                "/settings/api-keys/new",
                List.of("name", written, "type", "web", "projectId", project),
                "/settings/api-credentials/new",
                List.of("name", written, "projectId", project),
                "/settings/api-keys/" + key + "/regenerate",
                List.of("overlap", "0", "version", "{version}"),
                "/settings/api-keys/" + key + "/revoke",
                List.of(),
                pair,
                List.of(),
                "/operator/organizations/" + server.otherOrganization + "/suspend",
                List.of(),
                "/operator/organizations/" + server.otherOrganization + "/resume",
                List.of(),
                "/operator/organizations/new",
                List.of("name", written, "subdomain", "acts", "ownerEmail", "acts@example.com"));
        List<String> order = acts.keySet().stream()
                .sorted(Comparator.comparing((String path) -> path.endsWith("/revoke") || path.endsWith("/resume")))
                .toList();
        for (String path : order) {
            Answer form = reader.open(
                    path.equals(pair) ? "/projects/" + project + "/credentials" : path.replace("/resume", "/suspend"));
            Matcher version =
                    Pattern.compile("name=\"version\" value=\"([^\"]+)\"").matcher(form.text());
            String read = version.find() ? version.group(1) : "";
            Answer answer = reader.send(
                    path,
                    acts.get(path).stream()
                            .map(value -> value.replace("{version}", read))
                            .toArray(String[]::new));
            assertThat(answer.status()).as(path).isBetween(200, 201);
            assertThat(answer.text()).as(path).doesNotContain(RAW).contains("&lt;img src=x");
        }
    }

    /** An address has no markup in it, but what stands beside it may. */
    @Test
    void markupIsTextForWhoeverIsInvited() {
        reader.open("/members/invitations/new");
        Answer made = reader.send("/members/invitations/new", "email", "acts@example.com", "role", "developer");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text()).doesNotContain(RAW).contains("&lt;img src=x");
        Matcher link = Pattern.compile("id=\"link\"[^>]*>[^<#]+#([^<]+)<").matcher(made.text());
        assertThat(link.find()).isTrue();
        TestingReader invited = TestingReader.visitor(
                ControlFile.read(server.data).orElseThrow().url());
        invited.open("/invitation");
        Answer opened = invited.send("/invitation", "code", link.group(1));
        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.text()).doesNotContain(RAW).contains("Welcome to Org \"'&gt;", "&lt;img src=x");
        Answer again =
                invited.send("/invitation/accept", "code", link.group(1), "name", "N" + RAW + ">", "password", "short");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text()).doesNotContain(RAW).contains("N&lt;img src=x");
    }

    /** The list is used as people use it, too: dialogs and results come by script. */
    @Test
    void markupIsTextForScripts() {
        String url = ControlFile.read(server.data).orElseThrow().url();
        Page page = BROWSER.page();
        page.onDialog(dialog -> {
            throw new AssertionError("a script ran: " + dialog.message());
        });
        page.navigate(url + "/sign-in");
        page.getByLabel("E-mail").fill("owner@example.com");
        page.getByLabel("Password").fill(TestingReader.PASSWORD);
        page.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.locator("a[href$='/revoke']").first().click();
        page.getByRole(com.microsoft.playwright.options.AriaRole.DIALOG).waitFor();
        assertThat(page.locator("img[src='x']").count()).isZero();
        page.keyboard().press("Escape");
        page.getByRole(com.microsoft.playwright.options.AriaRole.DIALOG)
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        page.keyboard().press("/");
        page.keyboard().type("Key");
        page.getByRole(com.microsoft.playwright.options.AriaRole.OPTION).first().waitFor();
        assertThat(page.locator("img[src='x']").count()).isZero();
    }

    @Test
    void formulaInANameIsTextInASpreadsheet() {
        post(server.owner, "/api/v1/projects", "{\"name\":\"=HYPERLINK(1)\"}");
        Answer csv = reader.open("/audit/export?format=csv&action=project.created");
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).startsWith("attachment");
        assertThat(csv.text()).contains("\"'=HYPERLINK(1)\"").doesNotContain(",\"=HYPERLINK");
    }
}
