package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Notes what begins to move in the component. */
    private static final String MOVES = """
            window.moves = [];
            addEventListener("ready", ({ target: { shadowRoot } }) => {
              for (const name of ["animationstart", "transitionrun"])
                shadowRoot.addEventListener(name, ({ animationName, propertyName }) => moves.push(animationName ?? propertyName));
            }, true);
            """;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingMovesForVisitorsWhoWantLessMotion(boolean less) {
        Page page = less ? STAGE.browser.page() : STAGE.moving();
        page.addInitScript(MOVES);
        TestingChat chat = STAGE.visit(page, "{'prompts':{'texts':['Need a hand?']}}");
        assertThat(chat.part("prompt")).isVisible();
        chat.launcher().hover();
        chat.open().send("wait");
        assertThat(chat.log().locator("[data-empty]")).isVisible();
        if (!less) {
            for (String move : List.of("arrive", "unfold", "rise", "breathe", "transform", "opacity")) {
                chat.until("moves.includes('" + move + "')");
            }
        }
        STAGE.says("hello");
        assertThat(chat.part("rating")).hasCount(2);
        page.keyboard().press("Escape");
        assertThat(chat.dialog()).isHidden();
        if (less) {
            assertThat(page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>"
                            + " done(moves))))"))
                    .isEqualTo(List.of());
        }
    }

    /** Every button that is seen, with the contrast of its text and of its border to what they stand on. */
    private static final String FORCED = """
            element => {
              const canvas = document.body.appendChild(document.createElement("p"));
              canvas.style.backgroundColor = "Canvas";
              const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = colour => rgb(colour).slice(0, 3).map(part => part / 255)
                .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
              const back = at => at === null ? getComputedStyle(canvas).backgroundColor
                : rgb(getComputedStyle(at).backgroundColor)[3] === 0 ? back(at.parentElement) : getComputedStyle(at).backgroundColor;
              const contrast = (one, other) => {
                const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
                return (high + 0.05) / (low + 0.05);
              };
              const found = [...element.shadowRoot.querySelectorAll("button")].filter(button => button.getClientRects().length > 0)
                .map(button => {
                  const style = getComputedStyle(button);
                  return { part: button.getAttribute("part"), text: contrast(style.color, back(button)),
                    border: parseFloat(style.borderTopWidth) >= 1 ? contrast(style.borderTopColor, back(button.parentElement)) : 0 };
                });
              canvas.remove();
              return found;
            }""";

    @Test
    void buttonsAreSeenWhereColoursAreForced() {
        Page page = STAGE.browser.page();
        page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
        TestingChat chat = STAGE.visit(
                page,
                "{'prompts':{'texts':['Need a hand?']},'expand':true,'messageLimit':{'messages':2,'text':'Enough.'}}");
        assertThat(chat.part("prompt")).isVisible();
        Set<Object> bordered = new HashSet<>(seen(chat, "button", "prompt-text", "prompt-dismiss"));
        chat.open().echo("hello");
        bordered.addAll(seen(chat, "button", "send", "rating", "close", "expand", "new-conversation"));
        chat.send("wait");
        assertThat(chat.part("stop")).isVisible();
        bordered.addAll(seen(chat, "stop", "limit-new-conversation"));
        assertThat(bordered).contains("button", "send", "stop", "limit-new-conversation");
    }

    /** Requires that these are among the buttons whose text or drawing can be seen. @return those that have a border */
    private static List<Object> seen(TestingChat chat, String... parts) {
        List<?> buttons = (List<?>) chat.host().evaluate(FORCED);
        List<Map<?, ?>> all =
                buttons.stream().<Map<?, ?>>map(button -> (Map<?, ?>) button).toList();
        assertThat(all).extracting(button -> (Object) button.get("part")).contains((Object[]) parts);
        assertThat(all)
                .allSatisfy(button -> assertThat(number(button.get("text"))).isGreaterThan(4.5));
        return all.stream()
                .filter(button -> number(button.get("border")) > 3)
                .<Object>map(button -> button.get("part"))
                .toList();
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }
}
