package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the web component can be used by everybody, in every state, by keyboard and by ear, on a small screen and a large. */
class ComponentAccessTest {
    private static final String ALL = "'prompts':{'texts':['Need a hand?']},'expand':true,"
            + "'privacyUrl':'https://example.com/p','termsUrl':'https://example.com/t','introMessages':['Hello']";

    /** WCAG 2.2, 1.4.10. */
    private static final int SMALLEST = 320;

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /**
     * What a visitor can meet, one after the other: each is looked at in light and dark, from left to right and from right to
     * left, on a large screen and a small one.
     */
    @Test
    void everyStatePassesAxeInEveryLook() {
        Page page = STAGE.browser.page();
        TestingChat chat =
                STAGE.visit(page, "{" + ALL + ",'messageLimit':{'messages':4,'text':'That is all for today.'}}");
        assertThat(chat.part("prompt")).isVisible();
        looksWell(chat, "with a prompt");
        chat.part("prompt-dismiss").click();
        looksWell(chat, "closed");
        chat.open();
        looksWell(chat, "open");
        chat.send("wait");
        STAGE.saying("# Heading\n\nSome *text* with a [link](https://example.com) and `code`.\n\n- one\n- two\n\n"
                + "```\nlong " + "code ".repeat(40) + "\n```\n\n> quoted\n\n");
        assertThat(chat.reply()).containsText("quoted");
        looksWell(chat, "streaming");
        STAGE.says("| a | b |\n|---|---|\n| " + "wide ".repeat(20) + " | " + "wider ".repeat(20) + " |\n");
        assertThat(chat.part("rating")).hasCount(2);
        looksWell(chat, "answered");
        chat.send("fail");
        assertThat(chat.part("retry")).isVisible();
        looksWell(chat, "error");
        page.context().setOffline(true);
        chat.send("later");
        assertThat(chat.part("notice")).isVisible();
        looksWell(chat, "offline");
        page.context().setOffline(false);
        assertThat(chat.reply()).hasText("later");
        chat.send("last");
        assertThat(chat.part("limit")).isVisible();
        looksWell(chat, "limit reached");
        chat.part("expand").click();
        assertThat(chat.host().locator(".expanded")).isAttached();
        looksWell(chat, "expanded");
    }

    /** The state stays as it is, and so does the page: only what it is looked at with changes. */
    private static void looksWell(TestingChat chat, String state) {
        Page page = chat.page();
        for (int width : List.of(SMALLEST, TestingBrowser.DESKTOP)) {
            page.setViewportSize(width, page.viewportSize().height);
            for (String language : List.of("ar", "en")) {
                chat.host().evaluate("(element, language) => element.setAttribute('lang', language)", language);
                assertThat(chat.host().locator(".kr")).hasAttribute("dir", language.equals("ar") ? "rtl" : "ltr");
                for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
                    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                    // Until it is laid out and drawn that way.
                    page.evaluate(
                            "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
                    looksWellSo(chat, state + ", " + width + " pixels, " + language + ", " + scheme);
                }
            }
        }
    }

    private static void looksWellSo(TestingChat chat, String state) {
        TestingBrowser.axe(chat.page());
        TestingBrowser.fits(chat.page());
        assertThat((List<?>) chat.host().evaluate("""
                element => {
                  const found = [];
                  for (const at of element.shadowRoot.querySelectorAll("*")) {
                    if (!at.checkVisibility({ opacityProperty: true }) || at.closest(".unseen, svg")) continue;
                    const box = at.getBoundingClientRect();
                    // What is wider than it scrolls within itself.
                    const scrolls = at.parentElement?.closest("pre, .table") != null;
                    if (!scrolls && box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5)) found.push("wide: " + at.outerHTML);
                    const inText = at.closest("p, li, td, th, blockquote") !== null;
                    if (at.matches("button, textarea, a") && !inText && (box.width < 24 || box.height < 24)) found.push("small: " + at.outerHTML);
                  }
                  return found;
                }""")).as(state).isEmpty();
    }

