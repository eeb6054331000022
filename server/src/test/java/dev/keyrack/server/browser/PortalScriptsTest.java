package dev.keyrack.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the portal's scripts do to a page what its markup asks for, for every way to use it, under the strictest policy. */
class PortalScriptsTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private FixtureServer server;

    @BeforeEach
    void start() {
        server = new FixtureServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Page open(String path) {
        Page page = BROWSER.page();
        page.navigate(server.url(path));
        return page;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator spoken(Page page) {
        return page.locator("body > [data-announcer]");
    }

    /** A browser without windows asks nobody, also where a click is enough for one that has them. */
    private static Page mayCopy(Page page) {
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        return page;
    }

    private static String clipboard(Page page) {
        return (String) page.evaluate("navigator.clipboard.readText()");
    }

    @Test
    void pageIsAccessibleInBothSchemesAndOnAPhone() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(TestingBrowser.DESKTOP, TestingBrowser.PHONE)) {
                Page page = BROWSER.page(width, scheme);
                for (String path : List.of("/", "/keys")) {
                    page.navigate(server.url(path));
                    assertThat(page.locator("body")).isVisible();
                    TestingBrowser.axe(page);
                    TestingBrowser.fits(page);
                }
            }
        }
    }

    @Test
    void copyConfirmsInPlaceAndAloudAndThenOffersItselfAgain() {
        Page page = mayCopy(BROWSER.page());
        page.clock().install();
        page.navigate(server.url("/"));
        button(page, "Copy app id").click();
        assertThat(button(page, "Copied!")).isVisible();
        assertThat(spoken(page)).hasText("Copied!");
        assertThat(spoken(page)).hasAttribute("role", "status");
        assertThat(clipboard(page)).isEqualTo("kr_srv_0123456789a");
        page.clock().fastForward(2_000);
        assertThat(button(page, "Copy app id")).isVisible();
        button(page, "Copy snippet").click();
        assertThat(button(page, "Copied")).isVisible();
        assertThat(clipboard(page)).isEqualTo("curl -s https://example.com");
    }

    @Test
    void whatCannotBeCopiedIsSelected() {
        Page page = BROWSER.page();
        page.navigate(server.insecure("/"));
        assertThat(page.evaluate("navigator.clipboard === undefined")).isEqualTo(true);
        button(page, "Copy app id").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("It is selected");
        assertThat(page.evaluate("getSelection().toString()")).isEqualTo("kr_srv_0123456789a");
    }

    @Test
    void whatStandsOnNoPageIsShownWhereItCannotBeCopied() {
        Page page = BROWSER.page();
        page.navigate(server.insecure("/"));
        button(page, "Copy snippet").click();
        assertThat(page.getByRole(AriaRole.ALERT))
                .hasText("This browser lets no page copy here. Copy it yourself: curl -s https://example.com");
        page.reload();
        button(page, "Copy token").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText(FixtureServer.TOKEN);
        TestingBrowser.axe(page);
    }

    @Test
    void timesAreRelativeAndExactInTheReadersZoneAndGoOn() {
        Page page = BROWSER.page();
        page.clock().install();
        page.navigate(server.url("/"));
        assertThat(page.locator("#made")).hasText("3 minutes ago");
        assertThat(page.locator("#made")).hasAttribute("title", Pattern.compile("\\d{1,2} \\w+ \\d{4}.*CES?T"));
        assertThat(page.locator("#ends")).hasText(Pattern.compile("1 Jan 2027, 01:00"));
        page.clock().fastForward(61_000);
        assertThat(page.locator("#made")).hasText("4 minutes ago");
    }

    @Test
    void nothingMovesWhenTheScriptsHaveRun() {
        Page page = BROWSER.page();
        page.addInitScript("window.moved = 0; new PerformanceObserver((list) => {"
                + " for (const shift of list.getEntries()) window.moved += shift.value;"
                + "}).observe({ type: 'layout-shift', buffered: true });");
        for (String path : List.of("/", "/keys")) {
            page.navigate(server.url(path));
            assertThat(page.locator("h1")).isVisible();
            page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))");
            assertThat(((Number) page.evaluate("window.moved")).doubleValue())
                    .as("layout shift at " + path)
                    .isZero();
        }
    }

    @Test
    void tokenIsShownWhileItIsWanted() {
        Page page = BROWSER.page();
        page.clock().install();
        page.navigate(server.url("/"));
        Locator token = page.locator("#token");
        Locator show = button(page, "Show token");
        show.click();
        assertThat(token).hasText(FixtureServer.TOKEN);
        assertThat(show).hasAttribute("aria-pressed", "true");
        show.click();
        assertThat(token).hasText("kr_web_…9a");
        assertThat(show).hasAttribute("aria-pressed", "false");

        show.click();
        assertThat(token).hasText(FixtureServer.TOKEN);
        page.clock().fastForward(60_000);
        assertThat(token).hasText("kr_web_…9a");

        show.click();
        assertThat(token).hasText(FixtureServer.TOKEN);
        page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });"
                + "document.dispatchEvent(new Event('visibilitychange')); delete document.visibilityState");
        assertThat(token).hasText("kr_web_…9a");
        assertThat(server.received()).filteredOn("POST /reveal"::equals).hasSize(3);
    }

    @Test
    void tokenIsCopiedUnseenAndARefusalIsToldInTheServersWords() {
        Page page = mayCopy(open("/"));
        button(page, "Copy token").click();
        assertThat(spoken(page)).hasText("Copied");
        assertThat(clipboard(page)).isEqualTo(FixtureServer.TOKEN);
        assertThat(page.locator("#token")).hasText("kr_web_…9a");
        button(page, "Show what may not be seen").click();
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("You may not see this token.");
        assertThat(page.locator("#token")).hasText("kr_web_…9a");
        TestingBrowser.axe(page);
    }

    @Test
    void resetWaitsForTheBoxAndIsSentByTheBrowserItself() {
        Page page = open("/");
        assertThat(button(page, "Reset App Secret")).isDisabled();
        page.getByLabel("YES I WANT TO RESET").check();
        button(page, "Reset App Secret").click();
        assertThat(page).hasURL(server.url("/saved"));
        assertThat(server.received()).contains("POST /save confirmed=yes");
    }

    @Test
    void listIsEditedByKeyboardAndSentAsOneField() {
        Page page = open("/");
        Locator field = page.getByRole(AriaRole.TEXTBOX, new GetByRoleOptions().setName("Websites"));
        assertThat(field).hasAccessibleDescription("One a line.");
        assertThat(button(page, "Delete")).isHidden();
        field.fill("https://third.example");
        field.press("Enter");
        assertThat(page.getByRole(AriaRole.RADIO)).hasCount(3);
        assertThat(spoken(page)).hasText("https://third.example");
        field.fill("https://third.example");
        button(page, "Add").click();
        assertThat(page.getByRole(AriaRole.RADIO)).hasCount(3);
        assertThat(field).isFocused();

        page.getByLabel("https://example.com").check();
        page.keyboard().press("ArrowDown");
        assertThat(page.getByLabel("https://*.example.com")).isChecked();
        assertThat(button(page, "Delete")).isVisible();
        TestingBrowser.axe(page);
        button(page, "Delete").click();
        assertThat(page.getByLabel("https://third.example")).isFocused();
        page.keyboard().press("Delete");
        assertThat(page.getByRole(AriaRole.RADIO)).hasCount(1);

        field.fill("https://not-added.example");
        button(page, "Save").click();
        assertThat(page).hasURL(server.url("/saved"));
        assertThat(server.received())
                .contains("POST /save websites=https://example.com\r\nhttps://not-added.example&name=Shop");
    }

    @Test
    void selectedEntryIsNotSentBesideTheList() {
        Page page = open("/");
        page.getByLabel("https://example.com").check();
        button(page, "Save").click();
        assertThat(page).hasURL(server.url("/saved"));
        assertThat(server.received())
                .contains("POST /save websites=https://example.com\r\nhttps://*.example.com&name=Shop");
    }

    @Test
    void leavingWithUnsavedChangesIsAskedAndWithoutIsNot() {
        Page page = open("/");
        AtomicBoolean asked = new AtomicBoolean();
        page.onDialog(dialog -> {
            asked.set(true);
            dialog.accept();
        });
        page.getByLabel("Name").fill("Other");
        page.getByLabel("Name").fill("Shop");
        page.navigate(server.url("/saved"));
        assertThat(asked).isFalse();
        page.navigate(server.url("/"));
        page.getByLabel("Name").fill("Other");
        page.navigate(server.url("/saved"));
        assertThat(asked).isTrue();
    }

    @Test
    void filterFollowsWhatIsTypedAndALateAnswerIsDropped() {
        Page page = open("/keys?type=web");
        AtomicBoolean dropped = new AtomicBoolean();
        page.onRequestFailed(
                request -> dropped.compareAndSet(false, request.url().endsWith("=slow")));
        Locator search = page.getByLabel("Search");
        search.fill("slow");
        page.waitForRequest("**/keys?search=slow", () -> search.press("Enter"));
        search.fill("sh");
        assertThat(page.getByRole(
                        AriaRole.CELL, new GetByRoleOptions().setName("Shelf").setExact(true)))
                .isVisible();
        assertThat(page.locator("tbody tr")).hasCount(2);
        assertThat(spoken(page)).hasText("2 keys");
        assertThat(page).hasURL(server.url("/keys?search=sh"));
        assertThat(search).isFocused();
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
        page.waitForCondition(dropped::get);
        server.slow.countDown();
        page.getByLabel("Type").selectOption("web");
        assertThat(page).hasURL(server.url("/keys?search=sh&type=web"));
        assertThat(page.locator("tbody tr")).hasCount(2);
        page.reload();
        assertThat(search).hasValue("sh");
    }

    @Test
    void rowsAreSelectedTogetherAndTheFormIsSentWithThem() {
        Page page = open("/keys");
        Locator disable = button(page, "Disable");
        Locator all = page.getByLabel("Select all");
        assertThat(disable).isHidden();
        page.getByLabel("Select Shop").check();
        assertThat(disable).isVisible();
        assertThat(spoken(page)).hasText("Selected: 1");
        assertThat(all.evaluate("box => box.indeterminate")).isEqualTo(true);
        all.check();
        assertThat(page.locator("[data-selected-count]")).hasText("4");
        all.uncheck();
        assertThat(disable).isHidden();
        page.getByLabel("Select Shop").check();
        page.getByLabel("Search").fill("nothing");
        assertThat(page.getByText("No keys.")).isVisible();
        assertThat(disable).isHidden();
        page.getByLabel("Search").fill("b");
        page.getByLabel("Select Blog").check();
        disable.click();
        assertThat(page).hasURL(server.url("/saved"));
        assertThat(server.received()).contains("POST /save key=Blog&act=disable");
    }

    @Test
    void quickSearchIsReachedAndUsedByKeyboard() {
        Page page = open("/");
        Locator field = page.getByRole(AriaRole.COMBOBOX, new GetByRoleOptions().setName("Quick search"));
        page.keyboard().press("/");
        assertThat(field).isFocused();
        assertThat(field).hasValue("");
        field.pressSequentially("sh/op");
        Locator first = page.getByRole(AriaRole.OPTION, new GetByRoleOptions().setName("Key sh/op"));
        assertThat(first).isVisible();
        assertThat(field).hasAttribute("aria-expanded", "true");
        assertThat(spoken(page)).hasText("2 found");
        page.keyboard().press("ArrowDown");
        assertThat(first).hasAttribute("aria-selected", "true");
        assertThat(field).hasAttribute("aria-activedescendant", first.getAttribute("id"));
        TestingBrowser.axe(page);
        page.keyboard().press("Escape");
        assertThat(first).isHidden();
        assertThat(field).hasValue("sh/op");
        page.keyboard().press("ArrowDown");
        assertThat(first).isVisible();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(server.url("/keys/2"));
    }

    @Test
    void shortcutIsNoneWhileTypingAndCanBeTurnedOff() {
        Page page = open("/");
        Locator field = page.getByRole(AriaRole.COMBOBOX);
        page.getByLabel("Name").fill("");
        page.getByLabel("Name").press("/");
        assertThat(page.getByLabel("Name")).hasValue("/");
        page.getByLabel("Name").fill("Shop");
        page.locator("h1").click();
        page.keyboard().press("Control+k");
        assertThat(field).isFocused();
        page.getByLabel("Keyboard shortcuts").uncheck();
        page.keyboard().press("/");
        assertThat(page.getByLabel("Keyboard shortcuts")).isFocused();
        page.reload();
        assertThat(page.getByLabel("Keyboard shortcuts")).not().isChecked();
    }

    @Test
    void everyPageWorksWithoutScripts() {
        Page page = BROWSER.pageWithoutJavaScript(TestingBrowser.PHONE);
        page.navigate(server.url("/"));
        assertThat(page.getByRole(AriaRole.TEXTBOX, new GetByRoleOptions().setName("Websites")))
                .hasValue("https://example.com\nhttps://*.example.com");
        button(page, "Save").click();
        assertThat(page).hasURL(server.url("/saved"));
        page.navigate(server.url("/"));
        page.getByText("Create API Key").click();
        assertThat(page).hasURL(server.url("/new"));
        page.navigate(server.url("/keys"));
        page.getByLabel("Search").fill("sh");
        button(page, "Filter").click();
        assertThat(page.locator("tbody tr")).hasCount(2);
    }
}
