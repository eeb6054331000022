package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: every dialog, and what pages show only after somebody did something, has a name and is for everybody. */
class DialogsInBrowserTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static String url;
    private static Map<String, List<String>> pages;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        TestingReader.owner(server);
        url = ControlFile.read(server.data).orElseThrow().url();
        People.join(server, server.owner, "developer@example.com", "developer");
        server.make("server");
        pages = TestingPortal.pages(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One of each kind: rows have the same. */
    @Test
    void everyDialogHasANameAndIsAccessible() {
        Set<String> kinds = new LinkedHashSet<>();
        pages.forEach((reader, paths) -> {
            Page page = signIn(BROWSER.page(), url, reader);
            paths.forEach(path -> open(page, path, kinds));
        });
        assertThat(kinds).hasSizeGreaterThan(12);
        assertThat(kinds).contains("/settings/organization /settings/organization/delete");
    }

    private static void open(Page page, String path, Set<String> kinds) {
        page.navigate(url + path);
        int links = page.locator("a[data-dialog]").count();
        for (int i = 0; i < links; i++) {
            Locator opener = page.locator("a[data-dialog]").nth(i);
            String kind = String.valueOf(opener.getAttribute("href")).replaceAll("\\?.*|/[A-Za-z_]*[0-9][^/]*", "");
            if (!kinds.add(path + " " + kind)) {
                continue;
            }
            opener.click();
            Locator dialog = page.locator("dialog[open]");
            assertThat(dialog).isVisible();
            assertThat(dialog).hasAccessibleName(java.util.regex.Pattern.compile("\\S"));
            TestingBrowser.axe(page);
            page.setViewportSize(320, 640);
            TestingBrowser.fits(page);
            Assertions.assertThat(
                            dialog.evaluate("d => d.scrollWidth <= d.clientWidth && d.getBoundingClientRect().left >= 0"
                                    + " && d.getBoundingClientRect().right <= innerWidth"))
                    .as("the dialog %s fits a window of 320 pixels", kind)
                    .isEqualTo(true);
            page.setViewportSize(TestingBrowser.DESKTOP, 800);
            page.keyboard().press("Escape");
            assertThat(dialog).hasCount(0);
        }
    }

    @Test
    void whatIsShownAfterAnActIsAccessible() {
        BROWSER.everyWay((fresh, name) -> {
            Page page = signIn(fresh, url);
            page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Search keys"))
                    .fill("key");
            assertThat(page.getByRole(AriaRole.LISTBOX).first()).isVisible();
            TestingBrowser.axe(page);
            page.keyboard().press("Escape");

            page.navigate(url + "/settings/api-keys");
            page.locator("tbody input[type=checkbox]").first().check();
            button(page, "Revoke").click();
            assertThat(button(page, "Yes, delete")).isVisible();
            look(page, "bulk-revoke" + name);
            page.navigate(url + "/settings/api-keys");
            page.locator("tbody input[type=checkbox]").first().check();
            button(page, "Disable").click();
            assertThat(link(page, "Back to the keys")).isVisible();
            look(page, "bulk-disabled" + name);

            page.navigate(url + "/members");
            link(page, "Recovery link for Somebody").click();
            button(page, "Create recovery link").click();
            assertThat(page.getByRole(AriaRole.DIALOG).locator("#link")).isVisible();
            look(page, "recovery-link" + name);
            page.keyboard().press("Escape");
            assertThat(page.getByRole(AriaRole.DIALOG).locator("#link")).isVisible();
            page.getByLabel("I have sent it, or stored it").check();
            link(page, "Back to the members").click();
            assertThat(page.locator("dialog")).hasCount(0);
        });
    }

    /** Both have the same id: the one behind is that of the token before. */
    @Test
    void copyTakesTheTokenOfTheDialogAndNotOfThePageBehind() {
        BrowserContext profile = BROWSER.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        Page page = signIn(profile.newPage(), url);
        page.navigate(url + "/account/api-token");
        link(page, "Delete").click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Yes, delete"))
                .click();
        button(page, "Generate").click();
        String first = page.locator("#token").textContent();
        server.minted.add(first);
        link(page, "Regenerate").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Regenerate"))
                .click();
        assertThat(dialog).hasAccessibleName("Your new token");
        String second = dialog.locator("#token").textContent();
        server.minted.add(second);
        assertThat(second).isNotEqualTo(first);
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Copy"))
                .click();
        assertThat(dialog.getByText("Copied").first()).isVisible();
        assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(second);
    }
}
