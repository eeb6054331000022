package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the component keeps no page from what it does: button and prompts come when the page is idle, the chat when it is wanted. */
class ComponentIdleTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static final String OPTIONS = "{'prompts':{'texts':['Need a hand?']},'sound':true}";

    private static List<String> asked(Page page) {
        List<String> asked = new CopyOnWriteArrayList<>();
        page.onRequest(request -> {
            if (request.url().startsWith(STAGE.url)) {
                asked.add(request.url().replaceFirst(".*/assistant/", "").replaceFirst("-[0-9A-Z]{8}", ""));
            }
        });
        return asked;
    }

    @Test
    void buttonAndPromptsAreAskedForAndDrawnWhenThePageIsIdleAndTheChatIsNot() {
        Page page = STAGE.browser.page();
        page.addInitScript("""
                window.idle = [];
                window.requestIdleCallback = (work, options) => idle.push({ work, options });
                """);
        List<String> asked = asked(page);
        TestingServer.Made key = STAGE.key(OPTIONS);
        TestingChat chat = STAGE.visit(page, key);
        chat.until("window.idle.length === 1");
        // It does not wait for ever.
        assertThat(page.evaluate("idle[0].options.timeout")).isEqualTo(2_000);
        // What the page has to do comes first, however long it takes.
        page.evaluate("() => new Promise(done => setTimeout(done, 300))");
        assertThat(asked).containsExactly("v1.js");
        assertThat(chat.host().evaluate("element => element.shadowRoot.querySelectorAll('button').length"))
                .isEqualTo(0);
        page.evaluate("() => void idle[0].work()");
        assertThat(chat.launcher()).isVisible();
        assertThat(chat.part("prompt-text")).hasText("Need a hand?");
        assertThat(asked).containsExactly("v1.js", "v1/components/" + key.id(), "chunks/greeting.js");
    }

    /** As in Safari. */
    @Test
    void buttonIsDrawnWhereTheBrowserDoesNotSayThatItIsIdle() {
        Page page = STAGE.browser.page();
        page.addInitScript("delete window.requestIdleCallback");
        TestingChat chat = STAGE.visit(page, OPTIONS);
        assertThat(chat.launcher()).isVisible();
        assertThat(page.evaluate("'requestIdleCallback' in window")).isEqualTo(false);
    }

    @Test
    void pageWithoutPromptsLoadsNoneAndElementThatIsGoneBeforeThePageIsIdleAsksForNothing() {
        Page page = STAGE.browser.page();
        List<String> asked = asked(page);
        TestingServer.Made key = STAGE.key("{}");
        TestingChat chat = STAGE.visit(page, key);
        assertThat(chat.launcher()).isVisible();
        assertThat(asked).containsExactly("v1.js", "v1/components/" + key.id());
        asked.clear();
        page.addInitScript("""
                window.requestIdleCallback = work => (window.idle = work);
                """);
        page.reload();
        chat.until("window.idle");
        page.evaluate("() => new Promise(gone => { document.querySelector('keyrack-assistant').remove();"
                + " setTimeout(() => setTimeout(() => { idle(); setTimeout(gone, 300); })); })");
        assertThat(asked).containsExactly("v1.js");
    }
}
