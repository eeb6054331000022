package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: however the line between a visitor and Keyrack breaks, each message arrives once and each answer is whole. */
class ComponentNetworkTest {
    /** It comes in two pieces, each with a half of the emphasis. */
    private static final String ANSWER = "*ü 🎉*";

    private static final String SHOWN = "ü 🎉";

    /** So many visitors at once try what is to be tried a thousand times. */
    private static final int LINES = 4;

    /** Waits between two tries pass twenty times as fast. */
    private static final String HASTE = """
            const real = window.setTimeout;
            window.setTimeout = (work, wait, ...more) => real(work, wait > 200 && wait <= 8_000 ? wait / 20 : wait, ...more);
            """;

    /** Without a look in between: what is waited for is waited for a thousand times. */
    private static final String ASK = """
            (element, text) => {
              window.answered = new Promise((done, failed) => {
                element.addEventListener("message", done, { once: true });
                setTimeout(() => failed(new Error("no answer came")), 30_000);
              });
              void element.send(text);
            }""";

    /** How many messages that arrived and complete answers there are then, and the newest of each. */
    private static final String ANSWERED = """
            element => window.answered.then(() => {
              const all = part => [...element.shadowRoot.querySelectorAll(part)].map(({ textContent }) => textContent);
              const said = all("[part~=visitor-message][data-state=complete] [part~=visitor-text]");
              const answered = all("[part~=assistant-message][data-state=complete] [part~=assistant-text]");
              return [said.length, said.at(-1), answered.length, answered.at(-1)];
            })""";

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private final List<Line> lines = new ArrayList<>();

    @AfterEach
    void close() {
        lines.forEach(Line::close);
    }

    private Line line(Page page) {
        TestingCuts cuts = TestingCuts.before(STAGE.url);
        TestingShop shop = TestingShop.start(cuts.url());
        TestingServer.Made key =
                STAGE.server.make("web", ",'restrictions':{'websites':['" + shop.origin("shop") + "']}");
        shop.show(key.token(), "");
        page.navigate(shop.origin("shop") + "/");
        Line line = new Line(cuts, shop, new TestingChat(page).open());
        lines.add(line);
        return line;
    }

    /** A visitor with a line of their own to Keyrack. */
    private record Line(TestingCuts cuts, TestingShop shop, TestingChat chat) {
        /** Asks over a line that is cut. */
        void ask(int... bytes) {
            cuts.plan(bytes);
            chat.host().evaluate(ASK, ANSWER);
        }

        /** Requires so many answers, the newest of them whole and as often as it was asked for. */
        void answered(int times) {
            assertThat(chat.host().evaluate(ANSWERED)).isEqualTo(List.of(times, ANSWER, times, SHOWN));
        }

        void close() {
            shop.close();
            cuts.close();
        }
    }

    private static Page hasty() {
        Page page = STAGE.browser.page();
        page.addInitScript(HASTE);
        return page;
    }

    /** Every byte of the stream of an answer, from its first comment to the empty line after its last event. */
    @Test
    void answerIsWholeAtWhicheverByteItsStreamIsCut() {
        int[] next = new int[LINES];
        for (int i = 0; i < LINES; i++) {
            line(hasty());
            next[i] = i;
        }
        int asked = 0;
        boolean more = true;
        while (more) {
            STAGE.forgetCounts();
            asked++;
            int[] before = new int[LINES];
            for (int i = 0; i < LINES; i++) {
                before[i] = lines.get(i).cuts().cut.get();
                lines.get(i).ask(next[i]);
            }
            more = false;
            for (int i = 0; i < LINES; i++) {
                Line line = lines.get(i);
                line.answered(asked);
                if (line.cuts().cut.get() > before[i]) {
                    next[i] += LINES;
                }
                // One that had no such byte may have been shorter than others: a time may have fewer digits.
                more |= next[i] < line.cuts().longest.get();
            }
            assertThat(STAGE.answerer.turns).hasSize(LINES * asked);
        }
        int cut = lines.stream().mapToInt(line -> line.cuts().cut.get()).sum();
        assertThat(cut).isGreaterThan(450);
    }

