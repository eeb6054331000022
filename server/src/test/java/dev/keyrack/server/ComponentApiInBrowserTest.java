package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: what a page can ask of the component works whenever it is asked, and the page is told of all that happens. */
class ComponentApiInBrowserTest {
    private static final String LISTEN = """
            window.heard = [];
            for (const name of ["ready", "open", "close", "send", "message", "conversation", "limit", "unread", "feedback", "error"])
              document.addEventListener(name, event => {
                if (event.target.localName !== "keyrack-assistant") return;
                heard.push({ name, detail: event.detail, composed: event.composed, bubbles: event.bubbles });
              }, true);
            """;

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static Page listening() {
        Page page = STAGE.browser.page();
        page.addInitScript(LISTEN);
        return page;
    }

    private static Map<?, ?> heard(TestingChat chat, String name) {
        chat.until("heard.some(event => event.name === '" + name + "')");
        Map<?, ?> event =
                (Map<?, ?>) chat.page().evaluate("name => heard.findLast(event => event.name === name)", name);
        assertThat(event.get("composed")).isEqualTo(true);
        assertThat(event.get("bubbles")).isEqualTo(false);
        return (Map<?, ?>) event.get("detail");
    }

    private static long times(TestingChat chat, String name) {
        return ((Number) chat.page().evaluate("name => heard.filter(event => event.name === name).length", name))
                .longValue();
    }

    @Test
    void callsOpenCloseToggleSendAndBeginAnew() {
        TestingChat chat = STAGE.visit("{}");
        chat.call("open()");
        assertThat(chat.dialog()).isVisible();
        chat.call("open()");
        assertThat(chat.dialog()).isVisible();
        chat.call("close()");
        assertThat(chat.dialog()).isHidden();
        chat.call("close()");
        chat.call("toggle()");
        assertThat(chat.dialog()).isVisible();
        chat.call("toggle()");
        assertThat(chat.dialog()).isHidden();
        chat.call("send('  said by the page ')");
        chat.call("open()");
        assertThat(chat.reply()).hasText("said by the page");
        chat.call("newConversation()");
        assertThat(chat.said()).hasCount(0);
        chat.call("send('   ')");
        chat.call("send('')");
        chat.echo("fresh");
        assertThat(chat.said()).hasText("fresh");
        chat.call("logout()");
        assertThat(chat.dialog()).isHidden();
    }

    @Test
    void callsOfAPageThatComeBeforeTheScriptAreMadeWhenItIsThere() {
        Page page = listening();
        page.addInitScript("(window.keyrackAssistant = window.keyrackAssistant || []).push(a => a.open());"
                + "keyrackAssistant.push(a => a.send('early'));");
        TestingChat chat = STAGE.visit(page, "{}");
        assertThat(chat.dialog()).isVisible();
        assertThat(chat.reply()).hasText("early");
        page.evaluate("keyrackAssistant.push(a => a.close())");
        assertThat(chat.dialog()).isHidden();
        assertThat(times(chat, "send")).isEqualTo(1);
    }

    @Test
    void callsThatComeBeforeTheButtonWaitForIt() {
        TestingServer.Made key = STAGE.key("{}");
        STAGE.shop.showHtml("");
        Page page = listening();
        STAGE.go(page);
        new TestingChat(page).until("customElements.get('keyrack-assistant')");
        page.evaluate("""
                key => {
                  const made = document.createElement("keyrack-assistant");
                  made.setAttribute("api-key", key);
                  document.body.append(made);
                  made.open();
                  made.send("at once");
                }""", key.token());
        TestingChat chat = new TestingChat(page);
        assertThat(chat.reply()).hasText("at once");
    }