    @Test
    void chatFillsTheScreenOfAPhoneAndCanBeClosedThere() {
        Page page = STAGE.browser.page(TestingBrowser.PHONE, ColorScheme.LIGHT);
        TestingChat chat =
                STAGE.visit(page, "{'closeButton':false,'expand':true}").open();
        assertThat(chat.dialog()).hasAttribute("aria-modal", "true");
        assertThat(chat.dialog().boundingBox())
                .usingRecursiveComparison()
                .comparingOnlyFields("x", "y", "width", "height")
                .isEqualTo(box(0, 0, TestingBrowser.PHONE, page.viewportSize().height));
        assertThat(chat.tool("Expand")).hasCount(0);
        assertThat(chat.input()).hasCSS("font-size", "16px");
        // The keyboard stays within what is seen.
        for (int i = 0; i < 8; i++) {
            page.keyboard().press(i % 3 == 2 ? "Shift+Tab" : "Tab");
            assertThat(chat.host()
                            .evaluate("element => element.shadowRoot.activeElement?.closest('[role=dialog]') != null"))
                    .isEqualTo(true);
        }
        chat.tool("Close chat").click();
        assertThat(chat.dialog()).isHidden();
        assertThat(chat.launcher()).isFocused();
    }

    private static com.microsoft.playwright.options.BoundingBox box(double x, double y, double width, double height) {
        var box = new com.microsoft.playwright.options.BoundingBox();
        box.x = x;
        box.y = y;
        box.width = width;
        box.height = height;
        return box;
    }

    @Test
    void chatIsUsedByKeyboardAlone() {
        TestingChat chat = STAGE.visit("{}");
        assertThat(chat.launcher()).hasAttribute("aria-expanded", "false");
        chat.page().keyboard().press("Tab");
        assertThat(chat.launcher()).isFocused();
        chat.page().keyboard().press("Enter");
        assertThat(chat.input()).isFocused();
        assertThat(chat.launcher()).hasAttribute("aria-expanded", "true");
        chat.page().keyboard().type("one");
        chat.page().keyboard().press("Shift+Enter");
        chat.page().keyboard().type("two");
        chat.page().keyboard().press("Enter");
        assertThat(chat.said()).hasText("one\ntwo");
        assertThat(chat.input()).hasValue("");
        // What is said to a closed chat is unread, and its button says so.
        assertThat(chat.announced()).containsText("Assistant:");
        chat.page().keyboard().press("Escape");
        assertThat(chat.dialog()).isHidden();
        assertThat(chat.launcher()).isFocused();
        // It closes from the button as well.
        chat.launcher().press("Enter");
        chat.launcher().press("Escape");
        assertThat(chat.dialog()).isHidden();
        assertThat(chat.launcher()).hasAccessibleName("Open chat");
        assertThat(chat.launcher()).hasAttribute("aria-expanded", "false");
    }

    @Test
    void enterOfAnInputMethodDoesNotSend() {
        TestingChat chat = STAGE.opened("{}");
        chat.input().fill("に");
        chat.input()
                .evaluate("input => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true,"
                        + " bubbles: true, cancelable: true }))");
        assertThat(chat.said()).hasCount(0);
        assertThat(chat.input()).hasValue("に");
    }

    @Test
    void logIsSilentWhileAReplyStreamsAndTheFinishedTextIsAnnouncedOnce() {
        TestingChat chat = STAGE.opened("{}");
        assertThat(chat.log()).hasAttribute("aria-live", "off");
        chat.host().evaluate("""
                element => {
                  window.spoken = [];
                  const at = element.shadowRoot.querySelector("[aria-live=polite]");
                  new MutationObserver(() => spoken.push(at.textContent)).observe(at, { childList: true, characterData: true, subtree: true });
                }""");
        chat.send("wait");
        STAGE.saying("The *first* ");
        assertThat(chat.reply()).hasText("The first");
        assertThat(chat.log()).hasAttribute("aria-busy", "true");
        STAGE.saying("and the second ");
        assertThat(chat.reply()).hasText("The first and the second");
        STAGE.says("part.");
        assertThat(chat.announced()).hasText("Assistant: The first and the second part.");
        assertThat(chat.log()).not().hasAttribute("aria-busy", "true");
        assertThat(chat.page().evaluate("spoken"))
                .isEqualTo(List.of("The assistant is writing…", "Assistant: The first and the second part."));
    }

