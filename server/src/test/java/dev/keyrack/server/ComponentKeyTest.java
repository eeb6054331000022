package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.browser.TestingBrowser;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise: what is done to a key takes effect on a conversation that is open, with words that its visitor understands. */
class ComponentKeyTest {
    private static final String GONE = "This assistant is no longer available.";
    private static final String OFF = "This assistant is switched off at the moment.";
    private static final String ELSEWHERE = "This assistant cannot be used on this page.";

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /** How a key comes to be no good here, and what a visitor is told. */
    enum End {
        REVOKED(GONE, (server, key) -> server.owner.delete(key.path())),
        DISABLED(OFF, (server, key) -> server.owner.post(key.path() + "/disable")),
        EXPIRED(
                GONE,
                (server, key) -> server.owner.patch(
                        key.path(), "{'expiresAt':'" + Instant.now().plusSeconds(2) + "'}")),
        WEBSITE_NOT_ALLOWED(
                ELSEWHERE,
                (server, key) ->
                        server.owner.patch(key.path(), "{'restrictions':{'websites':['https://example.com']}}")),
        NETWORK_NOT_ALLOWED(
                ELSEWHERE,
                (server, key) -> server.owner.patch(key.path(), "{'restrictions':{'networks':['192.0.2.1']}}")),
        PERMISSION_DENIED(GONE, (server, key) -> server.owner.patch(key.path(), "{'permissions':[]}")),
        SUSPENDED(OFF, (server, key) -> server.owner.post(other(server) + "/suspend"));

        private final String text;
        private final BiConsumer<TestingServer, TestingServer.Made> deed;

        End(String text, BiConsumer<TestingServer, TestingServer.Made> deed) {
            this.text = text;
            this.deed = deed;
        }

        void befalls(TestingServer.Made key) {
            deed.accept(STAGE.server, key);
        }

        /** One that it can befall: the organization that runs the installation cannot be suspended. */
        TestingServer.Made key() {
            return this == SUSPENDED ? STAGE.server.makeOther() : STAGE.key("{}");
        }
    }

    private static String other(TestingServer server) {
        return "/api/v1/organizations/" + server.otherOrganization;
    }

    @AfterEach
    void resume() {
        STAGE.server.owner.post(other(STAGE.server) + "/resume");
    }

    private static void over(TestingChat chat, End end) {
        assertThat(chat.part("limit")).hasText(end.text);
        assertThat(chat.announced()).hasText(end.text);
        assertThat(chat.input()).hasCount(0);
        assertThat(chat.button("Stop the answer")).hasCount(0);
    }

    @ParameterizedTest
    @EnumSource
    void conversationThatIsOpenEndsWithClearWords(End end) {
        TestingServer.Made key = end.key();
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("hello");
        end.befalls(key);
        if (end == End.EXPIRED) {
            chat.page().waitForCondition(() -> STAGE.server.code(key.token()).equals("EXPIRED"));
        }
        chat.send("are you there?");
        over(chat, end);
        assertThat(chat.said()).hasText(new String[] {"hello", "are you there?"});
        assertThat(STAGE.answerer.turns).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void replyThatStreamsEndsWithClearWords(End end) {
        TestingServer.Made key = end.key();
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        end.befalls(key);
        over(chat, end);
        assertThat(chat.reply()).hasText("half");
        assertThat(underWay(chat)).hasCount(0);
    }

    private static Locator underWay(TestingChat chat) {
        return chat.log().locator("[data-state=streaming]");
    }

    /** Nor does anything move on for ever, which would say that it is still coming. */
    @Test
    void replyThatHasNotBegunIsNotWaitedForAnyLonger() {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().send("wait");
        assertThat(underWay(chat)).hasAttribute("data-empty", "");
        End.REVOKED.befalls(key);
        over(chat, End.REVOKED);
        assertThat(underWay(chat)).hasCount(0);
        assertThat(chat.reply()).isHidden();
        assertThat(chat.log()).containsText("Stopped");
    }

    @ParameterizedTest
    @EnumSource
    void pageThatIsOpenedThenShowsNoButtonAndTellsItsDeveloperWhy(End end) {
        TestingServer.Made key = end.key();
        end.befalls(key);
        Page page = STAGE.browser.page();
        if (end == End.EXPIRED) {
            page.waitForCondition(() -> STAGE.server.code(key.token()).equals("EXPIRED"));
        }
        page.addInitScript(
                "addEventListener('error', e => { if (e.detail?.code) window.refused = e.detail.code; }, true)");
        List<String> console = new java.util.concurrent.CopyOnWriteArrayList<>();
        page.onConsoleMessage(message -> console.add(message.text()));
        TestingChat chat = STAGE.visit(page, key);
        chat.until("window.refused");
        assertThat(page.evaluate("refused")).isEqualTo(end.name());
        assertThat(chat.launcher()).hasCount(0);
        assertThat(console).anyMatch(line -> line.startsWith("keyrack-assistant: " + end.name() + ". "));
        assertThat(console).noneMatch(line -> line.contains(key.token()));
    }

    @Test
    void keyThatIsEnabledAgainWorksAgain() {
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open().echo("hello");
        End.DISABLED.befalls(key);
        chat.send("are you there?");
        over(chat, End.DISABLED);
        TestingBrowser.axe(chat.page());
        STAGE.server.owner.post(key.path() + "/enable");
        chat.tool("New conversation").click();
        assertThat(chat.input()).isFocused();
        chat.echo("here again");
        chat.page().reload();
        assertThat(chat.said()).hasText("here again");
    }

    @Test
    void visitorIsToldThatAMessageIsTooLongAndCanMakeItShorter() {
        TestingChat chat = STAGE.opened("{}");
        String longest = "🎉".repeat(8_000);
        chat.input().fill(longest + "x");
        chat.input().press("Enter");
        assertThat(chat.part("notice")).hasText("This message is too long.");
        assertThat(chat.part("notice")).hasRole(AriaRole.STATUS);
        assertThat(chat.input()).hasValue(longest + "x");
        assertThat(chat.said()).hasCount(0);
        chat.input().press("Backspace");
        assertThat(chat.part("notice")).isHidden();
        chat.input().press("Enter");
        assertThat(chat.reply()).hasText(longest);
        assertThat(chat.input()).hasValue("");
    }

    @Test
    void tooManyConversationsArePausedAndTheMessageIsSentAfterThePause() {
        TestingServer.Made key = STAGE.key("{}");
        Page page = STAGE.browser.page();
        page.clock().install();
        TestingChat chat = STAGE.visit(page, key).open();
        for (int i = 0; i < 5; i++) {
            chat.echo("hello " + i);
            chat.tool("New conversation").click();
            assertThat(chat.said()).hasCount(0);
        }
        chat.send("one too many");
        assertThat(chat.part("notice")).hasText("That was a lot at once. Your message will be sent in 5 minutes.");
        assertThat(chat.log()).containsText("Waiting to be sent");
        STAGE.forgetCounts();
        page.clock().fastForward(301_000);
        assertThat(chat.reply()).hasText("one too many");
        assertThat(chat.part("notice")).isHidden();
    }
}
