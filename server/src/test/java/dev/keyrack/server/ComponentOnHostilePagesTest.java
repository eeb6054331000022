package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Promise: whatever a page does with its styles and its policy, the component is seen and goes on. That
 * every page here is shown under a strict policy with Trusted Types, and that nothing violates it, the browser watches.
 */
class ComponentOnHostilePagesTest {
    private static final List<String> STYLES = List.of(
            "* { all: revert !important }",
            "keyrack-assistant, button, textarea, div { display: none !important; width: 0 !important }",
            "html, head, body, main { display: block !important } body * { visibility: hidden !important; opacity: 0 !important }",
            "keyrack-assistant { all: revert !important; display: none !important }",
            "* { position: static !important; float: left !important; width: 3px !important; height: 3px !important }",
            "* { color: red !important; background: red !important; font: 3px monospace !important; border: 9px solid !important }",
            "* { pointer-events: none !important; user-select: none !important; cursor: none !important }",
            "body { transform: scale(.1); filter: blur(9px); opacity: .1; overflow: hidden; height: 1px; contain: strict }",
            "div { position: fixed; inset: 0; z-index: 2147483647; background: red }",
            "section { height: 0; overflow: hidden; opacity: 0; transform: translateX(-9999px) } :root { font-size: 1px; line-height: 0 }",
            "* { animation: x 1s infinite !important; transition: all 9s !important } @keyframes x { to { opacity: 0 } }",
            ":root { direction: rtl; writing-mode: vertical-rl; zoom: 1; text-transform: uppercase; letter-spacing: 1em }",
            "::part(button) { animation: none } * { z-index: -1 !important; clip-path: inset(50%) !important }");

    private static final Pattern INTEGRITY = Pattern.compile("\"loader\": \\{\\s*\"integrity\": \"([^\"]+)\"");

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static String element(TestingServer.Made key, String more) {
        return "<keyrack-assistant api-key=\"" + key.token() + "\"" + more + "></keyrack-assistant>";
    }

    @Test
    void stylesOfThePageDoNotGetIn() {
        TestingServer.Made key = STAGE.key("{'title':'Help','crossPage':false}");
        STAGE.shop.allowStyles();
        STAGE.shop.showHtml("<style></style><div>cover</div><section>" + element(key, "") + "</section>");
        Page page = STAGE.browser.page();
        TestingChat chat = STAGE.go(page);
        for (String css : STYLES) {
            STAGE.forgetCounts();
            anew(page, css);
            try {
                unharmed(chat);
            } catch (AssertionError e) {
                throw new AssertionError("under " + css, e);
            }
        }
    }

    /** As if the page had come with these styles: the element is a new one. */
    private static void anew(Page page, String css) {
        page.evaluate("""
                css => {
                  document.querySelector("style").textContent = css;
                  const element = document.querySelector("keyrack-assistant");
                  element.replaceWith(element.cloneNode());
                }""", css);
    }

    private static void unharmed(TestingChat chat) {
        assertThat(chat.launcher()).isVisible();
        BoundingBox box = chat.launcher().boundingBox();
        assertThat(box.width).isEqualTo(70);
        assertThat(box.x).isEqualTo(TestingBrowser.DESKTOP - 20 - 70);
        assertThat(chat.launcher()).hasCSS("background-color", "rgb(36, 87, 214)");
        chat.open();
        assertThat(chat.dialog().boundingBox().width).isEqualTo(400);
        assertThat(chat.dialog()).hasCSS("background-color", "rgb(255, 255, 255)");
        assertThat(chat.input()).hasCSS("font-size", "16px");
        assertThat(chat.input()).hasCSS("text-transform", "none");
        chat.echo("hello");
        assertThat(chat.said()).hasCSS("color", "rgb(255, 255, 255)");
        assertThat(chat.said()).hasCSS("letter-spacing", "normal");
        chat.page().keyboard().press("Escape");
        assertThat(chat.dialog()).isHidden();
    }

