package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise: who signs out is gone: from this browser and its other tabs at once, and from Keyrack as soon as it hears of it, be the
 * chat there or not.
 */
class ComponentLogoutTest {
    private static final String KEPT = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])";

    @RegisterExtension
    static final TestingStage STAGE = TestingStage.secure();

    /** Whether somebody could still go on with a session that somebody else has left. */
    private static boolean lives(String visitor) {
        return STAGE.server.rows().get("visitor_sessions").stream()
                .anyMatch(session -> session.get(1).equals(visitor));
    }

    private static String lastVisitor() {
        return STAGE.answerer.turns.getLast().visitorId();
    }

    private static void ended(TestingChat chat, String visitor) {
        chat.page().waitForCondition(() -> !lives(visitor));
    }

    /** What the pages of this browser show Keyrack. */
    private static List<String> bearers(BrowserContext tabs) {
        List<String> bearers = new CopyOnWriteArrayList<>();
        tabs.onRequest(request -> {
            String header = request.headers().get("authorization");
            if (header != null && header.startsWith("Bearer va_")) {
                bearers.add(header);
            }
        });
        return bearers;
    }

    private static Answer conversations(String bearer) {
        return STAGE.server
                .nobody
                .as("Origin", STAGE.shop.origin("shop"), "Authorization", bearer)
                .post("/assistant/v1/conversations", "{}", "Idempotency-Key", TestingVisitor.fresh());
    }

    private static void identify(TestingChat chat, TestingServer.Made key, Answer identityKey, String customer) {
        chat.host()
                .evaluate("(element, jwt) => element.identify(jwt)", TestingStage.vouched(key, identityKey, customer));
    }

    private static TestingChat withoutChat(Page page, TestingServer.Made key) {
        page.route("**/chunks/chat-*", Route::abort);
        TestingChat chat = STAGE.visit(page, key);
        assertThat(chat.launcher()).isVisible();
        return chat;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pageWhoseChatCannotBeLoadedEndsTheSessionAtKeyrackAndEmptiesOtherTabs(boolean tried) {
        BrowserContext tabs = STAGE.tabs();
        List<String> bearers = bearers(tabs);
        TestingServer.Made key = STAGE.key("{}");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open().echo("a secret of the first");
        String visitor = lastVisitor();
        TestingChat one = withoutChat(tabs.newPage(), key);
        if (tried) {
            one.launcher().click();
            assertThat(one.part("badge")).hasText("!");
        }
        one.call("logout()");
        assertThat(lives(visitor)).isFalse();
        assertThat(bearers).isNotEmpty();
        for (String bearer : bearers) {
            assertThat(conversations(bearer).status()).isEqualTo(401);
        }
        assertThat(two.dialog()).isHidden();
        assertThat(two.host().locator(".log")).not().containsText("secret");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.page().evaluate(KEPT)).isEqualTo("[{},{}]");
        }
        two.open().echo("the second");
        assertThat(two.said()).hasText("the second");
        assertThat(lastVisitor()).isNotEqualTo(visitor);
    }

    /** As pages do that lead to another one once they have called it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pageThatIsLeftAtOnceHasSignedOutAllTheSame(boolean drawn) {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open().echo("a secret of the first");
        String visitor = lastVisitor();
        Page page = tabs.newPage();
        // Neither of them is ever answered.
        page.route(drawn ? "**/chunks/chat-*" : "**/assistant/v1/components/*", route -> {});
        TestingChat one = STAGE.visit(page, key);
        if (drawn) {
            one.launcher().click();
        } else {
            one.until("customElements.get('keyrack-assistant')");
        }
        one.host().evaluate("element => { void element.logout(); location.href = '/bye'; }");
        ended(two, visitor);
        assertThat(two.dialog()).isHidden();
        two.open();
        assertThat(two.said()).hasCount(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sessionThatCouldNotBeEndedEndsWithTheNextPage(boolean chatLoaded) {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("a secret");
        String visitor = lastVisitor();
        chat.page().route("**/assistant/v1/sessions/current", Route::abort);
        if (!chatLoaded) {
            withoutChat(chat.page(), key);
        }
        chat.call("logout()");
        assertThat(lives(visitor)).isTrue();
        // What is left of them opens nothing.
        String kept = (String) chat.page().evaluate(KEPT);
        assertThat(kept).contains("keyrack:left:").doesNotContain("vr_", "secret", "cnv_", visitor);
        chat.page().unroute("**/assistant/v1/sessions/current");
        chat.page().reload();
        ended(chat, visitor);
        chat.until("localStorage.length === 0");
    }

    @Test
    void eachOfSeveralWhoLeftUnheardIsEnded() {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("the first");
        String first = lastVisitor();
        chat.page().route("**/assistant/v1/sessions/current", Route::abort);
        chat.call("logout()");
        chat.open().echo("the second");
        String second = lastVisitor();
        chat.call("logout()");
        assertThat(first).isNotEqualTo(second);
        assertThat(List.of(lives(first), lives(second))).containsExactly(true, true);
        chat.page().unroute("**/assistant/v1/sessions/current");
        chat.page().reload();
        ended(chat, first);
        ended(chat, second);
    }

    @Test
    void sessionThatCouldNotBeEndedEndsOnceAPageWithoutChatIsConnectedAgain() {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("a secret");
        String visitor = lastVisitor();
        withoutChat(chat.page(), key);
        chat.page().context().setOffline(true);
        chat.call("logout()");
        assertThat(lives(visitor)).isTrue();
        chat.page().context().setOffline(false);
        ended(chat, visitor);
        chat.until("localStorage.length === 0");
    }

    /** It was open while Keyrack was upgraded: its loader is the former one, and ends no sessions. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pageWithALoaderOfABuildBeforeForgetsAllTheSame(boolean crossPage) {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("a secret of the first");
        String visitor = lastVisitor();
        STAGE.configure(key, "{'crossPage':" + crossPage + "}");
        chat.page().evaluate("sessionStorage.clear()");
        chat.page()
                .addInitScript("addEventListener('ready', () =>"
                        + " (customElements.get('keyrack-assistant').prototype.leave = undefined), true)");
        chat.page().reload();
        chat.open();
        if (crossPage) {
            assertThat(chat.said()).hasText("a secret of the first");
            chat.call("logout()");
            assertThat(chat.dialog()).isHidden();
            chat.open();
        }
        assertThat(chat.said()).hasCount(0);
        assertThat(chat.page().evaluate("JSON.stringify(localStorage)")).isEqualTo("{}");
        chat.echo("the second");
        assertThat(chat.said()).hasText("the second");
        assertThat(lastVisitor()).isNotEqualTo(visitor);
    }

    @Test
    void logoutForgetsAndTellsOtherTabsAlsoWhereWhatIsKeptCannotBeRead() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open().echo("a secret of the first");
        TestingChat one = withoutChat(tabs.newPage(), key);
        one.page().evaluate("for (const name of Object.keys(localStorage)) localStorage[name] = '{a secret'");
        one.call("logout()");
        assertThat(two.dialog()).isHidden();
        assertThat(two.host().locator(".log")).not().containsText("secret");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.page().evaluate(KEPT)).isEqualTo("[{},{}]");
        }
    }

    /** Somebody else, a guest, or the same customer again. */
    @ParameterizedTest
    @ValueSource(strings = {"bob", "", "alice"})
    void tabThatHearsOfALogoutLateLeavesThoseInPeaceWhoHaveComeSince(String customer) {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        TestingChat here = STAGE.visit(tabs.newPage(), key).open();
        identify(here, key, identityKey, "alice");
        here.echo("the first");
        Page frozen = tabs.newPage();
        frozen.addInitScript(TestingStage.FROZEN);
        TestingChat there = STAGE.visit(frozen, key).open();
        assertThat(there.said()).hasText("the first");
        here.call("logout()");
        if (!customer.isEmpty()) {
            identify(here, key, identityKey, customer);
        }
        here.open();
        assertThat(here.said()).hasText(customer.equals("alice") ? new String[] {"the first"} : new String[0]);
        here.echo("the second");
        String visitor = lastVisitor();
        String conversation = STAGE.answerer.turns.getLast().conversationId();
        frozen.evaluate("thaw()");
        assertThat(there.dialog()).isHidden();
        here.echo("again");
        assertThat(lastVisitor()).isEqualTo(visitor);
        assertThat(STAGE.answerer.turns.getLast().conversationId()).isEqualTo(conversation);
        assertThat(lives(visitor)).isTrue();
        assertThat(there.open().said().last()).hasText("again");
    }

    /** It has just asked for access, with what those who have come since then have put in the place of what it knew. */
    @Test
    void tabThatHearsOfALogoutWhileItAsksForAccessLeavesThoseInPeaceWhoHaveComeSince() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        TestingChat here = STAGE.visit(tabs.newPage(), key).open().echo("the first");
        Page frozen = tabs.newPage();
        frozen.addInitScript(TestingStage.FROZEN);
        TestingChat there = STAGE.visit(frozen, key).open();
        assertThat(there.said()).hasText("the first");
        here.call("logout()");
        here.open().echo("the second");
        String visitor = lastVisitor();
        List<Route> held = new CopyOnWriteArrayList<>();
        frozen.route("**/assistant/v1/sessions", held::add);
        there.send("asks");
        frozen.waitForCondition(() -> !held.isEmpty());
        frozen.evaluate("thaw()");
        assertThat(there.dialog()).isHidden();
        frozen.waitForResponse("**/assistant/v1/sessions", held.getFirst()::resume);
        frozen.unroute("**/assistant/v1/sessions");
        frozen.waitForTimeout(500);
        assertThat(lives(visitor)).isTrue();
        here.send("again");
        assertThat(here.reply()).hasText("again");
        assertThat(lastVisitor()).isEqualTo(visitor);
    }

    @Test
    void logoutOfAVisitorWhoIsOfflineLeavesNothingOfThemHere() {
        TestingChat chat = STAGE.opened("{}").echo("a secret");
        String visitor = lastVisitor();
        chat.page().context().setOffline(true);
        chat.send("another secret");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.call("logout()");
        assertThat((String) chat.page().evaluate(KEPT)).doesNotContain("vr_", "secret");
        chat.page().context().setOffline(false);
        ended(chat, visitor);
        chat.until("localStorage.length === 0");
        chat.open().echo("the second");
        assertThat(chat.said()).hasText("the second");
        assertThat(STAGE.answerer.turns.stream().map(turn -> turn.question()))
                .containsExactly("a secret", "the second");
        assertThat(lastVisitor()).isNotEqualTo(visitor);
    }

    @Test
    void logoutEndsTheSessionAlsoWhenItsAccessHasEndedOrTheKeyIsOff() {
        for (boolean off : List.of(false, true)) {
            TestingServer.Made key = STAGE.key("{}");
            TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("a secret of the first");
            String visitor = STAGE.answerer.turns.getLast().visitorId();
            assertThat(lives(visitor)).isTrue();
            STAGE.server.byHand("UPDATE visitor_access SET ends_at = 1");
            if (off) {
                STAGE.server.owner.post(key.path() + "/disable");
                chat.page().reload();
            }
            chat.call("logout()");
            assertThat(lives(visitor)).isFalse();
            assertThat(chat.page().evaluate("localStorage.length")).isEqualTo(0);
        }
    }

    @Test
    void logoutWhileAReplyStreamsShowsNothingMoreOfIt() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.saying("a secret ");
        assertThat(chat.reply()).hasText("a secret");
        chat.call("logout()");
        STAGE.says("more of it");
        chat.open();
        assertThat(chat.replies()).hasCount(0);
        chat.echo("the second");
        assertThat(chat.host()).not().containsText("secret");
    }
}
