package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.dialog;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: somebody at a desk or a phone finds, makes, copies and revokes keys by what they read and hear. */
class KeysInBrowserTest extends TestingDesk {
    private static final String LIST = "/settings/api-keys";

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    /** One that may read and write the clipboard. */
    private static Page page() {
        BrowserContext profile = BROWSER.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        return signIn(profile.newPage(), url);
    }

    private static String clipboard(Page page) {
        return (String) page.evaluate("navigator.clipboard.readText()");
    }

    @Test
    void secretKeyIsMadeInADialogThatIsLeftOnceItIsStored() {
        server.make("web");
        Page page = page();
        link(page, "Create API Key").first().click();
        Locator form = dialog(page, "Create API Key");
        form.getByRole(AriaRole.RADIO, new Locator.GetByRoleOptions().setName(Pattern.compile("^Server")))
                .check();
        form.getByLabel("Name").fill("Browser made");
        form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create API Key"))
                .click();
        Locator made = dialog(page, "Browser made is created");
        assertThat(made).containsText("You will not see this again.");
        String token = made.locator("#token").textContent();
        server.minted.add(token);
        made.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Copy").setExact(true))
                .click();
        assertThat(made.getByText("Copied").first()).isVisible();
        assertThat(clipboard(page)).isEqualTo(token);
        assertThat(made.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Back to the keys")))
                .isDisabled();
        page.keyboard().press("Escape");
        assertThat(made).isVisible();
        made.getByLabel("I have stored it").check();
        made.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Back to the keys"))
                .click();
        assertThat(page).hasURL(url + LIST);
        assertThat(link(page, "Browser made")).isVisible();
        assertThat(server.code(token)).isEqualTo("VALID");
    }

    private static Answer named(String name) {
        return server.owner.post(
                "/api/v1/keys", "{'name':'" + name + "','type':'web','projectId':'" + server.project + "'}");
    }

    @Test
    void keyIsFoundCopiedAndRevoked() {
        String name = "Find me";
        Answer made = named(name);
        Page page = page();
        page.getByLabel("Search by name or id").fill("find");
        assertThat(page).hasURL(Pattern.compile("search=find"));
        assertThat(page.locator("tbody tr")).hasCount(1);
        button(page, "Copy the token of " + name).click();
        page.waitForCondition(() -> clipboard(page).equals(made.at("/token")));
        link(page, "Revoke " + name).click();
        Locator question = dialog(page, "Revoke " + name + "?");
        question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Yes, delete"))
                .click();
        Locator done = dialog(page, name + " is revoked");
        assertThat(done).containsText("Off everywhere since");
        TestingBrowser.axe(page);
        done.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Back to the keys"))
                .click();
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(server.code(made.at("/token"))).isEqualTo("REVOKED");
    }

    @Test
    void whatCanBeDoneToManyAppearsWithTheFirstThatIsSelected() {
        server.make("web");
        server.make("server");
        Page page = page();
        assertThat(button(page, "Disable")).isHidden();
        page.getByLabel("Select all on this page").check();
        assertThat(button(page, "Disable")).isVisible();
        assertThat(page.getByText(Pattern.compile("[0-9]+ selected"))).isVisible();
        page.getByLabel("Select all on this page").uncheck();
        assertThat(button(page, "Disable")).isHidden();
    }

    @Test
    void keysThatWereDisabledTogetherAreEnabledAgainWithOneClick() {
        List<String> tokens = List.of(named("Together 1"), named("Together 2")).stream()
                .map(made -> made.at("/token"))
                .toList();
        Page page = page();
        page.getByLabel("Select Together 1").check();
        page.getByLabel("Select Together 2").check();
        button(page, "Disable").click();
        assertThat(page.getByText("No node says yes to them any more.")).isVisible();
        assertThat(tokens).allSatisfy(token -> assertThat(server.code(token)).isEqualTo("DISABLED"));
        button(page, "Enable again").click();
        assertThat(page.getByText("2 keys are active again").first()).isVisible();
        assertThat(tokens).allSatisfy(token -> assertThat(server.code(token)).isEqualTo("VALID"));
        link(page, "Back to the keys").click();
        assertThat(page).hasURL(url + LIST);
    }

    private static Locator creating(Page page, String type, String name) {
        page.navigate(url + LIST + "/new");
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName(Pattern.compile("^" + type)))
                .check();
        field(page, "Name").fill(name);
        field(page, "Project").selectOption(server.project);
        return page.locator("main");
    }

    private static TestingServer.Made made(Page page, String name) {
        button(page, "Create API Key").click();
        String token = page.locator("#token").textContent();
        server.minted.add(token);
        return new TestingServer.Made(
                server.owner
                        .get("/api/v1/keys?search=" + TestingClient.encoded(name))
                        .items("/id")
                        .getFirst(),
                token);
    }

    private static void add(Locator in, String label, String entry) {
        Locator typed = in.getByRole(AriaRole.TEXTBOX, new Locator.GetByRoleOptions().setName(label));
        typed.fill(entry);
        typed.press("Enter");
    }

