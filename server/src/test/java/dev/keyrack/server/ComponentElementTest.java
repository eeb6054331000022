package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: the element is one like any other: it may come late, move, go, come again, and stand beside others of its kind. */
class ComponentElementTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static String element(TestingServer.Made key, String more) {
        return "<keyrack-assistant api-key=\"" + key.token() + "\"" + more + "></keyrack-assistant>";
    }

    @Test
    void twoElementsWithTwoKeysDoNotMeet() {
        TestingServer.Made left = STAGE.key("{'title':'Left','button':{'side':'left'}}");
        TestingServer.Made right = STAGE.key("{'title':'Right'}");
        STAGE.shop.showHtml(element(left, "") + element(right, ""));
        Page page = STAGE.browser.page();
        STAGE.go(page);
        TestingChat one =
                new TestingChat(page, page.locator("keyrack-assistant").nth(0));
        TestingChat two =
                new TestingChat(page, page.locator("keyrack-assistant").nth(1));
        one.open();
        two.open();
        one.echo("to the left");
        two.echo("to the right");
        assertThat(one.said()).hasText("to the left");
        assertThat(two.said()).hasText("to the right");
        assertThat(one.dialog()).hasAccessibleName("Left");
        TestingBrowser.axe(page);
        page.reload();
        assertThat(one.said()).hasText("to the left");
        assertThat(two.said()).hasText("to the right");
    }

    /** Two places on a page for one assistant: as two tabs are, but for the page that hears of each. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoElementsWithTheSameKeyEachOpenAndTellOfWhatTheyDoOnce(boolean crossPage) {
        TestingServer.Made key = STAGE.key("{'title':'Help','crossPage':" + crossPage + "}");
        STAGE.shop.showHtml(element(key, " id=one side=left") + element(key, " id=two"));
        Page page = STAGE.browser.page();
        page.addInitScript("""
                window.heard = [];
                for (const name of ["ready", "open", "close", "send", "message", "conversation", "error"])
                  addEventListener(name, ({ target }) => target.localName === "keyrack-assistant" && heard.push(name + " " + target.id), true);
                """);
        STAGE.go(page);
        TestingChat one = new TestingChat(page, page.locator("#one"));
        TestingChat two = new TestingChat(page, page.locator("#two"));
        one.open();
        two.open();
        for (TestingChat chat : List.of(one, two)) {
            assertThat(chat.dialog()).hasAccessibleName("Help");
            assertThat(chat.input()).hasAccessibleName("Your message");
        }
        one.echo("hello");
        assertThat(two.said()).hasText(crossPage ? new String[] {"hello"} : new String[0]);
        two.echo("back");
        assertThat(one.said()).hasText(crossPage ? new String[] {"hello", "back"} : new String[] {"hello"});
        TestingBrowser.axe(page);
        page.keyboard().press("Escape");
        assertThat(two.dialog()).isHidden();
        assertThat(one.dialog()).isVisible();
        List<String> events = new ArrayList<>(List.of(
                "ready one",
                "ready two",
                "open one",
                "open two",
                "send one",
                "send two",
                "conversation one",
                "message one",
                "message two",
                "close two"));
        events.addAll(crossPage ? List.of("message one", "message two") : List.of("conversation two"));
        one.until("heard.length >= " + events.size());
        List<Object> heard = List.copyOf((List<?>) page.evaluate("heard"));
        assertThat(heard).containsExactlyInAnyOrderElementsOf(events);
        assertThat(STAGE.answerer.turns).hasSize(2);
    }

    @Test
    void movedElementLosesNothing() {
        TestingServer.Made key = STAGE.key("{'crossPage':false}");
        STAGE.shop.showHtml("<section id=one>" + element(key, "") + "</section><section id=two></section>");
        TestingChat chat = STAGE.go(STAGE.browser.page()).open().echo("before");
        chat.send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        chat.host().evaluate("element => document.querySelector('#two').append(element)");
        STAGE.says("whole");
        assertThat(chat.dialog()).isVisible();
        assertThat(chat.reply()).hasText("half whole");
        assertThat(chat.said()).hasText(new String[] {"before", "wait"});
        chat.echo("after");
        assertThat(STAGE.answerer.turns.stream()
                        .map(turn -> turn.conversationId())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void removedElementEndsAndGoesOnWhenItIsAddedAgain() {
        TestingServer.Made key = STAGE.key("{}");
        STAGE.shop.showHtml(element(key, ""));
        Page page = STAGE.browser.page();
        TestingChat chat = STAGE.go(page).open().echo("before");
        page.evaluate("() => new Promise(gone => { window.taken = document.querySelector('keyrack-assistant');"
                + " taken.remove(); setTimeout(() => setTimeout(gone)); })");
        assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.DIALOG))
                .hasCount(0);
        page.evaluate("document.body.append(taken)");
        assertThat(chat.said()).hasText("before");
        assertThat(chat.launcher()).hasCount(1);
        chat.echo("after");
    }

    /** Its events are told to whoever listens on their way there, also from outside. */
    @Test
    void elementInTheShadowOfAnotherIsUsedAndHeardOfLikeAnyOther() {
        STAGE.shop.showHtml("<div id=outer></div>");
        Page page = STAGE.browser.page();
        page.addInitScript("""
                window.heard = [];
                for (const name of ["ready", "open", "message"]) addEventListener(name, ({ detail }) => detail && heard.push(name), true);
                """);
        TestingChat chat = STAGE.go(page);
        page.evaluate("""
                key => {
                  const made = document.createElement("keyrack-assistant");
                  made.setAttribute("api-key", key);
                  document.querySelector("#outer").attachShadow({ mode: "open" }).append(made);
                }""", STAGE.key("{}").token());
        chat.open().echo("hello");
        assertThat(page.evaluate("heard")).isEqualTo(List.of("ready", "open", "message"));
    }

    @Test
    void anotherKeyStartsAnew() {
        TestingServer.Made first = STAGE.key("{'title':'First'}");
        TestingServer.Made second = STAGE.key("{'title':'Second'}");
        STAGE.shop.showHtml(element(first, ""));
        TestingChat chat = STAGE.go(STAGE.browser.page()).open().echo("to the first");
        chat.host().evaluate("(element, key) => element.setAttribute('api-key', key)", second.token());
        assertThat(chat.dialog()).hasCount(0);
        chat.open();
        assertThat(chat.dialog()).hasAccessibleName("Second");
        assertThat(chat.said()).hasCount(0);
    }

    @Test
    void elementIsThereBeforeTheScriptOrAfterIt() {
        TestingServer.Made key = STAGE.key("{}");
        STAGE.shop.showHtml("");
        Page page = STAGE.browser.page();
        STAGE.go(page);
        new TestingChat(page).until("customElements.get('keyrack-assistant')");
        page.evaluate(
                "key => { const made = document.createElement('keyrack-assistant'); made.setAttribute('api-key', key);"
                        + " document.body.append(made); }",
                key.token());
        assertThat(new TestingChat(page).launcher()).isVisible();
    }

    @Test
    void hiddenElementShowsNothing() {
        TestingServer.Made key = STAGE.key("{}");
        STAGE.shop.showHtml(element(key, " hidden"));
        Page page = STAGE.browser.page();
        page.addInitScript("addEventListener('ready', () => (window.drawn = true), true)");
        TestingChat chat = STAGE.go(page);
        chat.until("window.drawn");
        assertThat(chat.launcher()).isHidden();
        chat.host().evaluate("element => (element.hidden = false)");
        assertThat(chat.launcher()).isVisible();
    }

    @Test
    void logoutOfTheFirstElementLeavesTheConversationOfAnotherKeyAlone() {
        List<TestingChat> both = STAGE.visitAll("{'button':{'side':'left'}}", "{}");
        both.getFirst().open().echo("to the first");
        both.getLast().open().echo("to the second");
        both.getFirst().page().evaluate("keyrackAssistant.push(assistant => assistant.logout())");
        assertThat(both.getFirst().dialog()).isHidden();
        both.getLast().echo("again");
        assertThat(both.getLast().said()).hasText(new String[] {"to the second", "again"});
        assertThat(both.getFirst().open().said()).hasCount(0);
        assertThat(STAGE.answerer.turns.stream().map(turn -> turn.visitorId()).distinct())
                .hasSize(2);
    }

    /** The id of a key is no secret; it says what is shown, and lets nobody in. */
    @Test
    void elementThatHasTheIdOfAKeyInPlaceOfItsTokenOpensNoSessionOnAPageOfSomebodyElse() {
        TestingServer.Made key = STAGE.key("{'title':'Kiln & Clay'}");
        STAGE.shop.showHtml("<keyrack-assistant key-id=\"" + key.id() + "\"></keyrack-assistant>");
        TestingChat chat = STAGE.go(STAGE.browser.page()).open();
        assertThat(chat.dialog()).hasAccessibleName("Kiln & Clay");
        chat.send("hello");
        assertThat(chat.log()).containsText("Not sent");
        assertThat(STAGE.answerer.turns).isEmpty();
    }
}
