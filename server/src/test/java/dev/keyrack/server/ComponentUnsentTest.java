package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.LoadState;
import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise: what a visitor has written is not lost where it cannot be sent or answered, is sent again as they wish, and is never
 * sent as somebody else.
 */
class ComponentUnsentTest {
    private static final String MESSAGES = "**/assistant/v1/conversations/*/messages";

    @RegisterExtension
    static final TestingStage STAGE = TestingStage.secure();

    private static Answer identityKey(TestingServer.Made key) {
        return STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
    }

    private static void identify(TestingChat chat, String jwt) {
        chat.host().evaluate("(element, jwt) => element.identify(jwt)", jwt);
    }

    private static List<String> asked() {
        return STAGE.answerer.turns.stream()
                .map(turn -> turn.question() + " of " + turn.customer())
                .toList();
    }

    /** Who left it may have been somebody else, long ago: whoever signs in now says whether it is theirs. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void guestsMessageThatWaitsFromAPageBeforeIsSentAsTheCustomersOnlyAsTheyWish(boolean opened) {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = identityKey(key);
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("hello");
        chat.page().route(MESSAGES, Route::abort);
        chat.send("of a guest");
        assertThat(chat.log()).containsText("Waiting to be sent");
        if (!opened) {
            chat.page().keyboard().press("Escape");
        }
        chat.page().reload();
        assertThat(chat.launcher()).isVisible();
        identify(chat, TestingStage.vouched(key, identityKey, "alice"));
        chat.page().unroute(MESSAGES);
        if (!opened) {
            chat.open();
        }
        assertThat(chat.said()).hasText("of a guest");
        assertThat(chat.log()).containsText("Not sent");
        assertThat(chat.log()).not().containsText("Waiting to be sent");
        chat.echo("of a customer");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice");
        chat.log()
                .getByRole(AriaRole.BUTTON)
                .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("Try again"))
                .click();
        assertThat(chat.reply()).hasText("of a guest");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice", "of a guest of alice");
    }

    @Test
    void guestsMessageThatWaitsFromAPageBeforeIsForgottenByThePageAfterThatOfACustomer() {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = identityKey(key);
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("hello");
        chat.page().route(MESSAGES, Route::abort);
        chat.send("of a guest");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.page().reload();
        assertThat(chat.said()).hasCount(2);
        identify(chat, TestingStage.vouched(key, identityKey, "alice"));
        assertThat(chat.log()).containsText("Not sent");
        chat.page().unroute(MESSAGES);
        chat.page().reload();
        chat.echo("of a customer");
        assertThat(chat.said()).hasText("of a customer");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice");
    }

    @Test
    void guestsMessageOfThisPageIsTheCustomersWhoSignsIn() {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = identityKey(key);
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("hello");
        chat.page().route(MESSAGES, Route::abort);
        chat.send("of the same");
        assertThat(chat.log()).containsText("Waiting to be sent");
        identify(chat, TestingStage.vouched(key, identityKey, "alice"));
        chat.page().unroute(MESSAGES);
        assertThat(chat.reply()).hasText("of the same");
        assertThat(asked()).containsExactly("hello of null", "of the same of alice");
    }

    @Test
    void messageThatWaitsIsNobodysOnceItsVisitorHasSignedOut() {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = identityKey(key);
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open();
        identify(chat, TestingStage.vouched(key, identityKey, "alice"));
        chat.echo("hello");
        chat.page().route(MESSAGES, Route::abort);
        chat.send("a secret");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.call("logout()");
        chat.page().unroute(MESSAGES);
        identify(chat, TestingStage.vouched(key, identityKey, "bob"));
        chat.open().echo("of the second");
        assertThat(chat.said()).hasText("of the second");
        assertThat(asked()).containsExactly("hello of alice", "of the second of bob");
    }

    /** Whatever kept the assistant from answering, and however much of its answer there was. */
    @ParameterizedTest
    @EnumSource(Reason.class)
    void visitorIsToldWhatBecameOfTheAnswerAndKeepsTheMessageToSendItAgain(Reason reason) {
        String told = reason == Reason.TIMED_OUT
                ? "The assistant took too long to answer."
                : "The assistant could not answer.";
        String code = reason == Reason.TIMED_OUT ? "ASSISTANT_TIMED_OUT" : "ASSISTANT_FAILED";
        for (String half : List.of("", "Half of it")) {
            Page page = STAGE.browser.page();
            page.addInitScript("addEventListener('error', ({ detail }) => (window.code = detail?.code), true)");
            TestingChat chat = STAGE.visit(page, "{}").open();
            STAGE.answerer.turns.clear();
            STAGE.answerer.fail(reason, half);
            chat.send("Where is my order?");
            assertThat(chat.log()).containsText(told);
            assertThat(chat.announced()).containsText(told);
            chat.until("window.code === '" + code + "'");
            if (half.isEmpty()) {
                assertThat(chat.reply()).isHidden();
            } else {
                assertThat(chat.reply()).hasText(half);
            }
            assertThat(chat.said()).hasText("Where is my order?");
            TestingBrowser.axe(page);
            page.reload();
            page.waitForLoadState(LoadState.DOMCONTENTLOADED);
            assertThat(chat.said()).hasText("Where is my order?");
            assertThat(chat.log()).containsText(told);
            chat.button("Try again").click();
            assertThat(chat.said()).hasText(new String[] {"Where is my order?", "Where is my order?"});
            assertThat(chat.reply()).hasText("Where is my order?");
            assertThat(chat.part("rating")).hasCount(2);
            assertThat(STAGE.answerer.turns).hasSize(2);
        }
    }

