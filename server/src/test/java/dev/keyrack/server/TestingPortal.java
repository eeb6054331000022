package dev.keyrack.server;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.ArrayList;
import java.util.List;

/** What a person does at the portal, and finds by role and label. */
final class TestingPortal {
    private TestingPortal() {}

    /**
     * As the owner, with a password that the test has given to them ({@link TestingReader#owner}).
     *
     * @param url of the portal
     */
    static Page signIn(Page page, String url) {
        return signIn(page, url, "owner@example.com", TestingReader.PASSWORD);
    }

    static Page signIn(Page page, String url, String email, String password) {
        page.navigate(url + "/sign-in");
        page.getByLabel("E-mail").fill(email);
        field(page, "Password").fill(password);
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

    /** The pages of an installation whose owner reads them, about things that are made for it. */
    static List<String> pages(TestingServer server) {
        String web = server.make("web").id();
        long now = System.currentTimeMillis() * 1_000;
        server.refused(web, now, "WEBSITE_NOT_ALLOWED", false, "https://a-shop-with-a-long-name.example.com", 3);
        String key = "/settings/api-keys/" + web;
        String credential = "/settings/api-credentials/" + server.make("server").id();
        String project = "/projects/" + server.project;
        String member = "/members/" + server.owner.get("/api/v1/me").at("/member/id");
        List<String> pages = new ArrayList<>(List.of(
                "/account",
                "/account/api-token",
                "/account/sessions",
                "/audit",
                "/guide",
                "/members",
                "/members/invitations/new",
                "/operator/organizations",
                "/operator/nodes",
                "/operator/installation",
                "/projects",
                "/search?q=sh",
                "/settings/api-credentials",
                "/settings/api-keys",
                "/settings/api-keys/new",
                "/settings/organization",
                "/settings/permissions",
                member + "/edit",
                credential + "/refresh",
                project));
        for (String tab : List.of(
                "",
                "/edit",
                "/restrictions",
                "/refusals",
                "/component",
                "/identity-keys",
                "/activity",
                "/regenerate",
                "/revoke")) {
            pages.add(key + tab);
        }
        for (String tab : List.of("/credentials", "/assistant", "/assistant/questions", "/conversations")) {
            pages.add(project + tab);
        }
        return pages;
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