    @Test
    void answerIsWholeWhenTheStreamIsCutAgainAndAgainWhereItGoesOn() {
        Line line = line(hasty());
        int asked = 0;
        for (int bytes = 10; bytes < 560; bytes += 90) {
            line.ask(bytes, 3, 70, 11, 0, 40);
            line.answered(++asked);
            assertThat(STAGE.answerer.turns).hasSize(asked);
        }
        assertThat(line.cuts().cut.get()).isGreaterThan(25);
    }

    @Test
    void answerGoesOnWhereItWasWhileTheAssistantIsStillWriting() {
        Line line = line(hasty());
        TestingChat chat = line.chat();
        line.cuts().plan(600);
        chat.send("wait");
        STAGE.saying("one ");
        assertThat(chat.reply()).hasText("one");
        STAGE.saying("x".repeat(600) + " ");
        STAGE.saying("two ");
        assertThat(chat.reply()).hasText("one " + "x".repeat(600) + " two");
        STAGE.says("three");
        assertThat(chat.reply()).hasText("one " + "x".repeat(600) + " two three");
        assertThat(chat.part("rating")).hasCount(2);
        assertThat(line.cuts().cut.get()).isEqualTo(1);
        assertThat(STAGE.answerer.turns).hasSize(1);
    }

    @Test
    void visitorIsToldThatTheConnectionIsLostAndThatItIsBack() {
        Page page = STAGE.browser.page();
        page.clock().install();
        Line line = line(page);
        TestingChat chat = line.chat();
        line.cuts().plan(600, 0, 0, 0);
        chat.send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        page.clock().pauseAt(((Number) page.evaluate("Date.now()")).longValue() + 1_000);
        STAGE.saying("y".repeat(600));
        assertThat(chat.part("notice")).hasText("The connection is lost. Trying again…");
        STAGE.says(" and all");
        page.waitForCondition(() -> {
            page.clock().runFor(1_000);
            return chat.part("notice").isHidden();
        });
        page.clock().resume();
        assertThat(chat.reply()).hasText("half " + "y".repeat(600) + " and all");
    }

    @Test
    void messageOfAVisitorWhoIsOfflineWaitsAndIsSentOnceWhenTheyAreBack() {
        TestingChat chat = STAGE.opened("{}").echo("before");
        chat.page().context().setOffline(true);
        chat.send("meanwhile");
        assertThat(chat.part("notice"))
                .hasText("You are offline. Your message will be sent as soon as you are connected again.");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.send("and more");
        assertThat(chat.said()).hasText(new String[] {"before", "meanwhile", "and more"});
        chat.page().context().setOffline(false);
        assertThat(chat.replies()).hasText(new String[] {"before", "meanwhile", "and more"});
        assertThat(chat.said()).hasText(new String[] {"before", "meanwhile", "and more"});
        assertThat(chat.log()).not().containsText("Waiting to be sent");
        assertThat(chat.part("notice")).isHidden();
        assertThat(STAGE.answerer.turns.stream().map(turn -> turn.question()))
                .containsExactly("before", "meanwhile", "and more");
    }

    @Test
    void messageThatWaitsOutlivesAReload() {
        TestingChat chat = STAGE.opened("{}").echo("before");
        chat.page().route("**/messages", Route::abort);
        chat.send("meanwhile");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.page().reload();
        assertThat(chat.said()).hasText(new String[] {"before", "meanwhile"});
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.page().unroute("**/messages");
        assertThat(chat.replies()).hasText(new String[] {"before", "meanwhile"});
        assertThat(STAGE.answerer.turns).hasSize(2);
    }

