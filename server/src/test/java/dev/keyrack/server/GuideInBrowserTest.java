package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.dialog;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the pictures of the user guide are of pages that are there; {@code ./keyrack screenshots} takes them anew. */
class GuideInBrowserTest {
    private static final Path GUIDE = Path.of(System.getProperty("keyrack.root"), "docs", "guide");

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static String url;
    private static String web;

    private record Picture(String name, String path, String heading) {}

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        TestingReader.owner(server);
        url = ControlFile.read(server.data).orElseThrow().url();
        server.owner.patch("/api/v1/organizations/" + server.organization, "{'name':'Acme Outdoor'}");
        server.member(Role.DEVELOPER);
        server.member(Role.SUPPORT);
        TestingReader.signedIn(server, TestingPortal.CUSTOMER);
        server.other.patch("/api/v1/organizations/" + server.otherOrganization, "{'name':'Northern Trail'}");
        server.byHand("UPDATE organizations SET subdomain = 'northern' WHERE subdomain = 'other'");
        server.member(Role.DEVELOPER, server.otherOrganization);
        server.byHand(
                "UPDATE members SET created_at = (SELECT MAX(m.created_at) FROM members m) WHERE created_at = 0",
                "UPDATE members SET name = 'Dana Developer' WHERE role = 'developer'",
                "UPDATE members SET name = 'Sam Support' WHERE role = 'support'",
                "UPDATE members SET name = 'Olivia Owner' WHERE email = 'owner@example.com'");
        for (int i = 0; i < 3; i++) {
            server.makeOther();
        }
        web = key(
                "Shop, web",
                "web",
                ",'restrictions':{'websites':['https://shop.example.com','https://*.example.org']},'permissions':['chat.start']");
        key("Shop, Android", "mobile", ",'expiresAt':'2099-01-01T00:00:00Z'");
        key("Weekly report", "analytics", ",'source':{'kind':'integration','name':'Advanced reporting'}");
        String gateway = key("Gateway in Zurich", "server", ",'restrictions':{'networks':['192.0.2.0/24']}");
        server.owner.post("/api/v1/keys/" + gateway + "/disable", "{}");
        server.owner.patch(
                "/api/v1/keys/" + web + "/component",
                "{'title':'Acme Outdoor','accent':'#1e6b2e','introMessages':['Hello, where shall we go?']}");
        for (String question :
                List.of("How long does delivery take?", "Can I return a tent?", "Do you repair boots?")) {
            server.owner.post(
                    "/api/v1/projects/" + server.project + "/assistant/entries",
                    "{'question':'" + question + "','answer':'Two to four working days.'}");
        }
        server.owner.delete("/api/v1/keys/" + key("Old shop", "web", ""));
        long now = System.currentTimeMillis() * 1_000;
        for (int hour = 0; hour < 30; hour++) {
            long at = now - hour * 3_600_000_000L;
            server.refused(web, at, "WEBSITE_NOT_ALLOWED", false, "http://shop.example.com", 3 + hour * 7 % 11);
            server.refused(web, at, "PERMISSION_DENIED", false, "orders.read", hour % 4);
        }
    }

    private static String key(String name, String type, String more) {
        return server.owner
                .post(
                        "/api/v1/keys",
                        "{'name':'" + name + "','type':'" + type + "','projectId':'" + server.project + "'" + more
                                + "}")
                .at("/key/id");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyPageOfTheGuideIsThere() {
        Page page = BROWSER.page();
        page.navigate(url + "/sign-in");
        TestingBrowser.view(page, "sign-in");
        signIn(page, url);
        page.navigate(url + "/projects/" + server.project + "/credentials");
        button(page, "Generate Credentials").click();
        server.minted.add(page.locator("#app-secret").textContent());
        customerDeletesTheOrganization();
        for (Picture picture : List.of(
                new Picture("api-keys", "/settings/api-keys", "API Keys"),
                new Picture("create-api-key", "/settings/api-keys/new?type=web", "Create API Key"),
                new Picture("key", "/settings/api-keys/" + web, "Shop, web"),
                new Picture("revoke", "/settings/api-keys/" + web + "/revoke", ""),
                new Picture(
                        "try-it",
                        "/settings/api-keys/" + web + "/restrictions?origin=http%3A%2F%2Fshop.example.com",
                        "Shop, web"),
                new Picture("refusals", "/settings/api-keys/" + web + "/refusals", "Shop, web"),
                new Picture("permissions", "/settings/permissions", "Permissions"),
                new Picture("nodes", "/operator/nodes", "Nodes"),
                new Picture("installation", "/operator/installation", "Installation"),
                new Picture("api-credentials", "/settings/api-credentials", "API credentials"),
                new Picture("project-credentials", "/projects/" + server.project + "/credentials", ""),
                new Picture("projects", "/projects", "Projects"),
                new Picture("assistant", "/projects/" + server.project + "/assistant", "Assistant"),
                new Picture("questions", "/projects/" + server.project + "/assistant/questions", ""),
                new Picture("members", "/members", "Members"),
                new Picture("audit", "/audit", "Audit"),
                new Picture("api-token", "/account/api-token", "API token"),
                new Picture("organizations", "/operator/organizations", "Organizations"))) {
            page.navigate(url + picture.path);
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .containsText(picture.heading);
            TestingBrowser.screenshot(page, picture.name);
        }
        page.navigate(url + "/settings/api-keys/" + web + "/component");
        page.frameLocator("#preview")
                .getByRole(AriaRole.BUTTON, new FrameLocator.GetByRoleOptions().setName("Open chat"))
                .click();
        assertThat(page.frameLocator("#preview").getByRole(AriaRole.DIALOG)).isVisible();
        page.evaluate("scrollTo(0, 0)");
        TestingBrowser.view(page, "web-component");
        Page phone = signIn(BROWSER.page(TestingBrowser.PHONE, ColorScheme.DARK), url);
        TestingBrowser.screenshot(phone, "api-keys-phone");
    }

    private static void customerDeletesTheOrganization() {
        Page page = signIn(BROWSER.page(), url, TestingPortal.CUSTOMER);
        page.navigate(url + "/settings/organization");
        assertThat(link(page, "Delete the organization")).isVisible();
        TestingBrowser.screenshot(page, "organization");
        link(page, "Delete the organization").click();
        field(page, "Type “northern” to confirm").fill("northern");
        TestingBrowser.view(page, "delete-organization");
        button(page, "Delete the organization").click();
        assertThat(dialog(page, "Northern Trail is deleted")).isVisible();
        TestingBrowser.view(page, "organization-deleted");
    }

    @Test
    void everyPictureThatTheGuideShowsIsThereAndHasWords() throws IOException {
        Pattern shown = Pattern.compile("!\\[([^\\]]*)]\\(([^)]+)\\)");
        Set<String> missing = new TreeSet<>();
        int pictures = 0;
        try (Stream<Path> chapters = Files.list(GUIDE)) {
            for (Path chapter :
                    chapters.filter(f -> f.toString().endsWith(".md")).toList()) {
                Matcher matcher = shown.matcher(Files.readString(chapter));
                while (matcher.find()) {
                    pictures++;
                    if (matcher.group(1).isBlank() || !Files.exists(GUIDE.resolve(matcher.group(2)))) {
                        missing.add(chapter.getFileName() + ": " + matcher.group());
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(pictures).isGreaterThan(5);
    }
}
