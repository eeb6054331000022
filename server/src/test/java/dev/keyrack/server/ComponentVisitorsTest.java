package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a visitor's conversation goes along with them as far as the key allows it, and with nobody else. */
class ComponentVisitorsTest {
    @RegisterExtension
    static final TestingStage STAGE = TestingStage.secure();

    /** What is asked of Keyrack, as method and end of the path. */
    private static List<String> calls(BrowserContext tabs) {
        List<String> calls = new CopyOnWriteArrayList<>();
        tabs.onRequest((Request request) -> {
            if (request.url().contains("/assistant/v1/") && !request.method().equals("OPTIONS")) {
                calls.add(request.method() + " " + request.url().replaceFirst(".*/", ""));
            }
        });
        return calls;
    }

    private static String path(TestingChat chat, String path) {
        chat.page().navigate(STAGE.shop.origin("shop") + path);
        return path;
    }

    private static long visitors() {
        return STAGE.answerer.turns.stream()
                .map(turn -> turn.visitorId())
                .distinct()
                .count();
    }

    @Test
    void twoTabsShowOneConversationAndOneOfThemReads() {
        BrowserContext tabs = STAGE.tabs();
        List<String> calls = calls(tabs);
        TestingServer.Made key = STAGE.key("{}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().echo("hello");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.replies()).hasText(new String[] {"hello"});
        one.send("wait");
        STAGE.saying("half ");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.reply()).hasText("half");
            assertThat(chat.said()).hasText(new String[] {"hello", "wait"});
        }
        STAGE.says("whole");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.reply()).hasText("half whole");
            assertThat(chat.part("rating")).hasCount(4);
        }
        assertThat(calls.stream().filter("POST messages"::equals)).hasSize(2);
        assertThat(calls).doesNotContain("GET stream");
        // And the other way round.
        two.echo("back");
        assertThat(one.said()).hasText(new String[] {"hello", "wait", "back"});
        assertThat(one.reply()).hasText("back");
        assertThat(visitors()).isEqualTo(1);
    }

    @Test
    void tabThatComesWhileAReplyStreamsShowsAllOfIt() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().send("wait");
        STAGE.saying("half ");
        assertThat(one.reply()).hasText("half");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.said()).hasText("wait");
        STAGE.saying("more ");
        assertThat(two.reply()).hasText("half more");
        STAGE.says("whole");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.reply()).hasText("half more whole");
            assertThat(chat.replies()).hasCount(1);
        }
    }

    @Test
    void otherTabReadsOnWhenTheOneThatReadsIsClosed() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        // Alone, so that it is the one that reads.
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().send("wait");
        STAGE.saying("half ");
        assertThat(one.reply()).hasText("half");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.reply()).hasText("half");
        List<String> calls = calls(tabs);
        one.page().close();
        STAGE.says("whole");
        assertThat(two.reply()).hasText("half whole");
        assertThat(two.replies()).hasCount(1);
        assertThat(two.part("rating")).hasCount(2);
        assertThat(calls).contains("GET stream");
        assertThat(STAGE.answerer.turns).hasSize(1);
    }

    /** Pages without TLS have no locks to wait for each other with. */
    @Test
    void tabsOfAPageWithoutTlsDoNotTakeTheReplyFromEachOtherAgainAndAgain() {
        BrowserContext tabs = STAGE.tabs();
        tabs.addInitScript("Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined })");
        List<String> calls = calls(tabs);
        TestingServer.Made key = STAGE.key("{}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().echo("hello");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.replies()).hasCount(1);
        one.send("wait");
        STAGE.saying("half ");
        assertThat(two.reply()).hasText("half");
        TestingChat three = STAGE.visit(tabs.newPage(), key).open();
        assertThat(three.reply()).hasText("half");
        STAGE.says("whole");
        for (TestingChat chat : List.of(one, two, three)) {
            assertThat(chat.reply()).hasText("half whole");
            assertThat(chat.said()).hasText(new String[] {"hello", "wait"});
        }
        assertThat(calls.stream().filter("POST messages"::equals)).hasSize(2);
        assertThat(calls.stream().filter("GET stream"::equals)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void newConversationBeginsInBothTabs() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().echo("hello");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.replies()).hasCount(1);
        one.tool("New conversation").click();
        assertThat(two.said()).hasCount(0);
        two.echo("fresh");
        assertThat(one.said()).hasText("fresh");
    }

    @Test
    void conversationGoesOnOnAnotherPageOfTheSite() {
        TestingChat chat = STAGE.opened("{'crossPage':true}").echo("hello");
        path(chat, "/another/page?with=query");
        // It was open when the page was left.
        assertThat(chat.dialog()).isVisible();
        assertThat(chat.said()).hasText("hello");
        assertThat(chat.input()).not().isFocused();
        chat.echo("again");
        assertThat(STAGE.answerer.turns.stream()
                        .map(turn -> turn.conversationId())
                        .distinct())
                .hasSize(1);
        chat.page().keyboard().press("Escape");
        path(chat, "/third");
        assertThat(chat.launcher()).isVisible();
        assertThat(chat.dialog()).hasCount(0);
        assertThat(chat.open().said()).hasText(new String[] {"hello", "again"});
    }

    @Test
    void conversationEndsWithThePageWhereTheKeyDoesNotLetItGoOn() {
        TestingChat chat = STAGE.opened("{'crossPage':false}").echo("hello");
        assertThat(chat.page().evaluate("localStorage.length")).isEqualTo(0);
        path(chat, "/another");
        assertThat(chat.launcher()).isVisible();
        assertThat(chat.dialog()).hasCount(0);
        assertThat(chat.open().input()).isFocused();
        assertThat(chat.said()).hasCount(0);
        chat.echo("again");
        assertThat(visitors()).isEqualTo(2);
    }

    @Test
    void whatWasKeptGoesWhenTheKeyNoLongerLetsItGoOn() {
        TestingServer.Made key = STAGE.key("{'crossPage':true}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("hello");
        STAGE.configure(key, "{'crossPage':false}");
        path(chat, "/another");
        assertThat(chat.open().said()).hasCount(0);
        assertThat(chat.page().evaluate("localStorage.length")).isEqualTo(0);
    }

    @Test
    void conversationsOfTwoWebsitesDoNotMeet() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.server.make(
                "web",
                ",'restrictions':{'websites':['" + STAGE.shop.origin("shop") + "','" + STAGE.shop.origin("other")
                        + "']}");
        STAGE.visit(tabs.newPage(), key).open().echo("hello");
        Page other = tabs.newPage();
        other.navigate(STAGE.shop.origin("other") + "/");
        TestingChat chat = new TestingChat(other).open();
        chat.echo("elsewhere");
        assertThat(chat.said()).hasText("elsewhere");
        assertThat(visitors()).isEqualTo(2);
    }

    @Test
    void secondVisitorOfTheSameBrowserSeesNothingOfTheFirst() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().echo("a secret of the first");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.said()).hasText("a secret of the first");
        String refresh = refresh(one);
        one.call("logout()");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.dialog()).isHidden();
            assertThat(chat.host().locator(".log")).not().containsText("secret");
            assertThat(chat.announced()).hasText("");
            assertThat(chat.page().evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"))
                    .isEqualTo("[{},{}]");
        }
        two.open();
        assertThat(two.said()).hasCount(0);
        two.echo("the second");
        assertThat(one.open().said()).hasText("the second");
        assertThat(visitors()).isEqualTo(2);
        // The first one's session has ended at Keyrack, too: its token makes a guest of whoever has it.
        Answer again = STAGE.server
                .nobody
                .as("Origin", STAGE.shop.origin("shop"))
                .post("/assistant/v1/sessions", "{'key':'" + key.token() + "','visitor':'" + refresh + "'}");
        assertThat(again.at("/visitor/id"))
                .isNotEqualTo(STAGE.answerer.turns.getFirst().visitorId());
        assertThat(again.json().at("/conversation").isNull()).isTrue();
    }

    private static void typed(TestingChat chat, String text) {
        chat.input().fill("");
        chat.input().pressSequentially(text);
        assertThat(chat.input()).hasValue(text);
    }

    /** Nor does it come back, as what was taken out by hand does. */
    private static void nothingIsTyped(TestingChat chat) {
        assertThat(chat.input()).hasValue("");
        chat.input().press("Control+z");
        assertThat(chat.input()).hasValue("");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void halfTypedMessageIsNotThereForTheSecondVisitor(boolean crossPage) {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{'crossPage':" + crossPage + "}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open();
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        typed(one, "my diagnosis is");
        typed(two, "and my address is");
        one.call("logout()");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.dialog()).isHidden();
            nothingIsTyped(chat.open());
        }
        typed(one, "of somebody");
        comesBack(one);
        nothingIsTyped(crossPage ? one : one.open());
    }

    private static void identify(TestingChat chat, TestingServer.Made key, Answer identityKey, String customer) {
        chat.host()
                .evaluate("(element, jwt) => element.identify(jwt)", TestingStage.vouched(key, identityKey, customer));
    }

    @Test
    void halfTypedMessageStaysWithWhoeverSignsInAndIsNotThereForTheNextCustomer() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().echo("as a guest");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open();
        assertThat(two.said()).hasText("as a guest");
        typed(one, "my diagnosis is");
        typed(two, "and my address is");
        identify(one, key, identityKey, "alice");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.said()).hasCount(0);
        }
        two.call("newConversation()");
        assertThat(one.input()).hasValue("my diagnosis is");
        assertThat(two.input()).hasValue("and my address is");
        identify(one, key, identityKey, "bob");
        for (TestingChat chat : List.of(one, two)) {
            nothingIsTyped(chat);
        }
    }

    /** What this browser has kept to be the same visitor again. */
    private static String refresh(TestingChat chat) {
        return (String) chat.page().evaluate("JSON.parse(Object.values(localStorage)[0]).refresh");
    }

    /** Whether somebody could still go on with a session that somebody else has left. */
    private static boolean lives(String visitor) {
        return STAGE.server.rows().get("visitor_sessions").stream()
                .anyMatch(session -> session.get(1).equals(visitor));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void customerWhoseIdentityIsHeardOfAfterLogoutIsForgotten(boolean locks) {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        Page page = STAGE.browser.page();
        if (!locks) {
            page.addInitScript("Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined })");
        }
        TestingChat chat = STAGE.visit(page, key).open().echo("as a guest");
        List<Route> held = new CopyOnWriteArrayList<>();
        page.route("**/assistant/v1/sessions", held::add);
        chat.host()
                .evaluate(
                        "(element, jwt) => { window.known = element.identify(jwt); }",
                        TestingStage.vouched(key, identityKey, "alice"));
        page.waitForCondition(() -> !held.isEmpty());
        chat.host().evaluate("element => { window.left = element.logout(); }");
        assertThat(chat.dialog()).isHidden();
        APIResponse late = held.getFirst().fetch();
        assertThat(late.text()).contains("\"known\":true");
        held.getFirst().fulfill(new Route.FulfillOptions().setResponse(late));
        page.unroute("**/assistant/v1/sessions");
        page.evaluate("() => Promise.all([window.known, window.left])");
        assertThat((String) page.evaluate("JSON.stringify(localStorage)")).doesNotContain("vr_", "vis_");
        chat.until("localStorage.length === 0");
        page.waitForCondition(() -> STAGE.server.rows().get("visitor_sessions").stream()
                .noneMatch(session -> late.text().contains((String) session.get(1))));
        chat.open().echo("the second");
        assertThat(STAGE.answerer.turns.getLast().customer()).isNull();
    }

    @Test
    void logoutIsHeardInEveryTabAlsoWhereEachHasAConversationOfItsOwn() {
        BrowserContext tabs = STAGE.tabs();
        TestingServer.Made key = STAGE.key("{'crossPage':false}");
        TestingChat one = STAGE.visit(tabs.newPage(), key).open().echo("a secret");
        TestingChat two = STAGE.visit(tabs.newPage(), key).open().echo("another secret");
        assertThat(one.said()).hasText("a secret");
        one.call("logout()");
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.dialog()).isHidden();
            assertThat(chat.open().said()).hasCount(0);
            chat.echo("the second");
        }
        assertThat(visitors()).isEqualTo(4);
        tabs.pages()
                .getFirst()
                .waitForCondition(
                        () -> STAGE.answerer.turns.stream().limit(2).noneMatch(turn -> lives(turn.visitorId())));
    }

    /** As the browser does when a visitor goes back to the page. */
    private static void comesBack(TestingChat chat) {
        chat.page().evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    }

    @Test
    void pageThatComesOutOfTheCacheShowsNothingOfWhomItMayNotKnow() {
        TestingChat alone = STAGE.opened("{'crossPage':false}").echo("a secret");
        comesBack(alone);
        assertThat(alone.dialog()).isHidden();
        assertThat(alone.open().said()).hasCount(0);
        TestingChat shared = STAGE.opened("{'crossPage':true}").echo("hello");
        comesBack(shared);
        assertThat(shared.said()).hasText("hello");
        // Somebody has left where nothing could be heard of it.
        shared.page().evaluate("localStorage.clear()");
        comesBack(shared);
        assertThat(shared.said()).hasCount(0);
        shared.echo("the second");
    }

    @Test
    void visitorWhoseSessionEndsWhileAReplyStreamsGoesOnAsANewGuest() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        TestingClient page =
                STAGE.server.nobody.as("Origin", STAGE.shop.origin("shop"), "Authorization", "Bearer " + refresh(chat));
        assertThat(page.delete("/assistant/v1/sessions/current").status()).isEqualTo(204);
        assertThat(chat.said()).hasCount(0);
        assertThat(chat.part("limit")).isHidden();
        chat.echo("hello again");
        assertThat(chat.said()).hasText("hello again");
        assertThat(visitors()).isEqualTo(2);
    }

    @Test
    void pageWhoseStorageIsBlockedHasAConversationAllTheSame() {
        Page page = STAGE.browser.page();
        page.addInitScript(
                "for (const name of ['localStorage', 'sessionStorage'])"
                        + " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });");
        STAGE.visit(page, "{}").open().echo("hello").echo("again");
        assertThat(visitors()).isEqualTo(1);
    }
}
