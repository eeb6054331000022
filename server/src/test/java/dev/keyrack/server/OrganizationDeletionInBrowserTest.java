package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.dialog;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ViewportSize;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: deleting an organization and restoring it is for everybody, in a dialog and as a page of its own. */
class OrganizationDeletionInBrowserTest extends TestingDesk {
    private static final String OWNER = "owner@example.org";

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    @BeforeAll
    static void passwords() {
        TestingReader.signedIn(server, OWNER);
        TestingReader.owner(server);
        server.makeOther();
    }

    private static Locator named(Locator within, AriaRole role, String name) {
        return within.getByRole(role, new Locator.GetByRoleOptions().setName(name));
    }

    @Test
    void organizationIsDeletedInADialogAndRestoredByTheOperator() {
        BROWSER.everyWay((fresh, name) -> {
            Page page = signIn(fresh, url, OWNER, TestingReader.PASSWORD);
            page.navigate(url + "/settings/organization");
            look(page, "deletion-zone" + name);
            link(page, "Delete the organization").click();
            Locator asked = dialog(page, "Delete Other?");
            assertThat(asked).isVisible();
            named(asked, AriaRole.LINK, "Cancel").click();
            assertThat(asked).hasCount(0);
            link(page, "Delete the organization").click();
            field(page, "Type “other” to confirm").fill("acme");
            page.keyboard().press("Enter");
            assertThat(asked).containsText("must be “other”");
            look(page, "deletion-refused" + name);
            field(page, "Type “other” to confirm").fill("other");
            named(asked, AriaRole.BUTTON, "Delete the organization").click();
            Locator done = dialog(page, "Other is deleted");
            assertThat(done).containsText("Off everywhere since");
            look(page, "deletion-done" + name);
            named(done, AriaRole.LINK, "To the sign-in page").click();
            assertThat(page).hasURL(Pattern.compile(".*/sign-in.*"));

            signIn(page, url);
            page.navigate(url + "/operator/organizations");
            assertThat(page.getByText("Can be restored until")).isVisible();
            look(page, "deletion-listed" + name);
            button(page, "Restore Other").click();
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Other is active again")))
                    .isVisible();
        });
    }

    @Test
    void deletionIsAccessibleAsAPageOfItsOwn() {
        BROWSER.everyWay((fresh, name) -> {
            Page page = signIn(fresh, url, OWNER, TestingReader.PASSWORD);
            page.navigate(url + "/settings/organization/delete");
            look(page, "deletion-page" + name);
            ViewportSize window = page.viewportSize();
            page.setViewportSize(320, 640);
            TestingBrowser.fits(page);
            page.setViewportSize(window.width, window.height);
            field(page, "Type “other” to confirm").fill("other");
            button(page, "Delete the organization").click();
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Other is deleted")))
                    .isVisible();
            look(page, "deletion-done-page" + name);
            // As all pages before the door.
            assertThat(page.locator("main.card")).isVisible();
            server.owner.post("/api/v1/organizations/" + server.otherOrganization + "/resume");
        });
    }
}