    @Test
    void stylesOfThePageDoNotReachAPrompt() {
        TestingServer.Made key = STAGE.key("{'prompts':{'texts':['Need a hand?']},'crossPage':false}");
        STAGE.shop.allowStyles();
        STAGE.shop.showHtml("<style></style><div>cover</div><section>" + element(key, "") + "</section>");
        Page page = STAGE.browser.page();
        TestingChat chat = STAGE.go(page);
        BoundingBox calm = promptBox(chat);
        assertThat(calm.width).isBetween(100.0, 280.0);
        for (String css : STYLES) {
            anew(page, css);
            try {
                assertThat(promptBox(chat)).usingRecursiveComparison().isEqualTo(calm);
                assertThat(chat.part("prompt")).hasCSS("background-color", "rgb(255, 255, 255)");
                assertThat(chat.part("prompt-text")).hasText("Need a hand?");
                assertThat(chat.part("prompt-text")).hasCSS("font-size", "15px");
                assertThat(chat.part("prompt-text")).hasCSS("color", "rgb(27, 31, 38)");
                assertThat(chat.part("prompt-text")).hasCSS("text-transform", "none");
                // Clicked as by a visitor: nothing lies above it, and it hears.
                chat.part("prompt-text").click();
                assertThat(chat.dialog()).isVisible();
                assertThat(chat.part("prompt")).isHidden();
                page.evaluate("sessionStorage.clear()");
                anew(page, css);
                chat.button("Dismiss").click();
                assertThat(chat.part("prompt")).hasCount(0);
                page.evaluate("sessionStorage.clear()");
            } catch (AssertionError e) {
                throw new AssertionError("under " + css, e);
            }
        }
    }

    private static BoundingBox promptBox(TestingChat chat) {
        assertThat(chat.part("prompt")).isVisible();
        return chat.part("prompt").boundingBox();
    }

    @Test
    void pageMayStyleWhatIsDocumented() {
        TestingServer.Made key = STAGE.key("{}");
        STAGE.shop.allowStyles();
        STAGE.shop.showHtml("<style>keyrack-assistant { --kr-accent: #0a7a50; --kr-size: 50px; --kr-bottom: 30px;"
                + " --kr-side: 40px; --kr-width: 300px } keyrack-assistant::part(title) { font-style: italic }</style>"
                + element(key, ""));
        TestingChat chat = STAGE.go(STAGE.browser.page());
        assertThat(chat.launcher()).hasCSS("background-color", "rgb(10, 122, 80)");
        assertThat(chat.launcher().boundingBox().width).isEqualTo(50);
        assertThat(chat.launcher().boundingBox().x).isEqualTo(TestingBrowser.DESKTOP - 40 - 50);
        chat.open();
        assertThat(chat.dialog().boundingBox().width).isEqualTo(300);
        assertThat(chat.part("title")).hasCSS("font-style", "italic");
    }

    @Test
    void pageMayOverrideLooksAndNothingElse() {
        TestingServer.Made key =
                STAGE.key("{'messageLimit':{'messages':1,'text':'Enough.'},'closeButton':false,'accent':'#000000'}");
        STAGE.shop.showHtml(element(
                key, " side=left scheme=dark accent=\"#00ff00\" lang=de closebutton=true close-button messagelimit=9"));
        TestingChat chat = STAGE.go(STAGE.browser.page());
        assertThat(chat.launcher()).hasCSS("background-color", "rgb(0, 255, 0)");
        assertThat(chat.launcher().boundingBox().x).isEqualTo(20);
        chat.host()
                .evaluate(
                        "(element, keyrack) => { window.origin = keyrack;"
                                + " element.options = { closeButton: true, title: 'Mine', messageLimit: null }; }",
                        STAGE.url);
        chat.open();
        assertThat(chat.dialog()).not().hasAccessibleName("Mine");
        assertThat(chat.dialog()).hasCSS("background-color", "rgb(21, 24, 29)");
        assertThat(chat.part("close")).hasCount(0);
        chat.send("only one");
        assertThat(chat.part("limit")).containsText("Enough.");
    }

    /** There, nothing would be remembered, and no other tab heard. */
    @Test
    void pageOfSomebodyElseIsNoPageOfKeyracksOwn() {
        TestingServer.Made key = STAGE.key("{'sound':false,'crossPage':true}");
        STAGE.shop.showHtml(element(key, " hosted preview"));
        TestingChat chat = STAGE.go(STAGE.browser.page());
        chat.open().echo("hello");
        assertThat(chat.tool("Close chat")).isVisible();
        chat.page().keyboard().press("Escape");
        assertThat(chat.dialog()).isHidden();
        chat.page().reload();
        assertThat(chat.open().said()).hasText("hello");
    }