    @Test
    void pageIsToldOfAllThatHappens() {
        TestingServer.Made key = STAGE.key("{'locale':'en','messageLimit':{'messages':3,'text':'Enough.'}}");
        TestingChat chat = STAGE.visit(listening(), key);
        assertThat(heard(chat, "ready")).isEqualTo(Map.of("key", key.id(), "locale", "en"));
        chat.open();
        assertThat(heard(chat, "open")).isEqualTo(Map.of());
        chat.send("one **two**");
        assertThat(chat.reply()).hasText("one two");
        assertThat(heard(chat, "send")).isEqualTo(Map.of("text", "one **two**"));
        Map<?, ?> conversation = heard(chat, "conversation");
        assertThat((String) conversation.get("id")).startsWith("cnv_");
        Map<?, ?> message = heard(chat, "message");
        assertThat((String) message.get("id")).startsWith("msg_");
        assertThat(message.get("author")).isEqualTo("assistant");
        assertThat(message.get("text")).isEqualTo("one **two**");
        assertThat(message.get("state")).isEqualTo("complete");
        chat.button("Good answer").click();
        assertThat(heard(chat, "feedback")).isEqualTo(Map.of("message", message.get("id"), "rating", "up"));
        assertThat(chat.button("Good answer")).hasAttribute("aria-pressed", "true");
        chat.send("fail");
        assertThat(heard(chat, "error")).isEqualTo(Map.of("code", "ASSISTANT_FAILED"));
        assertThat(heard(chat, "message").get("state")).isEqualTo("failed");
        chat.send("wait");
        assertThat(chat.button("Stop the answer")).isVisible();
        chat.page().keyboard().press("Escape");
        assertThat(heard(chat, "close")).isEqualTo(Map.of());
        STAGE.says("while you were away");
        assertThat(heard(chat, "unread")).isEqualTo(Map.of("count", 1));
        assertThat(heard(chat, "limit")).isEqualTo(Map.of("text", "Enough."));
        chat.open();
        chat.until("heard.findLast(event => event.name === 'unread').detail.count === 0");
        assertThat(times(chat, "ready")).isEqualTo(1);
        assertThat(times(chat, "conversation")).isEqualTo(1);
        assertThat(times(chat, "message")).isEqualTo(3);
        assertThat(times(chat, "limit")).isEqualTo(1);
    }

    @Test
    void ratingIsKeptAndCanBeTakenBack() {
        TestingChat chat = STAGE.visit(listening(), "{}").open().echo("hello");
        chat.button("Bad answer").click();
        assertThat(heard(chat, "feedback").get("rating")).isEqualTo("down");
        chat.page().reload();
        assertThat(chat.button("Bad answer")).hasAttribute("aria-pressed", "true");
        chat.button("Bad answer").click();
        chat.until("heard.some(event => event.name === 'feedback' && event.detail.rating === null)");
        chat.page().reload();
        assertThat(chat.button("Bad answer")).hasAttribute("aria-pressed", "false");
    }

    @Test
    void customerLeavesTheGuestBehindAndFindsTheirOwnConversationAgain() {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        TestingChat chat = STAGE.visit(listening(), key).open().echo("as a guest");
        chat.call("identify('" + TestingStage.vouched(key, identityKey, "alice") + "')");
        assertThat(chat.said()).hasCount(0);
        chat.echo("as a customer");
        assertThat(STAGE.answerer.turns.getFirst().customer()).isNull();
        assertThat(STAGE.answerer.turns.getLast().customer()).isEqualTo("alice");
        chat.page().reload();
        assertThat(chat.said()).hasText("as a customer");
        chat.call("logout()");
        chat.open().echo("somebody else");
        assertThat(chat.said()).hasText("somebody else");
        chat.call("identify('" + TestingStage.vouched(key, identityKey, "alice") + "')");
        assertThat(chat.said()).hasText("as a customer");
        assertThat(STAGE.answerer.turns.stream().map(turn -> turn.visitorId()).distinct())
                .hasSize(3);
    }

    @Test
    void identityThatNobodyVouchedForIsRefusedAndTheGuestGoesOn() {
        TestingChat chat = STAGE.visit(listening(), "{}").open().echo("hello");
        chat.call("identify('not.a.token')");
        assertThat(heard(chat, "error")).isEqualTo(Map.of("code", "IDENTITY_REFUSED"));
        assertThat(chat.said()).hasText("hello");
        chat.echo("still here");
    }

