package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: however the line between a visitor and Keyrack breaks, each message arrives once and each answer is whole. */
class ComponentNetworkTest {
    private static final String ANSWER = "Grüße 🎉 an *alle* 日本";
    private static final String SHOWN = "Grüße 🎉 an alle 日本";

    /** Waits between two tries pass twenty times as fast. */
    private static final String HASTE = """
            const real = window.setTimeout;
            window.setTimeout = (work, wait, ...more) => real(work, wait > 200 && wait <= 8_000 ? wait / 20 : wait, ...more);
            """;

    /** So many answers have come to their end. */
    private static final String FINISHED = """
            document.querySelector("keyrack-assistant").shadowRoot
                .querySelectorAll("[part~=assistant-message][data-state=complete]").length ===
            """;

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private TestingCuts cuts;
    private TestingShop shop;

    @BeforeEach
    void start() {
        cuts = TestingCuts.before(STAGE.url);
        shop = TestingShop.start(cuts.url());
    }

    @AfterEach
    void stop() {
        shop.close();
        cuts.close();
    }

    private TestingChat visit(Page page) {
        TestingServer.Made key =
                STAGE.server.make("web", ",'restrictions':{'websites':['" + shop.origin("shop") + "']}");
        shop.show(key.token(), "");
        page.navigate(shop.origin("shop") + "/");
        return new TestingChat(page).open();
    }

    private static Page hasty() {
        Page page = STAGE.browser.page();
        page.addInitScript(HASTE);
        return page;
    }

    /** Asks for the answer over a line that is cut, and requires it whole, once, asked for once. */
    private void answeredInSpiteOf(TestingChat chat, int... bytes) {
        int asked = STAGE.answerer.turns.size();
        cuts.plan(bytes);
        chat.send(ANSWER);
        // As soon as it is there: a hundred answers are waited for.
        chat.until(FINISHED + (asked + 1));
        assertThat(chat.replies().allTextContents()).hasSize(asked + 1).last().isEqualTo(SHOWN);
        assertThat(chat.said().allTextContents()).hasSize(asked + 1).last().isEqualTo(ANSWER);
        assertThat(STAGE.answerer.turns).hasSize(asked + 1);
    }

    @Test
    void answerIsWholeWhereverItsStreamIsCut() {
        TestingChat chat = visit(hasty());
        chat.echo("first");
        int bytes = 0;
        for (int cutsBefore = -1; cutsBefore < cuts.cut.get(); bytes += 5) {
            cutsBefore = cuts.cut.get();
            STAGE.forgetCounts();
            answeredInSpiteOf(chat, bytes);
        }
        // It was cut at least in each of its events, and from its beginning to its end.
        assertThat(bytes).isGreaterThan(600);
        assertThat(cuts.cut.get()).isGreaterThan(120);
    }

    @Test
    void answerIsWholeWhenTheStreamIsCutAgainAndAgainWhereItGoesOn() {
        TestingChat chat = visit(hasty());
        chat.echo("first");
        for (int bytes = 150; bytes < 700; bytes += 90) {
            answeredInSpiteOf(chat, bytes, 3, 70, 11, 0, 40);
        }
        assertThat(cuts.cut.get()).isGreaterThan(25);
    }

    @Test
    void answerGoesOnWhereItWasWhileTheAssistantIsStillWriting() {
        TestingChat chat = visit(hasty());
        cuts.plan(600);
        chat.send("wait");
        STAGE.saying("one ");
        assertThat(chat.reply()).hasText("one");
        STAGE.saying("x".repeat(600) + " ");
        STAGE.saying("two ");
        assertThat(chat.reply()).hasText("one " + "x".repeat(600) + " two");
        STAGE.says("three");
        assertThat(chat.reply()).hasText("one " + "x".repeat(600) + " two three");
        assertThat(chat.part("rating")).hasCount(2);
        assertThat(cuts.cut.get()).isEqualTo(1);
        assertThat(STAGE.answerer.turns).hasSize(1);
    }

    @Test
    void visitorIsToldThatTheConnectionIsLostAndThatItIsBack() {
        Page page = STAGE.browser.page();
        page.clock().install();
        TestingChat chat = visit(page);
        cuts.plan(600, 0, 0, 0);
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
}