    /** The limit was lowered while somebody was talking. */
    @Test
    void limitThatIsReachedInTheMiddleIsToldInItsOwnWords() {
        TestingServer.Made key = STAGE.key("{'messageLimit':{'messages':9,'text':'Nine are enough.'}}");
        TestingChat chat =
                STAGE.visit(STAGE.browser.page(), key).open().echo("one").echo("two");
        STAGE.configure(key, "{'messageLimit':{'messages':2,'text':'Two are <b>enough</b> now.'}}");
        chat.send("three");
        refusedAsConfigured(chat, "Two are <b>enough</b> now.", "three");
        assertThat(chat.said()).hasText(new String[] {"one", "two", "three"});
        assertThat(STAGE.answerer.turns).hasSize(2);
        chat.part("limit-new-conversation").click();
        chat.echo("anew");
    }

    /** The same customer in another browser, of which this one hears nothing. */
    @Test
    void limitThatWasUsedUpElsewhereIsToldInItsOwnWords() {
        TestingServer.Made key = STAGE.key("{'messageLimit':{'messages':2,'text':'Two are enough.'}}");
        Answer identityKey = identityKey(key);
        TestingChat here = STAGE.visit(STAGE.browser.page(), key).open();
        identify(here, TestingStage.vouched(key, identityKey, "alice"));
        here.echo("one");
        TestingChat there = STAGE.visit(STAGE.browser.page(), key).open();
        identify(there, TestingStage.vouched(key, identityKey, "alice"));
        assertThat(there.said()).hasText("one");
        there.send("two");
        assertThat(there.part("limit")).containsText("Two are enough.");
        here.send("three");
        refusedAsConfigured(here, "Two are enough.", "three");
        assertThat(asked()).containsExactly("one of alice", "two of alice");
    }

    private static void refusedAsConfigured(TestingChat chat, String text, String unsent) {
        assertThat(chat.part("limit")).isVisible();
        assertThat(chat.part("limit").locator("p")).hasText(text);
        assertThat(chat.announced()).hasText(text);
        assertThat(chat.input()).hasCount(0);
        assertThat(chat.said().last()).hasText(unsent);
        assertThat(chat.log()).containsText("Not sent");
        // To send it again would be in vain.
        assertThat(chat.part("retry")).hasCount(0);
        TestingBrowser.axe(chat.page());
    }
}
