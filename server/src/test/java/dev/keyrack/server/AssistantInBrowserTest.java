package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: an assistant is set up and tried by role and label in a real browser, large and small, light and dark. */
class AssistantInBrowserTest extends TestingDesk {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static Locator link(Page page, String name) {
        return page.getByRole(
                        AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true))
                .first();
    }

    private static Locator backend(Page page, String name) {
        return page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName(Pattern.compile("^" + name)));
    }

    private static String project() {
        return server.owner
                .post("/api/v1/projects", "{'name':'Shop'}")
                .header("Location")
                .replaceFirst("/api/v1", "");
    }

    @Test
    void everyPageIsReadableInEveryLook() {
        String home = project() + "/assistant";
        server.owner.post(
                "/api/v1" + home + "/entries",
                "{'question':'Do you ship abroad?','answer':'Yes, to all of Europe."
                        + "\\n\\n- **Standard**: 5 days\\n- Express: 2 days'}");
        server.owner.post(
                "/api/v1" + home + "/entries",
                "{'question':'What are your opening hours?','answer':'9 to 17, Monday to Friday.'}");
        String entry =
                server.owner.get("/api/v1" + home + "/entries").items("/id").getFirst();
        String blank = project() + "/assistant";
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(TestingBrowser.DESKTOP, TestingBrowser.PHONE)) {
                String look = "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
                Page page = signIn(BROWSER.page(width, scheme), url);
                page.navigate(url + home);
                look(page, "assistant-faq" + look);
                backend(page, "A webhook").check();
                look(page, "assistant-webhook" + look);
                backend(page, "A language model").check();
                look(page, "assistant-model" + look);
                backend(page, "Questions and answers").check();
                page.getByLabel("Question", new Page.GetByLabelOptions().setExact(true))
                        .fill("shiping abroad");
                button(page, "Ask").click();
                assertThat(page.locator("blockquote")).containsText("Yes, to all of Europe.");
                look(page, "assistant-tried" + look);
                page.navigate(url + home + "/questions");
                look(page, "questions" + look);
                page.navigate(url + home + "/questions/" + entry + "/edit");
                look(page, "question-edit" + look);
                page.navigate(url + home + "/questions/import");
                look(page, "questions-import" + look);
                page.navigate(url + blank + "/questions");
                look(page, "questions-none" + look);
                page.close();
            }
        }
    }

    @Test
    void assistantThatNobodySetUpAnswersAVisitorOfAWebsite() {
        try (TestingShop shop = TestingShop.start(server)) {
            shop.show(server.make("web").token(), "");
            Page page = BROWSER.page();
            page.navigate(shop.origin("shop") + "/");
            TestingChat chat = new TestingChat(page).open();
            chat.input().fill("Hello");
            chat.button("Send").click();
            assertThat(chat.reply()).hasText("I have no answer to that yet.");
        }
    }

    @Test
    void questionIsAddedInADialogAndAnswersAtOnce() {
        String home = project() + "/assistant";
        Page page = signIn(BROWSER.page(TestingBrowser.DESKTOP, ColorScheme.LIGHT), url);
        page.navigate(url + home);
        link(page, "Write the first question").click();
        link(page, "Add question").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Question").fill("Where is my order?");
        dialog.getByLabel("Answer").fill("On its way.");
        TestingBrowser.axe(page);
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Add question"))
                .click();
        assertThat(page.getByRole(AriaRole.ROWHEADER)).hasText("Where is my order?");
        link(page, "Delete Where is my order?").click();
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Yes, delete"))
                .click();
        assertThat(page.getByText("No questions yet")).isVisible();
    }
}
