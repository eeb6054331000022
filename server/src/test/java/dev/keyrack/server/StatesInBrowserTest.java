package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Promise: a page is for everybody in its first state too, when something is wrong, and as those see it who may only read:
 * accessible, and no wider than the window, on a large screen in the light and on a small one in the dark.
 */
class StatesInBrowserTest extends TestingDesk {
    /** What each reader opens: of a shop whose owner has done much, and of one that was made just now. */
    private static final String PAGES = """
            owner     | /operator/nodes
            owner     | {key}/identity-keys
            owner     | {bare key}/identity-keys
            owner     | {revoked key}/identity-keys
            first     | /projects
            first     | /projects/new
            first     | /conversations
            first     | /members
            first     | /audit
            first     | /search?q=sh
            first     | /settings/api-keys
            first     | /settings/api-keys/new
            first     | /settings/api-credentials
            first     | /settings/api-credentials/new
            first     | /settings/permissions
            first     | /guide
            developer | /projects
            developer | /conversations
            developer | /settings/api-keys
            developer | /settings/api-credentials
            developer | /settings/permissions
            developer | /audit
            developer | {key}
            developer | {project}
            support   | /account
            support   | /projects
            support   | /conversations
            support   | /search?q=sh
            support   | /settings/api-keys
            support   | /settings/api-keys/new
            support   | /settings/api-credentials
            support   | /settings/permissions
            support   | {key}
            support   | {key}/restrictions
            support   | {key}/refusals
            support   | {key}/component
            support   | {key}/identity-keys
            support   | {key}/activity
            support   | {project}
            support   | {project}/credentials
            support   | {project}/assistant
            support   | {project}/assistant/questions
            support   | {project}/conversations
            support   | {project}/conversations/{conversation}
            analytics | /projects
            analytics | /conversations
            analytics | /settings/api-keys
            analytics | /settings/api-credentials
            analytics | {key}
            analytics | {key}/refusals
            analytics | {key}/component
            analytics | {key}/identity-keys
            analytics | {key}/activity
            analytics | {project}
            analytics | {project}/credentials
            analytics | {project}/assistant
            analytics | {project}/assistant/questions
            """;

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static String key;
    private static String bareKey;
    private static String revokedKey;
    private static String project;
    private static String conversation;

    @BeforeAll
    static void things() {
        for (String role : List.of("developer", "support", "analytics")) {
            People.join(server, server.owner, role + "@example.com", role);
        }
        TestingClient first = server.nobody.as(
                "x-api-key",
                server.owner
                        .post(
                                "/api/v1/organizations",
                                "{'name':'First','subdomain':'first','ownerEmail':'first@example.com'}")
                        .at("/token"));
        People.join(server, first, "begins@example.com", "owner");
        server.byHand("UPDATE members SET name = 'Begins' WHERE email = 'begins@example.com'");
        project = "/projects/" + server.project;
        TestingServer.Made web = server.make("web", ",'restrictions':{'websites':['https://shop.example.com']}");
        key = "/settings/api-keys/" + web.id();
        bareKey = "/settings/api-keys/" + server.make("web").id();
        server.owner.post(web.path() + "/identity-keys", "{}");
        server.owner.post(web.path() + "/identity-keys", "{}");
        server.refused(
                web.id(),
                System.currentTimeMillis() * 1_000,
                "WEBSITE_NOT_ALLOWED",
                false,
                "https://a-shop-with-a-long-name.example.com",
                3);
        TestingServer.Made revoked = server.make("web");
        server.owner.post(revoked.path() + "/identity-keys", "{}");
        server.owner.delete(revoked.path());
        revokedKey = "/settings/api-keys/" + revoked.id();
        TestingReader owner = TestingReader.signedIn(server, "owner@example.com");
        owner.open(project + "/credentials");
        owner.send(project + "/credentials/generate");
        server.byHand("INSERT INTO assistant_entries (id, project_id, position, question, answer, version, updated_at)"
                + " VALUES ('ent_1', '" + server.project + "', 1, 'Where is my order?', 'On its way.', 1, 0)");
        conversation =
                server.owner.post("/api/v1" + project + "/chat/conversations").at("/conversation/id");
        long now = System.currentTimeMillis() * 1_000;
        node("serving", "gate-with-a-long-name@shop-eu-central-1.example.com", now, "NULL");
        node("joining", "joins", 0, "NULL");
        node("stale", "silent", now - 3_600_000_000L, "NULL");
        node("ended", "stopped", now - 3_600_000_000L, "'stopped'");
    }

    /** @param granted microseconds since 1970; 0 for never */
    private static void node(String id, String name, long granted, String reason) {
        String at = granted == 0 ? "NULL" : String.valueOf(granted);
        server.byHand(
                "INSERT INTO nodes (registration, name, kind, version, registered_seq, registered_at, applied, tag,"
                        + " reported_at, granted_at, lease, longest_lease, ended_at, end_reason)"
                        + " SELECT 'reg_" + id + "', '" + name + "', 'gate', '0.1.0', seq, "
                        + System.currentTimeMillis() * 1_000
                        + ", 3, 0, " + at + ", "
                        + at + ", 600000000, 600000000, " + (reason.equals("NULL") ? "NULL" : at) + ", " + reason
                        + " FROM feed_head");
    }

    private static String address(String page) {
        return page.replace("{key}", key)
                .replace("{bare key}", bareKey)
                .replace("{revoked key}", revokedKey)
                .replace("{project}", project)
                .replace("{conversation}", conversation);
    }

