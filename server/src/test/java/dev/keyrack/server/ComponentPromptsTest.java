package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: prompts call a visitor once, as configured, and never against what the visitor wants. */
class ComponentPromptsTest {
    private static final String THREE = "'texts':['One','Two','Three']";

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /** A page whose time stands still, some seconds after the prompt came. */
    private static TestingChat still(Page page, String prompts) {
        page.clock().install();
        TestingChat chat = STAGE.visit(page, "{'prompts':{" + prompts + "}}");
        assertThat(chat.part("prompt-text")).hasText("One");
        page.clock().pauseAt(((Number) page.evaluate("Date.now()")).longValue() + 1_000);
        return chat;
    }

    private static void later(TestingChat chat, int seconds) {
        chat.page().clock().runFor(seconds * 1_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 3600})
    void promptsRotateByTheConfiguredSeconds(int seconds) {
        TestingChat chat = still(STAGE.moving(), THREE + ",'seconds':" + seconds);
        later(chat, seconds - 30);
        assertThat(chat.part("prompt-text")).hasText("One");
        for (String text : List.of("Two", "Three", "One")) {
            later(chat, seconds - 30);
            later(chat, 30);
            assertThat(chat.part("prompt-text")).hasText(text);
        }
    }

    @Test
    void promptsRotateEverySecondAtMost() {
        TestingChat chat = STAGE.visit(STAGE.moving(), "{'prompts':{" + THREE + ",'seconds':1}}");
        assertThat(chat.part("prompt-text")).hasText("Two");
        assertThat(chat.part("prompt-text")).hasText("Three");
    }

    @Test
    void promptStaysWhileItIsPointedAtOrFocused() {
        TestingChat chat = still(STAGE.moving(), THREE + ",'seconds':60");
        chat.part("prompt-text").hover();
        later(chat, 600);
        assertThat(chat.part("prompt-text")).hasText("One");
        chat.page().mouse().move(5, 5);
        chat.part("prompt-dismiss").focus();
        later(chat, 600);
        assertThat(chat.part("prompt-text")).hasText("One");
        chat.launcher().focus();
        later(chat, 60);
        assertThat(chat.part("prompt-text")).hasText("Two");
    }

    @Test
    void promptDoesNotChangeForVisitorsWhoWantLessMotion() {
        TestingChat chat = still(STAGE.browser.page(), THREE + ",'seconds':60");
        later(chat, 600);
        assertThat(chat.part("prompt-text")).hasText("One");
    }

    @Test
    void singlePromptStays() {
        TestingChat chat = still(STAGE.moving(), "'texts':['One'],'seconds':60");
        later(chat, 600);
        assertThat(chat.part("prompt-text")).hasText("One");
    }

    @ParameterizedTest
    @CsvSource({"0, One", "0.5, Two", "0.99, Three"})
    void oneOfSeveralIsShownAtRandomAndStays(String chance, String text) {
        Page page = STAGE.moving();
        page.addInitScript("Math.random = () => " + chance);
        page.clock().install();
        TestingChat chat = STAGE.visit(page, "{'prompts':{" + THREE + ",'mode':'random','seconds':60}}");
        assertThat(chat.part("prompt-text")).hasText(text);
        page.clock().pauseAt(((Number) page.evaluate("Date.now()")).longValue() + 1_000);
        for (int minute = 0; minute < 3; minute++) {
            later(chat, 61);
            assertThat(chat.part("prompt-text")).hasText(text);
        }
    }

    @Test
    void promptIsReadOutByNobody() {
        TestingChat chat = STAGE.visit("{'prompts':{" + THREE + "}}");
        assertThat(chat.part("prompt").evaluate("""
                prompt => {
                  for (let at = prompt; at; at = at.parentElement ?? at.getRootNode().host)
                    if (at.matches("[aria-live],[role=alert],[role=status],[role=log],output")) return at.outerHTML;
                  return null;
                }""")).isNull();
        assertThat(chat.host().getByRole(AriaRole.STATUS)).hasCount(0);
    }

    @Test
    void promptOpensTheChatAndIsGoneWhileItIsOpen() {
        TestingChat chat = STAGE.visit("{'prompts':{" + THREE + "}}");
        chat.part("prompt-text").click();
        assertThat(chat.dialog()).isVisible();
        assertThat(chat.part("prompt")).isHidden();
    }

    @Test
    void dismissedPromptStaysAwayForTheSessionAndNoLonger() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{'prompts':{" + THREE + "}}");
        TestingChat chat = STAGE.visit(tabs.newPage(), key);
        chat.button("Dismiss").click();
        assertThat(chat.part("prompt")).hasCount(0);
        assertThat(chat.launcher()).isFocused();
        chat.page().reload();
        chat.page().waitForResponse("**/chunks/greeting-*", chat.page()::reload);
        assertThat(chat.launcher()).isVisible();
        assertThat(chat.part("prompt")).hasCount(0);
        assertThat(STAGE.visit(tabs.newPage(), key).part("prompt-text")).hasText("One");
    }

    /** Who has talked to the assistant needs nobody to point it out. */
    @Test
    void promptStaysAwayOnTheNextPagesOfWhoHasOpenedTheChat() {
        TestingChat chat = STAGE.visit("{'prompts':{" + THREE + "}}");
        assertThat(chat.part("prompt")).isVisible();
        chat.open();
        chat.page().keyboard().press("Escape");
        chat.page().waitForResponse("**/chunks/greeting-*", chat.page()::reload);
        assertThat(chat.launcher()).isVisible();
        assertThat(chat.part("prompt")).hasCount(0);
        // And calls the next visitor of this browser.
        chat.call("logout()");
        chat.page().reload();
        assertThat(chat.part("prompt")).isVisible();
    }

    /** That nothing failed in the page besides, the browser watches. */
    @Test
    void promptThatCannotBeLoadedHarmsNothingAndComesWhenItCan() {
        Page page = STAGE.browser.page();
        List<Request> failed = new CopyOnWriteArrayList<>();
        page.onRequestFailed(failed::add);
        page.route("**/chunks/greeting-*", Route::abort);
        TestingChat chat = STAGE.visit(page, "{'prompts':{" + THREE + "}}");
        page.waitForCondition(() -> !failed.isEmpty());
        page.waitForCondition(() -> {
            redraw(chat);
            return failed.size() > 1;
        });
        assertThat(chat.launcher()).isVisible();
        page.unroute("**/chunks/greeting-*");
        page.waitForCondition(() -> {
            redraw(chat);
            return chat.part("prompt").isVisible();
        });
    }

    private static void redraw(TestingChat chat) {
        chat.call("setAttribute('scheme', element.getAttribute('scheme') === 'dark' ? 'light' : 'dark')");
    }
}