    /** A page listens to messages of frames and to errors of scripts, and a dialog around the component to its own end. */
    @Test
    void nothingAroundTheComponentTakesItsEventsForOthers() {
        Page page = listening();
        page.addInitScript("""
                window.others = [];
                for (const name of ["open", "close", "send", "message", "error"])
                  for (const at of [window, document]) at.addEventListener(name, event => others.push(name));
                """);
        TestingChat chat = STAGE.visit(page, "{}").open().echo("hello");
        chat.send("fail");
        heard(chat, "error");
        page.keyboard().press("Escape");
        heard(chat, "close");
        assertThat(page.evaluate("others")).isEqualTo(List.of());
    }

    @Test
    void messageThatIsSentAfterARefusalIsRefusedAndThePageIsTold() {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(listening(), key).open().echo("hello");
        assertThat(chat.call("send('taken')")).isEqualTo(true);
        assertThat(chat.reply()).hasText("taken");
        STAGE.server.owner.post(key.path() + "/disable");
        chat.send("are you there?");
        assertThat(chat.part("limit")).isVisible();
        assertThat(times(chat, "error")).isEqualTo(1);
        assertThat(chat.call("send('and now?')")).isEqualTo(false);
        assertThat(times(chat, "error")).isEqualTo(2);
        assertThat(heard(chat, "error")).isEqualTo(Map.of("code", "DISABLED"));
        assertThat(heard(chat, "send")).isEqualTo(Map.of("text", "are you there?"));
    }

    @Test
    void identityIsSaidAgainWhenKeyrackCouldNotBeReached() {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        TestingChat chat = STAGE.visit(listening(), key);
        Queue<Integer> failing = new ArrayDeque<>(List.of(0, 503));
        chat.page().route("**/assistant/v1/sessions", route -> {
            Integer status = failing.poll();
            if (status == null) {
                route.resume();
            } else if (status == 0) {
                route.abort();
            } else {
                route.fulfill(new Route.FulfillOptions().setStatus(status));
            }
        });
        chat.call("identify('" + TestingStage.vouched(key, identityKey, "alice") + "')");
        assertThat(times(chat, "error")).isZero();
        chat.open().echo("hello");
        assertThat(STAGE.answerer.turns.getLast().customer()).isEqualTo("alice");
    }

