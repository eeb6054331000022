package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.field;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: a reload, an end of the session or a question for the password loses nothing that was typed but the passwords. */
class TypedTextInBrowserTest extends TestingDesk {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static Page signedIn() {
        Page page = BROWSER.page();
        page.navigate(url + "/sign-in");
        signIn(page);
        assertThat(page).hasURL(url + "/settings/api-keys");
        return page;
    }

    private static void signIn(Page page) {
        page.getByLabel("E-mail").fill("owner@example.com");
        page.getByLabel("Password").fill(TestingReader.PASSWORD);
        button(page, "Sign in").click();
    }

    private static void typeNewKey(Page page, String name) {
        page.navigate(url + "/settings/api-keys/new");
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName(java.util.regex.Pattern.compile("^Mobile")))
                .check();
        field(page, "Name").fill(name);
        field(page, "IP addresses").check();
        Locator entry =
                page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Addresses that may use the key"));
        entry.fill("192.0.2.0/24");
        entry.press("Enter");
    }

    private static void requireNewKey(Page page, String name) {
        assertThat(page.getByText("What you typed here before is back")).isVisible();
        assertThat(field(page, "Name")).hasValue(name);
        assertThat(page.getByRole(
                        AriaRole.RADIO,
                        new Page.GetByRoleOptions().setName(java.util.regex.Pattern.compile("^Mobile"))))
                .isChecked();
        assertThat(page.getByLabel("192.0.2.0/24")).isVisible();
    }

    @Test
    void reloadKeepsWhatWasTypedUntilItIsSentOrThrownAway() {
        Page page = signedIn();
        page.onDialog(Dialog::accept);
        typeNewKey(page, "Before the reload");
        page.reload();
        requireNewKey(page, "Before the reload");
        TestingBrowser.axe(page);
        page.reload();
        requireNewKey(page, "Before the reload");
        button(page, "Start anew").click();
        assertThat(field(page, "Name")).hasValue("");
        typeNewKey(page, "Sent");
        button(page, "Create API Key").click();
        assertThat(page.locator("#token")).isVisible();
        server.minted.add(page.locator("#token").textContent());
        page.navigate(url + "/settings/api-keys/new");
        assertThat(field(page, "Name")).hasValue("");
        assertThat(page.getByText("What you typed here before is back")).hasCount(0);
    }

    @Test
    void endOfTheSessionKeepsWhatWasTyped() {
        Page page = signedIn();
        typeNewKey(page, "Session over");
        server.byHand("DELETE FROM portal_sessions");
        button(page, "Create API Key").click();
        assertThat(page.getByText("Sign in to go on.")).isVisible();
        signIn(page);
        assertThat(page).hasURL(url + "/settings/api-keys/new");
        requireNewKey(page, "Session over");
    }

    /** Signed in again in another tab: this page's form is not that session's, and is refused with a page of its own. */
    @Test
    void errorPageKeepsWhatWasTyped() {
        Page page = signedIn();
        typeNewKey(page, "Refused");
        server.byHand("DELETE FROM portal_sessions");
        Page other = page.context().newPage();
        other.navigate(url + "/sign-in");
        signIn(other);
        assertThat(other).hasURL(url + "/settings/api-keys");
        button(page, "Create API Key").click();
        assertThat(page.locator("[data-failed]")).isVisible();
        page.navigate(url + "/settings/api-keys/new");
        requireNewKey(page, "Refused");
    }

    @Test
    void questionForThePasswordKeepsWhatWasTyped() {
        Page page = signedIn();
        page.navigate(url + "/members/invitations/new");
        page.getByLabel("E-mail").fill("new@example.com");
        page.getByLabel("Support").check();
        server.byHand("UPDATE portal_sessions SET confirmed_at = confirmed_at - 700000000");
        button(page, "Create invitation").click();
        field(page, "Password").fill(TestingReader.PASSWORD);
        button(page, "Go on").click();
        assertThat(page).hasURL(url + "/members/invitations/new");
        assertThat(page.getByLabel("E-mail")).hasValue("new@example.com");
        assertThat(page.getByLabel("Support")).isChecked();
    }

    @Test
    void listIsAsItWasAfterSigningInAgain() {
        server.make("web");
        Page page = signedIn();
        String list = url + "/settings/api-keys?type=web&sort=name";
        page.navigate(list);
        page.locator("tbody input[type=checkbox]").first().check();
        server.byHand("DELETE FROM portal_sessions");
        button(page, "Disable").click();
        assertThat(page.getByText("Sign in to go on.")).isVisible();
        signIn(page);
        assertThat(page).hasURL(list);
    }

    @Test
    void escapeAsksBeforeWhatWasTypedInADialogIsLost() {
        server.make("web");
        Page page = signedIn();
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Create API Key").setExact(true))
                .click();
        Locator dialog = page.getByRole(AriaRole.DIALOG, new Page.GetByRoleOptions().setName("Create API Key"));
        dialog.getByLabel("Name", new Locator.GetByLabelOptions().setExact(true))
                .fill("Half a key");
        AtomicInteger asked = new AtomicInteger();
        page.onDialog(question -> {
            assertThat(question.message()).contains("Leave without saving");
            if (asked.incrementAndGet() == 1) {
                question.dismiss();
            } else {
                question.accept();
            }
        });
        page.keyboard().press("Escape");
        page.waitForCondition(() -> asked.get() == 1);
        assertThat(dialog).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(asked.get()).isEqualTo(2);
    }
}
