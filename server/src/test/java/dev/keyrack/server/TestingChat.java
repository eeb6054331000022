package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;

/** The web component on a page, as a visitor finds it: by role and label, in English. */
record TestingChat(Page page, Locator host) {
    TestingChat(Page page) {
        this(page, page.locator("keyrack-assistant"));
    }

    /** The button that opens the chat, whatever its language is. */
    Locator launcher() {
        return part("button");
    }

    Locator part(String name) {
        return host.locator("[part~=" + name + "]");
    }

    Locator dialog() {
        return host.getByRole(AriaRole.DIALOG);
    }

    Locator log() {
        return host.getByRole(AriaRole.LOG);
    }

    Locator input() {
        return host.getByRole(AriaRole.TEXTBOX);
    }

    Locator button(String name) {
        return host.getByRole(AriaRole.BUTTON, named(name));
    }

    Locator tool(String name) {
        return dialog().getByRole(AriaRole.BUTTON, named(name));
    }

    Locator link(String name) {
        return host.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(Pattern.compile("^" + name)));
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    TestingChat open() {
        launcher().click();
        assertThat(dialog()).isVisible();
        return this;
    }

    TestingChat send(String text) {
        input().fill(text);
        input().press("Enter");
        return this;
    }

    /** Sends what the assistant says again, and sees it do so. */
    TestingChat echo(String text) {
        int before = replies().count();
        send(text);
        assertThat(replies().nth(before)).hasText(text);
        assertThat(log().locator("[part~=assistant-message]").nth(before)).hasAttribute("data-state", "complete");
        return this;
    }

    /** What the visitor has said. */
    Locator said() {
        return log().locator("[part~=visitor-text]");
    }

    /** What the assistant has answered. */
    Locator replies() {
        return log().locator("[part~=assistant-text]");
    }

    Locator reply() {
        return replies().last();
    }

    /** What a screen reader reads out. */
    Locator announced() {
        return host.locator("[aria-live=polite]");
    }

    /** Waits for this to be true in the page, whose policy allows no evaluation in it. */
    void until(String expression) {
        page.waitForCondition(() -> Boolean.TRUE.equals(page.evaluate("Boolean(" + expression + ")")));
    }

    /** Calls the component as a script of the page does. @param call such as {@code open()} */
    Object call(String call) {
        return host.evaluate("element => element." + call);
    }
}
