package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: account, audit, search, settings and the operator's pages do in a browser what they say, for everybody. */
class DeskInBrowserTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static String url;

    /** Made while the owner's personal token is still good. */
    private static Map<String, List<String>> pages;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        TestingReader.owner(server);
        server.make("web");
        pages = TestingPortal.pages(server, "/search?q=sh", "/search?q=nothing+at+all", "/nothing");
        url = ControlFile.read(server.data).orElseThrow().url();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** On a large screen in the light, and on a small one in the dark. */
    @Test
    void everyPageIsAccessibleAndFits() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            int width = scheme == ColorScheme.LIGHT ? TestingBrowser.DESKTOP : TestingBrowser.PHONE;
            pages.forEach((reader, paths) -> {
                Page page = signIn(BROWSER.page(width, scheme), url, reader);
                for (String path : paths) {
                    page.navigate(url + path);
                    look(
                            page,
                            path.replaceAll("/[^/]*[0-9A-Z][^/]*", "")
                                            .replaceAll("[^a-z]+", "-")
                                            .substring(1) + "-" + width + "-"
                                    + scheme.name().toLowerCase(Locale.ROOT));
                }
            });
        }
    }

    /** WCAG 2.2, 1.4.10: 320 CSS pixels, which is also 1280 at 400 %. */
    @Test
    void everyPageFitsTheSmallestWindow() {
        pages.forEach((reader, paths) -> {
            Page page = signIn(BROWSER.page(320, ColorScheme.LIGHT), url, reader);
            for (String path : paths) {
                page.navigate(url + path);
                assertThat(page.locator("main")).isVisible();
                TestingBrowser.fits(page);
            }
        });
    }

    @Test
    void personalTokenIsGeneratedShownOnceRegeneratedAndDeleted() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/account/api-token");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("What needs a token")))
                .isVisible();
        assertThat(page.getByText("The JavaScript API of your own pages needs none"))
                .isVisible();
        link(page, "Delete").click();
        Locator question = page.getByRole(AriaRole.DIALOG);
        assertThat(question).containsText("Every program that uses it is refused at once");
        question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Yes, delete"))
                .click();
        assertThat(button(page, "Generate")).isVisible();
        assertThat(link(page, "Regenerate")).hasCount(0);
        assertThat(link(page, "Delete")).hasCount(0);
        assertThat(server.owner.get("/api/v1/me").status()).isEqualTo(401);
        button(page, "Generate").click();
        String first = page.locator("#token").textContent();
        server.minted.add(first);
        assertThat(as(first)).isEqualTo(200);
        page.navigate(url + "/account/api-token");
        assertThat(page.locator("#token")).hasCount(0);
        assertThat(page.getByText("It was shown once and is not stored")).isVisible();

        for (String act : List.of("Regenerate", "Delete")) {
            link(page, act).click();
            page.getByRole(AriaRole.DIALOG)
                    .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Cancel"))
                    .click();
            assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        }
        assertThat(as(first)).as("after a Cancel").isEqualTo(200);
        link(page, "Regenerate").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("stops at once");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Regenerate"))
                .click();
        Locator token = page.getByRole(AriaRole.DIALOG).locator("#token");
        assertThat(token).isVisible();
        String second = token.textContent();
        server.minted.add(second);
        assertThat(as(first)).isEqualTo(401);
        assertThat(as(second)).isEqualTo(200);
        page.keyboard().press("Escape");
        link(page, "Back to the API token").click();
        assertThat(token).isVisible();
        page.getByLabel("I have stored it").check();
        link(page, "Back to the API token").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    }

    private static int as(String token) {
        return server.nobody.as("x-api-key", token).get("/api/v1/me").status();
    }

    @Test
    void sessionThatIsEndedElsewhereIsSignedOut() {
        Page here = signIn(BROWSER.page(), url);
        Page there = signIn(BROWSER.page(), url);
        here.navigate(url + "/account/sessions");
        assertThat(here.getByText("This one")).hasCount(1);
        button(here, "End all others").click();
        assertThat(here.getByText("All other sessions are ended.")).isVisible();
        there.navigate(url + "/audit");
        assertThat(there.getByText("Sign in to go on.")).isVisible();
        button(there, "Sign in").focus();
        here.reload();
        assertThat(here.getByText("This one")).isVisible();
    }

    @Test
    void quickSearchIsUsedByKeyboard() {
        Page page = signIn(BROWSER.page(), url);
        // Keys that are pressed before the script is at work are nobody's.
        Locator field = page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Search keys"));
        assertThat(field).isVisible();
        page.keyboard().press("/");
        assertThat(field).isFocused();
        page.keyboard().type("key");
        Locator option =
                page.getByRole(AriaRole.LISTBOX).getByRole(AriaRole.OPTION).first();
        assertThat(option).isVisible();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(java.util.regex.Pattern.compile(".*/settings/api-keys/[A-Za-z0-9]{11}$"));
    }

    @Test
    void auditIsFilteredExportedAndVerified() throws IOException {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/audit");
        page.getByLabel("Event").selectOption("organization.created");
        assertThat(page.getByRole(AriaRole.ROW)).hasCount(2);
        assertThat(page).hasURL(java.util.regex.Pattern.compile(".*action=organization\\.created.*"));
        page.getByLabel("From (Europe/Zurich)").fill("2020-01-15");
        assertThat(page).hasURL(java.util.regex.Pattern.compile(".*sinceAt=2020-01-14T23%3A00%3A00.*"));
        assertThat(page.getByRole(AriaRole.ROW)).hasCount(2);
        Download csv = page.waitForDownload(() -> link(page, "CSV").click());
        List<String> lines = Files.readAllLines(csv.path());
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("at,actorKind");
        assertThat(lines.get(1)).contains("\"organization.created\"");
        button(page, "Verify the chain").click();
        assertThat(page.getByText("The chain is whole")).isVisible();
        TestingBrowser.axe(page);
    }

    @Test
    void colourOfTheOrganizationIsOnItsPages() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/settings/organization");
        page.getByLabel("Accent colour").fill("teal");
        button(page, "Save").click();
        assertThat(page.getByLabel("Accent colour")).hasValue("teal");
        assertThat(page.getByText("a colour such as").last()).isVisible();
        page.getByLabel("Accent colour").fill("#007a5a");
        button(page, "Save").click();
        assertThat(page.getByText("Saved.")).isVisible();
        assertThat(button(page, "Save")).hasCSS("background-color", "rgb(0, 122, 90)");
        TestingBrowser.axe(page);
        page.getByLabel("Accent colour").fill("");
        button(page, "Save").click();
        assertThat(page.getByText("Saved.")).isVisible();
    }

    @Test
    void logoIsUploadedShownAndRemoved() throws IOException {
        BROWSER.everyWay((page, name) -> {
            signIn(page, url);
            page.navigate(url + "/settings/organization");
            page.getByLabel("Picture", new Page.GetByLabelOptions().setExact(true))
                    .setInputFiles(new com.microsoft.playwright.options.FilePayload(
                            "logo.png", "image/png", TestingPicture.png(300, 80)));
            button(page, "Save logo").click();
            assertThat(page.getByText("The logo is saved, and shown.")).isVisible();
            assertThat(link(page, "Acme, home")).isVisible();
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            TestingBrowser.screenshot(page, "organization-logo" + name);
            page.getByLabel("Another picture")
                    .setInputFiles(new com.microsoft.playwright.options.FilePayload(
                            "photo.png", "image/png", new byte[70_000]));
            org.assertj.core.api.Assertions.assertThat(
                            page.getByLabel("Another picture").evaluate("field => field.validity.customError"))
                    .isEqualTo(true);
            page.getByLabel("Another picture")
                    .setInputFiles(new com.microsoft.playwright.options.FilePayload(
                            "logo.svg", "image/png", "<svg/>".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            button(page, "Save logo").click();
            assertThat(page.getByText("is no PNG and no JPEG").first()).isVisible();
            TestingBrowser.axe(page);
            button(page, "Remove logo").click();
            assertThat(page.getByText("The logo is removed.")).isVisible();
            assertThat(link(page, "Keyrack")).isVisible();
        });
    }

    @Test
    void organizationIsMadeSuspendedAndResumed() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/operator/organizations");
        link(page, "Create organization").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Name").fill("Third");
        dialog.getByLabel("Subdomain").fill("third");
        dialog.getByLabel("E-mail of its first Owner").fill("third@example.com");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create organization"))
                .click();
        Locator token = page.getByRole(AriaRole.DIALOG).locator("#owner-token");
        assertThat(token).isVisible();
        TestingBrowser.axe(page);
        String link = page.getByRole(AriaRole.DIALOG).locator("#owner-link").textContent();
        TestingClient third = server.nobody.as("x-api-key", token.textContent());
        server.minted.add(token.textContent());
        page.getByLabel("I have stored it").check();
        link(page, "Back to the organizations").click();
        assertThat(third.get("/api/v1/projects").status()).isEqualTo(200);
        assertThat(ownersFirstPage(link)).isVisible();

        link(page, "Recovery link for an Owner of Third").click();
        button(page, "Create recovery link").click();
        String another = page.getByRole(AriaRole.DIALOG).locator("#link").textContent();
        TestingBrowser.axe(page);
        page.getByLabel("I have sent it, or stored it").check();
        link(page, "Back to the organizations").click();
        assertThat(ownersFirstPage(another)).isVisible();
        assertThat(third.get("/api/v1/audit").items("/action")).contains("member.recovery.offered");

        link(page, "Suspend Third").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("No key of it works now");
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Suspend"))
                .click();
        assertThat(page.getByText("Third is suspended")).isVisible();
        assertThat(page.getByRole(AriaRole.DIALOG).getByText("Confirmed by")).isVisible();
        assertThat(third.get("/api/v1/projects").status()).isEqualTo(403);
        link(page, "Back to the organizations").click();
        button(page, "Resume Third").click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Third is active again")))
                .isVisible();
        assertThat(third.get("/api/v1/projects").status()).isEqualTo(200);
    }

    /** Whoever has the link chooses a password and is in. */
    private static Locator ownersFirstPage(String link) {
        Page page = BROWSER.page();
        page.navigate(link);
        page.getByLabel("New password").fill(TestingReader.PASSWORD);
        button(page, "Set password and sign in").click();
        return page.getByText("You are signed in with your new password.");
    }

    @Test
    void catalogueIsEditedWithoutJavaScript() {
        Page page = signIn(BROWSER.pageWithoutJavaScript(TestingBrowser.DESKTOP), url);
        page.navigate(url + "/settings/permissions");
        page.getByLabel("Permission of row 1").fill("chat.start");
        page.getByLabel("Description of row 1").fill("Start a chat");
        Locator types = page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Types of key of row 1"));
        button(page, "Save").click();
        assertThat(page.getByLabel("Permission of row 1")).hasValue("chat.start");
        assertThat(page.locator("#permissions-0-error").getByText("at least one type"))
                .isVisible();
        link(page, "Permission of row 1").click();
        assertThat(page).hasURL(url + "/settings/permissions#permissions-0-error");
        types.getByLabel("Web").check();
        button(page, "Save").click();
        assertThat(page.getByText("The catalogue is saved")).isVisible();
        assertThat(page.getByLabel("Permission of row 1")).hasValue("chat.start");
    }
}