    @Test
    void messageWhoseAcceptanceWasNotHeardIsNotSaidTwice() {
        TestingChat chat = STAGE.opened("{}").echo("before");
        List<String> keys = new CopyOnWriteArrayList<>();
        chat.page().onRequest(request -> {
            if (request.method().equals("POST") && request.url().endsWith("/messages")) {
                keys.add(request.headerValue("idempotency-key"));
            }
        });
        chat.page().route("**/messages", route -> {
            // It arrives, and its answer does not.
            if (route.request().method().equals("POST")) {
                route.fetch();
            }
            route.abort();
        });
        chat.send("meanwhile");
        assertThat(chat.log()).containsText("Waiting to be sent");
        chat.page().unroute("**/messages");
        assertThat(chat.replies()).hasText(new String[] {"before", "meanwhile"});
        assertThat(keys.stream().distinct()).hasSize(1);
        assertThat(STAGE.answerer.turns).hasSize(2);
    }

    @Test
    void replyGoesOnAfterAReload() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        chat.page().reload();
        assertThat(chat.reply()).hasText("half");
        STAGE.says("whole");
        assertThat(chat.reply()).hasText("half whole");
        assertThat(chat.replies()).hasCount(1);
        assertThat(chat.part("rating")).hasCount(2);
    }

    @Test
    void stoppedReplyStopsAndSaysSo() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        chat.button("Stop the answer").click();
        assertThat(chat.log()).containsText("Stopped");
        assertThat(chat.reply()).hasText("half");
        assertThat(STAGE.answerer.cancelled).isNotEmpty();
        STAGE.answerer.pieces.clear();
        chat.echo("go on");
    }

    @Test
    void failedReplyIsTriedAgainAsTheVisitorWishes() {
        TestingChat chat = STAGE.opened("{}").send("fail");
        assertThat(chat.log()).containsText("The assistant could not answer.");
        assertThat(chat.reply()).hasText("Half");
        chat.part("retry").click();
        assertThat(chat.said()).hasText(new String[] {"fail", "fail"});
        assertThat(chat.log().getByText("The assistant could not answer.")).hasCount(2);
    }

    @Test
    void componentComesWhenKeyrackIsBack() {
        Page page = STAGE.browser.page(TestingBrowser.DESKTOP, ColorScheme.LIGHT);
        page.clock().install();
        page.route("**/assistant/v1/components/*", Route::abort);
        List<Request> failed = new CopyOnWriteArrayList<>();
        page.onRequestFailed(failed::add);
        TestingChat chat = STAGE.visit(page, "{}");
        page.waitForCondition(() -> !failed.isEmpty());
        page.unroute("**/assistant/v1/components/*");
        assertThat(chat.launcher()).isVisible();
    }

    /** After an upgrade the page may still have a script that asks for a chat of before. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void visitorIsToldThatTheChatCannotBeLoadedAndTheNextPressTriesAgain(boolean gone) {
        String told = "The chat cannot be loaded. Reload the page.";
        Page page = STAGE.browser.page();
        List<String> console = new CopyOnWriteArrayList<>();
        page.onConsoleMessage(message -> console.add(message.text()));
        page.route("**/chunks/chat-*", route -> {
            if (gone) {
                route.fulfill(new Route.FulfillOptions().setStatus(404));
            } else {
                route.abort();
            }
        });
        TestingChat chat = STAGE.visit(page, "{}");
        assertThat(chat.launcher()).hasAccessibleName("Open chat");
        chat.launcher().click();
        assertThat(chat.launcher()).hasAccessibleName(told);
        assertThat(chat.launcher()).hasAttribute("title", told);
        assertThat(chat.part("badge")).hasText("!");
        assertThat(console)
                .anyMatch(line -> line.startsWith("keyrack-assistant: UNREACHABLE. " + STAGE.url)
                        && line.contains(" is unreachable, newer than this page's script, "));
        TestingBrowser.axe(page);
        page.unroute("**/chunks/chat-*");
        chat.open().echo("hello");
        assertThat(chat.launcher()).hasAccessibleName("Close chat");
        assertThat(chat.launcher()).not().hasAttribute("title", told);
        assertThat(chat.part("badge")).isHidden();
    }
}
