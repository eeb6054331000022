package dev.keyrack.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: a dialog is the page behind its link, loses nothing that was typed, and no secret that nobody has stored. */
class PortalDialogsTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private FixtureServer server;
    private Page page;

    @BeforeEach
    void start() {
        server = new FixtureServer();
        page = BROWSER.page();
        page.navigate(server.url("/"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Locator opener() {
        return page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName("Create API Key"));
    }

    private Locator dialog(String name) {
        return page.getByRole(AriaRole.DIALOG, new GetByRoleOptions().setName(name));
    }

    private Locator name() {
        return page.getByLabel("Name of the key");
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
    }

    private void create(String name) {
        opener().click();
        name().fill(name);
        button("Create").click();
    }

    private void clickBeside(Locator dialog) {
        assertThat(dialog).isVisible();
        page.mouse().click(5, 5);
    }

    @Test
    void escapeCancelAndTheBackdropCloseItAndTheFocusReturns() {
        for (Runnable close : new Runnable[] {
            () -> page.keyboard().press("Escape"),
            () -> page.getByText("Cancel").click(),
            () -> clickBeside(dialog("Create API Key"))
        }) {
            opener().focus();
            page.keyboard().press("Enter");
            assertThat(name()).isFocused();
            close.run();
            assertThat(page.locator("dialog")).hasCount(0);
            assertThat(opener()).isFocused();
        }
        assertThat(page).hasURL(server.url("/"));
    }

    @Test
    void dialogIsAccessibleAlsoWithErrorsAndWithASecret() {
        for (ColorScheme scheme : ColorScheme.values()) {
            page = BROWSER.page(TestingBrowser.PHONE, scheme);
            page.navigate(server.url("/"));
            create("");
            assertThat(page.getByText("Give it a name.")).isVisible();
            TestingBrowser.axe(page);
            name().fill("secret");
            button("Create").click();
            assertThat(dialog("Store the token")).isVisible();
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            page.getByLabel("I have stored it").check();
        }
    }

    @Test
    void slipBesideTheDialogDoesNotLoseWhatWasTyped() {
        opener().click();
        name().fill("Shop");
        clickBeside(dialog("Create API Key"));
        assertThat(name()).hasValue("Shop");
        page.onceDialog(com.microsoft.playwright.Dialog::accept);
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void errorsAreShownInItAndARedirectIsFollowedAsAPage() {
        create("");
        assertThat(name()).isFocused();
        assertThat(name()).hasAccessibleDescription("Give it a name.");
        name().fill("broken");
        button("Create").click();
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("Something broke here.");
        assertThat(name()).hasValue("broken");
        name().fill("Shop & Co");
        button("Create").click();
        assertThat(page).hasURL(server.url("/made"));
        assertThat(server.received()).contains("POST /new name=Shop & Co");
    }

    @Test
    void answerThatDoesNotComeIsToldAndTheFormStays() {
        opener().click();
        name().fill("Shop");
        page.context().setOffline(true);
        button("Create").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Keyrack does not answer");
        page.context().setOffline(false);
        button("Create").click();
        assertThat(page).hasURL(server.url("/made"));
    }

    @Test
    void secretThatNobodyHasStoredDoesNotGoAway() {
        create("secret");
        Locator dialog = dialog("Store the token");
        assertThat(dialog).isVisible();
        assertThat(button("Done")).isDisabled();
        for (int press = 0; press < 3; press++) {
            page.keyboard().press("Escape");
        }
        assertThat(page.getByLabel("I have stored it")).isFocused();
        assertThat(dialog.locator("[data-announcer]")).containsText("Store it first");
        clickBeside(dialog);
        page.evaluate("document.querySelector('dialog').close()");
        assertThat(dialog).isVisible();
        AtomicBoolean asked = new AtomicBoolean();
        page.onceDialog(question -> {
            asked.set(true);
            question.dismiss();
        });
        page.getByText("All keys").click();
        page.waitForCondition(asked::get);
        assertThat(dialog.getByText(FixtureServer.TOKEN)).isVisible();

        page.getByLabel("I have stored it").check();
        button("Done").click();
        assertThat(page).hasURL(server.url("/keys"));
    }

    @Test
    void whatIsNoDialogIsShownAsThePageThatItIs() {
        page.getByText("Sign in first").click();
        assertThat(page).hasURL(server.url("/sign-in?then=/elsewhere"));
    }

    @Test
    void linkOpensInANewTabAsAnyLink() {
        Page tab = page.context()
                .waitForPage(() -> page.getByText("Create API Key")
                        .click(new Locator.ClickOptions()
                                .setModifiers(
                                        java.util.List.of(com.microsoft.playwright.options.KeyboardModifier.CONTROL))));
        assertThat(tab).hasURL(server.url("/new"));
        assertThat(page.locator("dialog")).hasCount(0);
    }
}
