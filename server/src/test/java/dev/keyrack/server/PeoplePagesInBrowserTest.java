package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.dialog;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: projects, their credentials, API credentials and members work as people find them, and are accessible. */
class PeoplePagesInBrowserTest extends TestingDesk {
    private static final String KEYS = "/settings/api-keys";

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    @BeforeAll
    static void people() {
        for (String role : List.of("admin", "developer", "support", "analytics")) {
            People.join(server, server.owner, role + "@example.com", role);
        }
        server.owner.post("/api/v1/invitations", "{'email':'invited@example.com','role':'developer'}");
        server.make("server", ",'source':{'kind':'integration','name':'Advanced reporting'}");
    }

    private static String minted(Locator token) {
        String text = token.textContent();
        server.minted.add(text);
        return text;
    }

    private static String project(String name) {
        return url + "/projects/"
                + server.owner
                        .post("/api/v1/projects", "{'name':'" + name + "'}")
                        .at("/project/id");
    }

    @Test
    void everyPageIsAccessibleLightAndDarkLargeAndSmall() {
        String empty = project("Without credentials");
        String member = server.owner
                .get("/api/v1/members?search=developer")
                .items("/id")
                .getFirst();
        String key = server.make("server").id();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(TestingBrowser.DESKTOP, TestingBrowser.PHONE)) {
                String how = "-" + width + "-" + scheme.name().toLowerCase();
                Page page = signIn(BROWSER.page(width, scheme), url);
                for (String path : List.of(
                        "/projects",
                        "/projects/new",
                        "/members",
                        "/members/invitations/new",
                        "/members/" + member + "/edit",
                        "/members/" + member + "/remove",
                        "/members/" + member + "/recovery",
                        "/settings/api-credentials",
                        "/settings/api-credentials/new",
                        "/settings/api-credentials/" + key + "/edit",
                        "/settings/api-credentials/" + key + "/refresh",
                        "/settings/api-credentials/" + key + "/delete")) {
                    page.navigate(url + path);
                    String name =
                            path.replace(member, "member").replace(key, "key").replace('/', '_');
                    look(page, name.substring(1) + how);
                }
                page.navigate(empty);
                look(page, "project" + how);
                page.navigate(empty + "/edit");
                look(page, "project-edit" + how);
                page.navigate(empty + "/credentials");
                look(page, "pair-none" + how);
                page.navigate(project("With credentials") + "/credentials");
                button(page, "Generate Credentials").click();
                minted(page.locator("#app-secret"));
                look(page, "pair-made" + how);
                page.navigate(page.url().replace("/generate", ""));
                look(page, "pair" + how);
            }
        }
    }

    @Test
    void appSecretIsResetOnlyWhenTheBoxIsTicked() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(project("Reset") + "/credentials");
        button(page, "Generate Credentials").click();
        String former = minted(page.locator("#app-secret"));
        page.reload();
        assertThat(page.locator("#app-secret")).hasText(former);
        credentials(page).click();
        assertThat(page.locator("#app-secret")).hasCount(0);
        assertThat(button(page, "Reset App Secret")).isDisabled();
        page.getByLabel("YES I WANT TO RESET").check();
        button(page, "Reset App Secret").click();
        assertThat(page.getByText("You will not see this again")).isVisible();
        String secret = minted(page.locator("#app-secret"));
        assertThat(secret).isNotEqualTo(former);
        assertThat(server.code(former)).isEqualTo("REVOKED");
        assertThat(server.code(secret)).isEqualTo("VALID");
    }

    @Test
    void formerAppSecretWorksForTheTimeThatIsChosenOrUntilItIsEnded() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(project("Overlap") + "/credentials");
        button(page, "Generate Credentials").click();
        String former = minted(page.locator("#app-secret"));
        credentials(page).click();
        assertThat(page.getByText("every client has to be updated")).isVisible();
        page.getByLabel("The old app secret").selectOption("Works for another day");
        page.getByLabel("YES I WANT TO RESET").check();
        button(page, "Reset App Secret").click();
        assertThat(page.getByText("Works beside the new one until")).isVisible();
        String secret = minted(page.locator("#app-secret"));
        assertThat(List.of(server.code(former), server.code(secret))).containsOnly("VALID");
        button(page, "End it now").click();
        assertThat(page.getByText("The former app secret stopped everywhere.")).isVisible();
        assertThat(server.code(former)).isEqualTo("REVOKED");
        assertThat(server.code(secret)).isEqualTo("VALID");
    }

    private static Locator credentials(Page page) {
        return page.getByLabel("Pages of this project")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Credentials"));
    }

    @Test
    void webKeyOfAProjectIsMadeOnItsCredentialsAndListedThere() {
        Page page = signIn(BROWSER.page(), url);
        String credentials = project("Embeds") + "/credentials";
        page.navigate(credentials);
        page.getByText("Assistant in WordPress and WooCommerce").click();
        assertThat(page.locator("pre", new Page.LocatorOptions().setHasText("wp_footer")))
                .isVisible();
        link(page, "Create a web key").click();
        Locator form = dialog(page, "Create API Key");
        form.getByLabel("Name").fill("For sales");
        form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create API Key"))
                .click();
        minted(dialog(page, "For sales is created").locator("#token"));
        page.navigate(credentials);
        link(page, "For sales").click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Live preview")))
                .isVisible();
    }

    @Test
    void appSecretIsResetWithoutAScript() {
        Page page = signIn(BROWSER.pageWithoutJavaScript(TestingBrowser.DESKTOP), url);
        page.navigate(project("No script") + "/credentials");
        button(page, "Generate Credentials").click();
        minted(page.locator("#app-secret"));
        credentials(page).click();
        button(page, "Reset App Secret").click();
        assertThat(page.getByText("tick the box to reset").last()).isVisible();
        page.getByLabel("YES I WANT TO RESET").check();
        button(page, "Reset App Secret").click();
        minted(page.locator("#app-secret"));
    }

    @Test
    void apiCredentialIsAddedRenamedRefreshedAndDeletedInDialogs() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/settings/api-credentials");
        assertThat(page.getByText("Made by Advanced reporting").first()).isVisible();
        link(page, "+ Add API Credential").click();
        Locator add = dialog(page, "Add API Credential");
        add.getByLabel("Name").fill("Nightly export");
        if (add.getByLabel("Project").count() > 0) {
            add.getByLabel("Project").selectOption(server.project);
        }
        add.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create"))
                .click();
        Locator made = dialog(page, "Nightly export is created");
        String token = minted(made.locator("#token"));
        assertThat(made.getByText("You will not see this again")).isVisible();
        look(page, "credential-made");
        page.keyboard().press("Escape");
        assertThat(made).isVisible();
        made.getByLabel("I have stored it").check();
        made.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Back to the credentials"))
                .click();
        assertThat(page.getByText(token)).hasCount(0);

        link(page, "Edit Nightly export").click();
        Locator edit = dialog(page, "Edit Nightly export");
        edit.getByLabel("New name").fill("Hourly export");
        edit.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Done"))
                .click();
        button(page, "Disable Hourly export").click();
        assertThat(page.getByText("The credential is disabled")).isVisible();
        assertThat(server.code(token)).isEqualTo("DISABLED");
        button(page, "Enable Hourly export").click();
        assertThat(page.getByText("The credential is enabled")).isVisible();
        assertThat(server.code(token)).isEqualTo("VALID");

        link(page, "Refresh Hourly export").click();
        Locator warning = dialog(page, "Warning");
        look(page, "credential-warning");
        warning.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Cancel"))
                .click();
        assertThat(warning).hasCount(0);
        assertThat(server.code(token)).isEqualTo("VALID");
        link(page, "Refresh Hourly export").click();
        warning.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Regenerate"))
                .click();
        Locator refreshed = dialog(page, "Hourly export has a new token");
        String now = minted(refreshed.locator("#token"));
        assertThat(server.code(token)).isEqualTo("REVOKED");
        refreshed.getByLabel("I have stored it").check();
        refreshed
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Back to the credentials"))
                .click();

        link(page, "Delete Hourly export").click();
        dialog(page, "Delete Hourly export?")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Yes, delete"))
                .click();
        assertThat(dialog(page, "Hourly export is revoked").getByText("Off everywhere since"))
                .isVisible();
        assertThat(server.code(now)).isEqualTo("REVOKED");
    }

    @Test
    void listIsSortedByItsColumnsAndFiltered() {
        String project =
                server.owner.post("/api/v1/projects", "{'name':'Columns'}").at("/project/id");
        for (String[] key : new String[][] {{"B", "web"}, {"C", "mobile"}, {"A", "server"}}) {
            server.owner.post(
                    "/api/v1/keys",
                    "{'name':'Column " + key[0] + "','type':'" + key[1] + "','projectId':'" + project + "'}");
        }
        Page page = signIn(BROWSER.page(), url);
        field(page, "Project").selectOption(project);
        order(page, "A", "C", "B");
        sort(page, "Created", "createdAt");
        order(page, "B", "C", "A");
        sort(page, "Name and token", "name");
        order(page, "A", "B", "C");
        sort(page, "Name and token", "-name");
        order(page, "C", "B", "A");
        sort(page, "Type", "type");
        order(page, "C", "A", "B");
        field(page, "Type").selectOption("Web");
        order(page, "B");
        assertThat(page).hasURL(Pattern.compile("(?=.*projectId=" + project + ")(?=.*type=web)(?=.*sort=type)"));
        page.reload();
        order(page, "B");
        field(page, "Type").selectOption("All");
        order(page, "C", "A", "B");
        field(page, "State").selectOption("Disabled");
        assertThat(page.getByText("No key fits this filter")).isVisible();
        link(page, "Integration guide").click();
        assertThat(page).hasURL(url + "/guide");
    }

    private static void sort(Page page, String column, String order) {
        page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName(column))
                .getByRole(AriaRole.LINK)
                .click();
        page.waitForURL(address -> address.endsWith("sort=" + order));
    }

    private static void order(Page page, String... names) {
        assertThat(page.getByRole(AriaRole.ROWHEADER))
                .hasText(Stream.of(names)
                        .map(name -> Pattern.compile("^Column " + name + "\\b"))
                        .toArray(Pattern[]::new));
    }

    @Test
    void developerSeesTheirOwnKeysAndSupportSeesAll() {
        server.owner.post("/api/v1/keys", "{'name':'Of the owner','type':'web','projectId':'" + server.project + "'}");
        Page developer = signIn(BROWSER.page(), url, "developer@example.com", People.PASSWORD);
        developer.navigate(url + KEYS);
        assertThat(developer.getByText("There is no API key here yet")).isVisible();
        link(developer, "Create API Key").first().click();
        Locator form = dialog(developer, "Create API Key");
        form.getByLabel("Name").fill("Of the developer");
        form.getByLabel("New project").fill("Of the developer too");
        form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create API Key"))
                .click();
        minted(dialog(developer, "is created").locator("#token"));
        button(developer, "Back to the keys").click();
        assertThat(developer.getByRole(AriaRole.ROWHEADER)).hasCount(1);
        assertThat(link(developer, "Of the developer")).isVisible();
        Page support = signIn(BROWSER.page(), url, "support@example.com", People.PASSWORD);
        support.navigate(url + KEYS + "?search=Of+the");
        assertThat(support.getByRole(AriaRole.ROWHEADER)).hasCount(2);
        assertThat(link(support, "Create API Key")).hasCount(0);
        assertThat(link(support, "Revoke Of the owner")).hasCount(0);
    }

    @Test
    void memberIsInvitedInADialogThatShowsTheLink() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/members");
        link(page, "Invite a member").click();
        Locator invite = dialog(page, "Invite a member");
        invite.getByLabel("E-mail").fill("browser@example.com");
        invite.getByLabel("Support").check();
        invite.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create invitation"))
                .click();
        Locator made = dialog(page, "browser@example.com is invited");
        assertThat(made.locator("#link")).containsText("#");
        look(page, "invited");
        made.getByRole(AriaRole.CHECKBOX).check();
        made.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Back to the members"))
                .click();
        assertThat(button(page, "Make a new link for browser@example.com")).isVisible();
        button(page, "Delete the invitation of browser@example.com").click();
        assertThat(page.getByText("The invitation is deleted")).isVisible();
    }

    @Test
    void projectIsMadeAndRenamedInDialogs() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/projects");
        link(page, "Create project").click();
        Locator create = dialog(page, "Create project");
        create.getByLabel("Name").fill("In a dialog");
        create.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create project"))
                .click();
        assertThat(page.getByText("The project is created")).isVisible();
        link(page, "Edit").click();
        dialog(page, "Edit In a dialog").getByLabel("Name").fill("Renamed in one");
        dialog(page, "Edit In a dialog")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Save"))
                .click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Renamed in one")))
                .isVisible();
    }
}
