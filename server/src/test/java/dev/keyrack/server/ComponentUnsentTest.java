package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
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

    /** Notes after each change of what this browser keeps whether the message is in it. */
    private static final String KEEPS = """
            window.keeps = [];
            for (const name of ["setItem", "removeItem"]) {
              const real = Storage.prototype[name];
              Storage.prototype[name] = function (...what) {
                real.apply(this, what);
                if (what[0].startsWith("keyrack:chat:")) keeps.push(String(this.getItem(what[0])).includes("of the same"));
              };
            }""";

    @RegisterExtension
    static final TestingStage STAGE = TestingStage.secure();

    /** A website that can vouch for its customers. */
    private record Site(TestingServer.Made key, Answer identityKey) {
        static Site with(String options) {
            TestingServer.Made key = STAGE.key(options);
            return new Site(key, STAGE.server.owner.post(key.path() + "/identity-keys", "{}"));
        }

        TestingChat visit(Page page) {
            return STAGE.visit(page, key);
        }

        /** A guest who has been answered, and whose next message waits. */
        TestingChat waiting(Page page, String text) {
            return waits(visit(page).open().echo("hello"), text);
        }

        void identify(TestingChat chat, String customer) {
            chat.host()
                    .evaluate(
                            "(element, jwt) => element.identify(jwt)",
                            TestingStage.vouched(key, identityKey, customer));
        }
    }

    private static TestingChat waits(TestingChat chat, String text) {
        unheard(chat).send(text);
        assertThat(chat.log()).containsText("Waiting to be sent");
        return chat;
    }

    /** Nothing that is said in any tab of this browser reaches Keyrack any more. */
    private static TestingChat unheard(TestingChat chat) {
        chat.page().context().route(MESSAGES, Route::abort);
        return chat;
    }

    private static void heard(TestingChat chat) {
        chat.page().context().unroute(MESSAGES);
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
        Site site = Site.with("{}");
        TestingChat chat = site.waiting(STAGE.browser.page(), "of a guest");
        if (!opened) {
            chat.page().keyboard().press("Escape");
        }
        chat.page().reload();
        assertThat(chat.launcher()).isVisible();
        site.identify(chat, "alice");
        heard(chat);
        if (!opened) {
            chat.open();
        }
        assertThat(chat.said()).hasText("of a guest");
        assertThat(chat.log()).containsText("Not sent");
        assertThat(chat.log()).not().containsText("Waiting to be sent");
        chat.echo("of a customer");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice");
        chat.part("retry").click();
        assertThat(chat.reply()).hasText("of a guest");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice", "of a guest of alice");
    }

    @Test
    void guestsMessageThatWaitsFromAPageBeforeIsForgottenByThePageAfterThatOfACustomer() {
        Site site = Site.with("{}");
        TestingChat chat = site.waiting(STAGE.browser.page(), "of a guest");
        chat.page().reload();
        assertThat(chat.said()).hasCount(2);
        site.identify(chat, "alice");
        assertThat(chat.log()).containsText("Not sent");
        heard(chat);
        chat.page().reload();
        chat.echo("of a customer");
        assertThat(chat.said()).hasText("of a customer");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice");
    }

    @Test
    void guestsMessageOfThisPageIsTheCustomersWhoSignsIn() {
        Site site = Site.with("{}");
        TestingChat chat = site.waiting(STAGE.browser.page(), "of the same");
        site.identify(chat, "alice");
        heard(chat);
        assertThat(chat.reply()).hasText("of the same");
        assertThat(asked()).containsExactly("hello of null", "of the same of alice");
    }

    /** The one in which they sign in is there at once, and the other, which hears of it late, sends what was written on it. */
    @Test
    void guestsMessageIsLeftToTheTabItWasWrittenInWhenTheCustomerSignsInInAnother() {
        Site site = Site.with("{}");
        TestingChat before = site.visit(STAGE.browser.page());
        site.identify(before, "alice");
        before.open().echo("earlier");
        BrowserContext tabs = STAGE.tabs();
        Page page = tabs.newPage();
        page.addInitScript(TestingStage.FROZEN);
        TestingChat one = site.waiting(page, "of the same");
        Page other = tabs.newPage();
        other.addInitScript(KEEPS);
        TestingChat two = site.visit(other).open();
        site.identify(two, "alice");
        assertThat(two.said()).hasText("earlier");
        assertThat(two.log()).not().containsText("Not sent");
        // The other may look at any moment.
        assertThat(other.evaluate("keeps.includes(true) && !keeps.includes(false)"))
                .isEqualTo(true);
        page.evaluate("thaw()");
        assertThat(one.said()).hasText(new String[] {"earlier", "of the same"});
        assertThat(one.log()).containsText("Waiting to be sent");
        heard(one);
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.reply()).hasText("of the same");
            assertThat(chat.said()).hasText(new String[] {"earlier", "of the same"});
        }
        assertThat(asked()).containsExactly("earlier of alice", "hello of null", "of the same of alice");
    }

    /** Whether its chat was there to hear that something waits or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void guestsMessageIsTakenOverByAnotherTabOnceTheOneItWasWrittenInIsGone(boolean there) {
        Site site = Site.with("{}");
        BrowserContext tabs = STAGE.tabs();
        Page page = tabs.newPage();
        TestingChat one = unheard(site.visit(page).open().echo("hello"));
        TestingChat two = site.visit(tabs.newPage());
        if (there) {
            assertThat(two.open().said()).hasText("hello");
        }
        // Whichever of them tries to send it.
        one.send("of a guest");
        if (!there) {
            two.open();
        }
        assertThat(two.said()).hasText(new String[] {"hello", "of a guest"});
        site.identify(two, "alice");
        assertThat(one.said()).hasText("of a guest");
        assertThat(one.log()).containsText("Waiting to be sent");
        assertThat(two.said()).hasCount(0);
        page.close();
        assertThat(two.log()).containsText("Not sent");
        assertThat(two.said()).hasText("of a guest");
        heard(two);
        two.echo("of a customer");
        two.part("retry").click();
        assertThat(two.reply()).hasText("of a guest");
        assertThat(asked()).containsExactly("hello of null", "of a customer of alice", "of a guest of alice");
    }

    @Test
    void messageThatWaitsIsNobodysOnceItsVisitorHasSignedOut() {
        Site site = Site.with("{}");
        TestingChat chat = site.visit(STAGE.browser.page()).open();
        site.identify(chat, "alice");
        waits(chat.echo("hello"), "a secret");
        chat.call("logout()");
        heard(chat);
        site.identify(chat, "bob");
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
        Site site = Site.with("{'messageLimit':{'messages':2,'text':'Two are enough.'}}");
        TestingChat here = site.visit(STAGE.browser.page()).open();
        site.identify(here, "alice");
        here.echo("one");
        TestingChat there = site.visit(STAGE.browser.page()).open();
        site.identify(there, "alice");
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