    private static Page as(String reader, Page page) {
        return switch (reader) {
            case "owner" -> signIn(page, url);
            case "first" -> signIn(page, url, "begins@example.com", People.PASSWORD);
            default -> signIn(page, url, reader + "@example.com", People.PASSWORD);
        };
    }

    /** Light and large, then dark and small. */
    private static void bothWays(TestingBrowser.Look look) {
        look.at(BROWSER.page(TestingBrowser.DESKTOP, ColorScheme.LIGHT), "-1280-light");
        look.at(BROWSER.page(TestingBrowser.PHONE, ColorScheme.DARK), "-375-dark");
    }

    private static Stream<String> pages(String reader) {
        return PAGES.lines()
                .map(line -> line.split("\\|"))
                .filter(cells -> cells[0].strip().equals(reader))
                .map(cells -> cells[1].strip());
    }

    @Test
    void everyPageIsAccessibleInItsFirstStateAndToWhomeverItIsReadOnly() {
        for (String reader : List.of("owner", "first", "developer", "support", "analytics")) {
            bothWays((fresh, name) -> {
                Page page = as(reader, fresh);
                pages(reader).forEach(path -> {
                    page.navigate(url + address(path));
                    assertThat(page.locator("main h1")).isVisible();
                    look(page, "state-" + reader + path.replaceAll("[^a-z]+", "-") + name);
                });
            });
        }
    }

    @Test
    void nodeThatServesShowsHowFarItIsBehindAndForHowLongItMayAnswer() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/operator/nodes");
        Locator serving = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("a-long-name@"));
        assertThat(page.getByRole(AriaRole.COLUMNHEADER)).containsText(new String[] {"Behind", "Lease left"});
        assertThat(serving.getByRole(AriaRole.CELL).nth(1)).hasText(Pattern.compile("^[1-9][0-9]* entries, .* s$"));
        assertThat(serving.getByRole(AriaRole.CELL).nth(2)).hasText(Pattern.compile("^[1-9][0-9]*\\.[0-9] s$"));
        Locator silent = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("silent"));
        assertThat(silent.getByRole(AriaRole.CELL).nth(2)).hasText("–");
    }

    @Test
    void catalogueThatIsOnlyReadIsAccessible() {
        String catalogue = """
                {"permissions":[{"permission":"chat.start","description":"Start a chat","types":["web"]}]}""";
        server.owner.send("PUT", "/api/v1/permissions", "application/json", catalogue.getBytes(StandardCharsets.UTF_8));
        bothWays((fresh, name) -> {
            Page page = as("first", fresh);
            page.navigate(url + "/settings/permissions");
            assertThat(page.getByLabel("Permission of row 1")).not().isEditable();
            look(page, "state-catalogue-read" + name);
        });
    }

    @Test
    void whatBecameOfManyKeysAtOnceIsAccessible() {
        String stall = server.owner.post("/api/v1/projects", "{'name':'Stall'}").at("/project/id");
        for (String name : List.of("Checkout of the shop for the Italian market", "Search", "Reviews")) {
            server.owner.post("/api/v1/keys", "{'name':'" + name + "','type':'web','projectId':'" + stall + "'}");
        }
        BROWSER.everyWay((fresh, name) -> {
            Page page = signIn(fresh, url);
            page.navigate(url + "/settings/api-keys?projectId=" + stall);
            page.locator("tbody input[type=checkbox]").all().forEach(box -> box.check());
            String reviews =
                    server.owner.get("/api/v1/keys?search=Reviews").items("/id").getFirst();
            server.owner.post("/api/v1/keys/" + reviews + "/disable");
            button(page, "Disable").click();
            assertThat(page.getByText("3 keys are disabled")).isVisible();
            look(page, "state-bulk-disabled" + name);
            button(page, "Enable again").click();
            assertThat(page.getByText("2 keys are active again")).isVisible();
            look(page, "state-bulk-enabled" + name);
        });
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
    }

    @Test
    void suspensionIsAccessibleAsAPageOfItsOwn() {
        BROWSER.everyWay((fresh, name) -> {
            Page page = signIn(fresh, url);
            page.navigate(url + "/operator/organizations/" + server.otherOrganization + "/suspend");
            look(page, "state-suspend" + name);
            button(page, "Suspend").click();
            assertThat(heading(page, "Other is suspended")).isVisible();
            look(page, "state-suspended" + name);
            button(page, "Resume Other").click();
            assertThat(heading(page, "Other is active again")).isVisible();
            look(page, "state-resumed" + name);
        });
    }

    @Test
    void secretOfAnIdentityKeyIsAccessibleWhereItIsShown() {
        bothWays((fresh, name) -> {
            Page page = signIn(fresh, url);
            page.navigate(url + "/settings/api-keys/" + server.make("web").id() + "/identity-keys");
            button(page, "Make an identity key").click();
            assertThat(page.locator("#identity-secret")).isVisible();
            look(page, "state-identity-secret" + name);
        });
    }

    @Test
    void trailThatSomebodyChangedIsAccessible() {
        server.byHand("UPDATE audit_events SET target_id = 'other' WHERE organization_id = '" + server.organization
                + "' AND seq IN (2, 4)");
        bothWays((fresh, name) -> {
            Page page = signIn(fresh, url);
            page.navigate(url + "/audit");
            button(page, "Verify the chain").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText(Pattern.compile("not as"));
            look(page, "state-audit-broken" + name);
        });
    }
}
