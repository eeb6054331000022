package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the web component heeds what a visitor's device is set to: a keyboard on its screen, less motion, forced colours. */
class ComponentOnDevicesTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /** Stands for a phone, whose keyboard covers a part of the window: the test says what is seen of it. */
    private static final String SEEN = """
            const seen = new EventTarget();
            window.see = (height, offsetTop, scale = 1) => {
              Object.assign(seen, { height, offsetTop, scale });
              for (const name of ["resize", "scroll"]) seen.dispatchEvent(new Event(name));
            };
            see(innerHeight, 0);
            Object.defineProperty(window, "visualViewport", { get: () => seen });
            """;

    @Test
    void composerStaysAboveTheKeyboardOfAPhone() {
        Page page = STAGE.browser.page(TestingBrowser.PHONE, ColorScheme.LIGHT);
        page.addInitScript(SEEN);
        TestingChat chat = STAGE.visit(page, "{}").open();
        int whole = page.viewportSize().height;
        fills(chat, 0, whole);
        page.evaluate("see(420, 0)");
        fills(chat, 0, 420);
        // The browser has moved what is seen, to show what is typed.
        page.evaluate("see(420, 130)");
        fills(chat, 130, 420);
        chat.echo("typed above the keyboard");
        fills(chat, 130, 420);
        page.evaluate("see(" + whole + ", 0)");
        fills(chat, 0, whole);
        // Who zooms in looks at a part of it.
        page.evaluate("see(" + whole / 2 + ", 90, 2)");
        fills(chat, 0, whole);
    }

    private static void fills(TestingChat chat, int top, int height) {
        BoundingBox panel = chat.dialog().boundingBox();
        assertThat(panel.y).isEqualTo(top);
        assertThat(panel.height).isEqualTo(height);
        for (String part : List.of("header", "input", "send")) {
            BoundingBox box = chat.part(part).boundingBox();
            assertThat(box.y).as(part).isGreaterThanOrEqualTo(top);
            assertThat(box.y + box.height).as(part).isLessThanOrEqualTo(top + height);
        }
    }
}
