package dev.keyrack.server;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a person does at the portal, and finds by role and label. */
final class TestingPortal {
    private TestingPortal() {}

    /**
     * As the owner, with a password that the test has given to them ({@link TestingReader#owner}).
     *
     * @param url of the portal
     */
    static Page signIn(Page page, String url) {
        return signIn(page, url, OWNER);
    }

    static Page signIn(Page page, String url, String email) {
        return signIn(page, url, email, TestingReader.PASSWORD);
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

    /** An Owner of the organization that runs the installation. */
    static final String OWNER = "owner@example.com";

    /** An Owner of a customer's. */
    static final String CUSTOMER = "owner@example.org";

    /** Files; a page in a frame is a part of the page around it; and what leads on where there is one project. */
    static final Set<String> NO_PAGES = Set.of(
            "/audit/export",
            "/conversations",
            "/projects/{id}/assistant/questions/export",
            "/settings/api-keys/{id}/component/preview");

    /** What {@link #pages} makes, or finds. */
    private static final Set<String> THINGS =
            Set.of("-", "own key", "own server key", "own project", "member", "organization");

    /** The pages of {@link PageMatrixTest}, which misses none, by whoever walks them; the customer only what the owner does not see. */
    static Map<String, List<PageMatrixTest.Row>> walked() {
        List<PageMatrixTest.Row> rows = PageMatrixTest.rows().stream()
                .filter(row -> THINGS.contains(row.whose()) && !NO_PAGES.contains(row.page()))
                .toList();
        Map<String, List<PageMatrixTest.Row>> walked = new LinkedHashMap<>();
        walked.put(
                OWNER,
                rows.stream().filter(row -> row.answers().getLast() == 200).toList());
        walked.put(
                CUSTOMER,
                rows.stream()
                        .filter(row ->
                                row.answers().getFirst() == 200 && row.whose().equals("-"))
                        // Settings have a danger zone for them.
                        .filter(row ->
                                row.answers().getLast() != 200 || row.page().equals("/settings/organization"))
                        .toList());
        return walked;
    }

    /**
     * The addresses of every page of an installation, about things that are made for it, by the e-mail address of whoever reads
     * them with {@link TestingReader#PASSWORD}.
     *
     * @param more addresses for the owner
     */
    static Map<String, List<String>> pages(TestingServer server, String... more) {
        TestingServer.Made web = server.make("web");
        long now = System.currentTimeMillis() * 1_000;
        server.refused(web.id(), now, "WEBSITE_NOT_ALLOWED", false, "https://a-shop-with-a-long-name.example.com", 3);
        String entries = "/api/v1/projects/" + server.project + "/assistant/entries";
        String entry = server.owner
                .post(entries, "{'question':'Where is it?','answer':'Here.'}")
                .at("/entry/id");
        String conversation = server.owner
                .post("/api/v1/projects/" + server.project + "/chat/conversations")
                .at("/conversation/id");
        Map<String, String> things = Map.of(
                "own key", web.id(),
                "own server key", server.make("server").id(),
                "own project", server.project,
                "member", server.member(Role.DEVELOPER).get("/api/v1/me").at("/member/id"),
                "organization", server.otherOrganization);
        Map<String, List<String>> pages = new LinkedHashMap<>();
        walked().forEach((reader, rows) -> {
            TestingReader.signedIn(server, reader);
            pages.put(
                    reader,
                    Stream.concat(
                                    rows.stream()
                                            .map(row -> row.page()
                                                    .replace("{id}", things.getOrDefault(row.whose(), ""))
                                                    .replace("{entry}", entry)
                                                    .replace("{conversation}", conversation)),
                                    Stream.of(more).filter(address -> reader.equals(OWNER)))
                            .toList());
        });
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
