package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.signIn;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import com.microsoft.playwright.options.ReducedMotion;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: every place is found where one looks for it, by the links that stand on each page, also on a phone. */
class PlacesInBrowserTest extends TestingDesk {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    /** The name of a link, and the heading of where it leads. */
    private static final String PLACES = """
            Projects        | Projects
            Conversations   | Conversations
            Audit           | Audit
            Members         | Members
            API Keys        | API Keys
            Organization    | Organization
            Permissions     | Permissions catalogue
            API credentials | API credentials
            Organizations   | Organizations
            Nodes           | Nodes
            Installation    | Installation
            """;

    private static Locator side(Page page) {
        return page.getByRole(
                AriaRole.NAVIGATION,
                new Page.GetByRoleOptions().setName("Pages").setExact(true));
    }

    private static void follow(Page page, Locator from, String place) {
        String[] both = place.split("\\|");
        from.getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(both[0].strip()).setExact(true))
                .click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText(both[1].strip());
    }

    @Test
    void linksBesideEachPageLeadToEveryPlace() {
        Page page = signIn(BROWSER.page(), url);
        PLACES.lines().forEach(place -> follow(page, side(page), place));
        assertThat(side(page).getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setName("Developer settings")))
                .isVisible();
    }

    @Test
    void accountMenuLeadsToWhatIsOnesOwn() {
        Page page = signIn(BROWSER.page(), url);
        for (String place : new String[] {"My account | My account", "API token | API token", "Sessions | Sessions"}) {
            page.locator("details.account > summary").click();
            follow(page, page.locator("details.account"), place);
        }
    }

    @Test
    void onAPhoneTheLinksAreASheetThatOpensAndCloses() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = signIn(BROWSER.page(TestingBrowser.PHONE, scheme), url);
            assertThat(side(page)).isHidden();
            button(page, "Menu").click();
            assertThat(side(page)).isVisible();
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            TestingBrowser.screenshot(page, "sheet-" + scheme.name().toLowerCase(Locale.ROOT));
            page.keyboard().press("Escape");
            assertThat(side(page)).isHidden();
            assertThat(button(page, "Menu")).isFocused();
            page.keyboard().press("Enter");
            follow(page, side(page), "Members | Members");
            assertThat(side(page)).isHidden();
        }
    }

    @Test
    void whoBelongsToSeveralOrganizationsGoesFromOneToTheOther() {
        for (String name : List.of("One", "Two")) {
            String member = server.owner
                    .post(
                            "/api/v1/organizations",
                            "{'name':'" + name + "','subdomain':'" + name.toLowerCase(Locale.ROOT)
                                    + "','ownerEmail':'both@example.com'}")
                    .at("/owner/id");
            server.byHand("UPDATE members SET password = (SELECT MAX(password) FROM members WHERE email ="
                    + " 'owner@example.com') WHERE id = '" + member + "'");
        }
        Page page = signIn(BROWSER.page(), url, "both@example.com", TestingReader.PASSWORD);
        String other =
                side(page).locator("summary.organization").getAttribute("title").equals("One") ? "Two" : "One";
        side(page).locator("summary.organization").click();
        TestingBrowser.axe(page);
        button(page, "Go on in " + other).click();
        assertThat(side(page).locator("summary.organization")).hasAttribute("title", other);
    }

    /** Of the pages' own: whoever wants less motion sees none, and others some. */
    @Test
    void nothingMovesForWhoeverWantsLessMotion() {
        Page page = signIn(BROWSER.page(), url);
        Locator create = link(page, "Create API Key").first();
        assertThat(create).hasCSS("transition-duration", "0s");
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.NO_PREFERENCE));
        assertThat(create).not().hasCSS("transition-duration", "0s");
    }

    @Test
    void onPaperThereIsThePageAndNothingToPress() {
        Page page = signIn(BROWSER.page(TestingBrowser.DESKTOP, ColorScheme.DARK), url);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName("API Keys").setLevel(1)))
                .isVisible();
        assertThat(side(page)).isHidden();
        assertThat(page.locator(".actions")).isHidden();
        assertThat(page.locator("body")).hasCSS("background-color", "rgb(255, 255, 255)");
    }

    @Test
    void installationIsShownWithoutItsSecrets() {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/operator/installation");
        Locator main = page.getByRole(AriaRole.MAIN);
        assertThat(main).containsText("Embedded, for one process");
        assertThat(main).containsText("MiB");
        assertThat(main).containsText("Secrets are not shown");
        assertThat(main).containsText(server.data.toString());
    }
}