    @Test
    void attributesThatMakeNoSenseChangeNothing() {
        TestingServer.Made key = STAGE.key("{'accent':'#800000'}");
        STAGE.shop.showHtml(element(key, " side=top scheme=pink accent=\"url(x)\" lang=\"\""));
        TestingChat chat = STAGE.go(STAGE.browser.page());
        assertThat(chat.launcher()).hasAccessibleName("Open chat");
        assertThat(chat.launcher().boundingBox().x).isGreaterThan(TestingBrowser.DESKTOP / 2.0);
        assertThat(chat.launcher()).hasCSS("background-color", "rgb(128, 0, 0)");
        // The chat brings a style sheet of its own, by which what is no colour looks like one.
        chat.open();
        for (String accent : List.of("nonsense", "rgb(0 0 0 / 50%)", "")) {
            chat.host().evaluate("(element, accent) => element.setAttribute('accent', accent)", accent);
            assertThat(chat.launcher()).hasCSS("background-color", "rgb(128, 0, 0)");
        }
        chat.host().evaluate("element => element.setAttribute('accent', '#008000')");
        assertThat(chat.launcher()).hasCSS("background-color", "rgb(0, 128, 0)");
    }

    @Test
    void messageIsSentOnceFromAFrameThatAllowsNoForms() {
        TestingServer.Made key = STAGE.key("{}");
        STAGE.shop.showHtml(element(key, ""));
        Page page = STAGE.browser.page();
        STAGE.go(page);
        page.evaluate("""
                () => {
                  const frame = document.createElement("iframe");
                  Object.assign(frame, { sandbox: "allow-scripts allow-same-origin", src: "/framed", width: 1000, height: 700 });
                  document.body.replaceChildren(frame);
                }""");
        TestingChat chat = new TestingChat(page, page.frameLocator("iframe").locator("keyrack-assistant"));
        chat.open().echo("by the key");
        chat.input().fill("by the button");
        chat.button("Send").click();
        assertThat(chat.replies()).hasText(new String[] {"by the key", "by the button"});
        assertThat(chat.said()).hasText(new String[] {"by the key", "by the button"});
        assertThat(STAGE.answerer.turns).hasSize(2);
    }

    @Test
    void scriptThatThePagePinsRunsAsLongAsItIsTheSame() {
        TestingServer.Made key = STAGE.key("{}");
        Page page = STAGE.browser.page();
        Matcher integrity = INTEGRITY.matcher(
                page.request().get(STAGE.url + "/assistant/manifest.json").text());
        assertThat(integrity.find()).isTrue();
        STAGE.shop.showPinned(integrity.group(1), element(key, ""));
        STAGE.go(page).open().echo("hello");
        STAGE.shop.showPinned("sha384-" + "A".repeat(64), element(key, ""));
        List<String> console = new CopyOnWriteArrayList<>();
        page.onConsoleMessage(message -> console.add(message.text()));
        TestingChat chat = STAGE.go(page);
        page.waitForCondition(() -> console.stream().anyMatch(line -> line.contains("integrity")));
        assertThat(page.evaluate("customElements.get('keyrack-assistant') === undefined"))
                .isEqualTo(true);
        assertThat(chat.launcher()).hasCount(0);
    }

    @Test
    void nothingIsKeptBeforeTheVisitorSaysSomething() {
        TestingChat chat = STAGE.opened("{}");
        assertThat(chat.page().evaluate("Object.keys(localStorage)")).isEqualTo(List.of());
        assertThat(chat.page().context().cookies()).isEmpty();
        assertThat(chat.page().evaluate("Object.entries(window).filter(([name]) => /keyrack/i.test(name)).length"))
                .isEqualTo(1);
        chat.echo("hello");
        assertThat(chat.page().context().cookies()).isEmpty();
        assertThat(chat.page().evaluate("Object.keys(localStorage).length")).isEqualTo(1);
    }
}
