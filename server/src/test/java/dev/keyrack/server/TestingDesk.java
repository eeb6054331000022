package dev.keyrack.server;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.browser.TestingBrowser;

/** What a person does at the portal, and finds by role and label. */
final class TestingDesk {
    private TestingDesk() {}

    /**
     * As the owner, with a password that the test has given to them ({@link TestingReader#owner}).
     *
     * @param url of the portal
     */
    static Page signIn(Page page, String url) {
        page.navigate(url + "/sign-in");
        page.getByLabel("E-mail").fill("owner@example.com");
        field(page, "Password").fill(TestingReader.PASSWORD);
        button(page, "Sign in").click();
        // Where one lands is another page's matter.
        page.waitForURL(address -> !address.contains("/sign-in"));
        return page;
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator dialog(Page page, String name) {
        return page.getByRole(AriaRole.DIALOG, new Page.GetByRoleOptions().setName(name));
    }

    static Locator field(Page page, String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    /** A person looks: it is accessible and fits the window, and its picture is kept where pictures are wanted. */
    static void look(Page page, String name) {
        // From its top: what the bar above covers while one scrolls is no fault of the page.
        page.evaluate("() => scrollTo(0, 0)");
        TestingBrowser.screenshot(page, name);
        TestingBrowser.axe(page);
        TestingBrowser.fits(page);
    }
}