    /** By a guest who is here already, and by somebody who is new. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void identityWhoseAnswerIsLostIsSaidAgainAndOpensTheSameSession(boolean guest) {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        TestingChat chat = STAGE.visit(listening(), key);
        if (guest) {
            chat.open().echo("as a guest");
        }
        List<Integer> lost = new CopyOnWriteArrayList<>();
        chat.page().route("**/assistant/v1/sessions", route -> {
            String body = route.request().postData();
            if (lost.size() < 2 && body != null && body.contains("\"identity\"")) {
                // It arrives, and its answer does not.
                lost.add(route.fetch().status());
                route.abort();
            } else {
                route.resume();
            }
        });
        chat.call("identify('" + TestingStage.vouched(key, identityKey, "alice") + "')");
        assertThat(lost).containsExactly(201, 201);
        assertThat(times(chat, "error")).isZero();
        if (!guest) {
            chat.open();
        }
        chat.echo("hello");
        assertThat(STAGE.answerer.turns.getLast().customer()).isEqualTo("alice");
        assertThat(chat.said()).hasText("hello");
    }

    private static String vouched(TestingServer.Made key, String customer) {
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        return TestingStage.vouched(key, identityKey, customer);
    }

    @Test
    void messageThatIsSentRightAfterAnIdentityIsTheCustomers() {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(listening(), key);
        Object taken = chat.host()
                .evaluate(
                        "(element, jwt) => { element.identify(jwt); return element.send('at once'); }",
                        vouched(key, "alice"));
        assertThat(taken).isEqualTo(true);
        assertThat(heard(chat, "message").get("text")).isEqualTo("at once");
        assertThat(times(chat, "error")).isZero();
        assertThat(STAGE.answerer.turns).hasSize(1);
        assertThat(STAGE.answerer.turns.getFirst().customer()).isEqualTo("alice");
        chat.open();
        assertThat(chat.said()).hasText("at once");
        assertThat(chat.reply()).hasText("at once");
    }

    /** What is typed while the identity is on its way, and while the guest's session before it is. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageThatIsTypedBeforeItIsKnownWhoTheVisitorIsIsTheCustomers(boolean before) {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(listening(), key).open();
        List<Route> held = new CopyOnWriteArrayList<>();
        chat.page().route("**/assistant/v1/sessions", held::add);
        String identify = "(element, jwt) => { window.known = element.identify(jwt); }";
        if (before) {
            chat.host().evaluate(identify, vouched(key, "alice"));
        }
        chat.send("typed");
        chat.page().waitForCondition(() -> !held.isEmpty());
        if (!before) {
            chat.host().evaluate(identify, vouched(key, "alice"));
        }
        chat.page().unroute("**/assistant/v1/sessions");
        held.forEach(Route::resume);
        assertThat(chat.reply()).hasText("typed");
        assertThat(chat.said()).hasText("typed");
        chat.page().evaluate("() => window.known");
        assertThat(STAGE.answerer.turns).hasSize(1);
        assertThat(STAGE.answerer.turns.getFirst().customer()).isEqualTo("alice");
        heard(chat, "message");
        assertThat(times(chat, "error")).isZero();
    }

    @Test
    void messageOfAFormerCustomerThatStillWaitsIsNotTheNextOnes() {
        TestingServer.Made key = STAGE.key("{}");
        Answer identityKey = STAGE.server.owner.post(key.path() + "/identity-keys", "{}");
        TestingChat chat = STAGE.visit(listening(), key).open();
        chat.call("identify('" + TestingStage.vouched(key, identityKey, "alice") + "')");
        chat.echo("hello");
        chat.page().route("**/messages", Route::abort);
        chat.send("a secret");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.host()
                .evaluate(
                        "(element, jwt) => { window.known = element.identify(jwt); element.send('of the second'); }",
                        TestingStage.vouched(key, identityKey, "bob"));
        chat.page().evaluate("() => window.known");
        chat.page().unroute("**/messages");
        assertThat(chat.reply()).hasText("of the second");
        assertThat(chat.said()).hasText("of the second");
        assertThat(STAGE.answerer.turns.stream().map(turn -> turn.question() + " of " + turn.customer()))
                .containsExactly("hello of alice", "of the second of bob");
    }

    @Test
    void messageOfThePageThatIsTooLongIsNotSentAndThePageIsTold() {
        TestingChat chat = STAGE.visit(listening(), "{}").open();
        chat.call("send('x'.repeat(8_001))");
        assertThat(heard(chat, "error")).isEqualTo(Map.of("code", "TEXT_TOO_LONG"));
        assertThat(chat.said()).hasCount(0);
    }

    @Test
    void keyThatIsNoneIsToldToThePageAndCallsEndAllTheSame() {
        Page page = listening();
        STAGE.shop.show("kr_web_nonsense", "");
        page.addInitScript(
                "(window.keyrackAssistant ??= []).push(async a => { await a.open(); await a.logout(); window.done = true; })");
        TestingChat chat = STAGE.go(page);
        assertThat(heard(chat, "error")).isEqualTo(Map.of("code", "UNKNOWN"));
        chat.until("window.done");
        assertThat(chat.launcher()).hasCount(0);
    }

    /** A button that cannot be talked to is worse than none: the developer sees at once that something is missing. */
    @Test
    void tokenThatWasCopiedInPartShowsNoButton() {
        Page page = listening();
        STAGE.shop.show(STAGE.key("{}").token().substring(0, 21) + "…", "");
        TestingChat chat = STAGE.go(page);
        assertThat(heard(chat, "error")).isEqualTo(Map.of("code", "UNKNOWN"));
        assertThat(chat.launcher()).hasCount(0);
    }
}