    @Test
    void webKeyIsMadeForItsWebsitesAndTheMachineOfWhoeverDevelops() {
        Page page = page();
        Locator form = creating(page, "Web", "Made for a site");
        field(page, "Websites").check();
        add(form, "Websites that may use the key", "https://*.example.com");
        page.getByLabel("I'm developing locally").check();
        page.getByLabel("Address of the page on your machine").fill("http://localhost:8080");
        page.getByLabel("Cross-page persistence").uncheck();
        TestingServer.Made key = made(page, "Made for a site");
        assertThat(server.from(key, "https://shop.example.com")).isEqualTo("VALID");
        assertThat(server.from(key, "http://localhost:8080")).isEqualTo("VALID");
        assertThat(server.from(key, "http://localhost:8081")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.owner.get(key.path() + "/component").at("/component/crossPage"))
                .isEqualTo("false");
    }

    @Test
    void mobileKeyIsMadeForAnAppAndItsTokenIsSeenAgain() {
        Page page = page();
        Locator form = creating(page, "Mobile", "Made for an app");
        field(page, "Apps").check();
        add(form, "Apps that may use the key", "ios com.example.Shop");
        TestingServer.Made key = made(page, "Made for an app");
        assertThat(server.verdict(key, ",'app':'com.example.Shop'")).isEqualTo("VALID");
        assertThat(server.verdict(key, ",'app':'com.example.Other'")).isEqualTo("APP_NOT_ALLOWED");
        button(page, "Back to the keys").click();
        link(page, "View Made for an app").click();
        button(page, "Show the token of Made for an app").click();
        assertThat(page.locator("#token")).hasText(key.token());
    }

    @Test
    void analyticsKeyEndsOnItsDayAndItsTokenIsSeenOnce() {
        Page page = page();
        creating(page, "Analytics", "Made for figures");
        page.getByLabel("Expires").selectOption(new SelectOption().setIndex(1));
        TestingServer.Made key = made(page, "Made for figures");
        assertThat(page.getByText("You will not see this again.")).isVisible();
        assertThat(server.code(key.token())).isEqualTo("VALID");
        assertThat(server.owner.get(key.path()).at("/key/expiresAt")).matches("20[0-9-]+T.*");
        page.getByLabel("I have stored it").check();
        button(page, "Back to the keys").click();
        assertThat(button(page, "Copy the public id of Made for figures")).isVisible();
        link(page, "Edit Made for figures").click();
        field(page, "Name").fill("Figures of the week");
        button(page, "Update API Key").click();
        assertThat(page.getByText("The token was shown once")).isVisible();
        assertThat(button(page, "Show the token of Figures of the week")).hasCount(0);
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void keyIsMadeAndRevokedWithoutAScript() {
        Page page = signIn(BROWSER.pageWithoutJavaScript(TestingBrowser.PHONE), url);
        page.navigate(url + LIST + "/new");
        page.getByLabel("Name").fill("Plain");
        assertThat(page.getByLabel("Websites that may use the key")).isHidden();
        page.getByLabel("Websites", new Page.GetByLabelOptions().setExact(true)).check();
        assertThat(page.getByText("The list is empty: the key refuses every website."))
                .isVisible();
        page.getByLabel("Websites that may use the key").fill("https://example.com\nhttps://*.example.com");
        assertThat(page.getByText("The list is empty: the key refuses every website."))
                .isHidden();
        assertThat(page.getByText("With this, anybody can put the key into a page of theirs"))
                .isHidden();
        button(page, "Create API Key").click();
        String token = page.locator("#token").textContent();
        server.minted.add(token);
        button(page, "Back to the keys").click();
        link(page, "Revoke Plain").click();
        button(page, "Yes, delete").click();
        assertThat(page.getByText("Off everywhere since")).isVisible();
        assertThat(server.code(token)).isEqualTo("REVOKED");
    }

    @Test
    void pagesAreAccessibleLightAndDarkLargeAndSmall() {
        TestingServer.Made key = server.make("mobile", ",'expiresAt':'2030-01-01T00:00:00Z'");
        TestingServer.Made off = server.make("server");
        server.owner.post(off.path() + "/disable");
        server.owner.delete(server.make("analytics").path());
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(TestingBrowser.DESKTOP, TestingBrowser.PHONE)) {
                Page page = signIn(BROWSER.page(width, scheme), url);
                String suffix = "-" + width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT);
                look(page, "keys" + suffix);
                page.navigate(url + LIST + "?search=nothing-is-called-so");
                look(page, "keys-nothing" + suffix);
                page.navigate(url + LIST + "/" + key.id() + "/revoke");
                look(page, "key-revoke" + suffix);
                page.navigate(url + "/guide");
                page.getByText("Python").click();
                look(page, "guide" + suffix);
                page.navigate(url + LIST + "/new");
                look(page, "key-new" + suffix);
                page.getByLabel("Websites", new Page.GetByLabelOptions().setExact(true))
                        .check();
                page.getByLabel("IP addresses").check();
                page.getByLabel("Apps", new Page.GetByLabelOptions().setExact(true))
                        .check();
                page.getByLabel(Pattern.compile("I'm developing locally")).check();
                page.getByLabel("Only these").check();
                page.getByLabel("Expires").selectOption("date");
                look(page, "key-new-open" + suffix);
                page.getByLabel("Name").fill("Looked at");
                button(page, "Create API Key").click();
                assertThat(page.getByRole(AriaRole.ALERT).first()).containsText("One field does not fit.");
                look(page, "key-new-refused" + suffix);
                page.navigate(url + LIST + "/new?type=server");
                page.getByLabel("Name").fill("Looked at");
                button(page, "Create API Key").click();
                server.minted.add(page.locator("#token").textContent());
                look(page, "key-made" + suffix);
            }
        }
    }
}