    @Test
    void partsOfAReplyAreReadOutOneByOne() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.says("# One\n\nTwo  \nthree\n\n- four\n- five\n\n| six | seven |\n|---|---|\n| *eight* | `nine` |\n");
        assertThat(chat.part("rating")).hasCount(2);
        assertThat(chat.announced().textContent())
                .isEqualTo("Assistant: One\nTwo\nthree\nfour\nfive\nsix\nseven\neight\nnine");
    }

    @Test
    void failureIsAnnouncedToo() {
        TestingChat chat = STAGE.opened("{}").send("fail");
        assertThat(chat.announced()).hasText(Pattern.compile("The assistant could not answer\\.$"));
    }

    @Test
    void repliesThatComeWhileTheChatIsClosedAreCountedOnTheButton() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        assertThat(chat.button("Stop the answer")).isVisible();
        chat.page().keyboard().press("Escape");
        STAGE.says("Done.");
        assertThat(chat.launcher()).hasAccessibleName("Open chat, unread messages: 1");
        assertThat(chat.part("badge")).hasText("1");
        assertThat(chat.host().getByRole(AriaRole.STATUS)).hasText("Assistant: Done.");
        TestingBrowser.axe(chat.page());
        chat.open();
        assertThat(chat.launcher()).hasAccessibleName("Close chat");
    }

    /** A region that comes with its text is not read out. */
    @Test
    void noticeIsThereBeforeItSaysSomething() {
        TestingChat chat = STAGE.opened("{}");
        assertThat(chat.dialog().getByRole(AriaRole.STATUS)).hasCount(2);
        assertThat(chat.dialog().getByRole(AriaRole.STATUS).first()).isEmpty();
        chat.input().fill("x".repeat(8_001));
        chat.input().press("Enter");
        assertThat(chat.dialog().getByRole(AriaRole.STATUS).first()).hasText("This message is too long.");
    }

    /** What a visitor can meet who is refused something. */
    @Test
    void everyRefusalPassesAxeInEveryLook() {
        TestingServer.Made key = STAGE.key("{" + ALL + "}");
        TestingChat chat = STAGE.visit(STAGE.browser.page(), key).open();
        chat.input().fill("x".repeat(8_001));
        chat.input().press("Enter");
        assertThat(chat.part("notice")).isVisible();
        looksWell(chat, "too long");
        STAGE.server.byHand("DELETE FROM visitor_counts");
        chat.input().fill("");
        chat.echo("hello");
        chat.tool("New conversation").click();
        STAGE.server.byHand("UPDATE visitor_counts SET paused_until = 9000000000000000 WHERE subject LIKE 'ca/%'");
        chat.send("one too many");
        assertThat(chat.part("notice")).isVisible();
        looksWell(chat, "too many");
        STAGE.forgetCounts();
        chat.page().reload();
        assertThat(chat.reply()).hasText("one too many");
        STAGE.server.owner.post(key.path() + "/disable");
        chat.send("are you there?");
        assertThat(chat.part("limit")).isVisible();
        looksWell(chat, "refused");
    }

    @Test
    void speakersAreToldApartByEar() {
        TestingChat chat = STAGE.opened("{}").echo("hello");
        assertThat(chat.log()).hasAccessibleName("Conversation");
        assertThat(chat.log().getByRole(AriaRole.BUTTON)).hasCount(2);
        assertThat(chat.log()).containsText(Pattern.compile("You:hello.*Assistant:hello"));
    }
}
