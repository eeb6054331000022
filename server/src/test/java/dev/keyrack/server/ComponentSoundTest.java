package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Promise: the sound calls a visitor once in each tab, where it is configured, as soon as the browser's own policy lets it.
 *
 * <p>Whatever asks the page something counts as a gesture there: these tests only listen.
 */
class ComponentSoundTest {
    private static final String SOUND = "{'sound':true}";

    /** Tells what becomes of sounds, and in which state a note is played. */
    private static final String EARS = """
            const Real = window.AudioContext;
            window.AudioContext = class extends Real {
              constructor() { super(); this.begun = this.currentTime; console.log("ears: waits"); }
              createOscillator() {
                const note = super.createOscillator(), { stop } = note;
                note.stop = (at) => { console.log(`ears: ${this.state} until ${at - this.begun < 3 ? "soon" : at}`); stop.call(note, at); };
                return note;
              }
              close() { console.log("ears: closed"); return super.close(); }
            };
            """;

    private static final List<String> BELL =
            List.of("ears: waits", "ears: running until soon", "ears: running until soon", "ears: closed");

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    @RegisterExtension
    static final TestingBrowser STRICT = new TestingBrowser("--autoplay-policy=document-user-activation-required");

    @RegisterExtension
    static final TestingBrowser FREE = new TestingBrowser("--autoplay-policy=no-user-gesture-required");

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private Page hearing(TestingBrowser browser) {
        Browser.NewContextOptions options = TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT);
        return hearing(browser.profile(options.setHasTouch(true)));
    }

    private Page hearing(BrowserContext tabs) {
        Page page = tabs.newPage();
        page.addInitScript(EARS);
        page.onConsoleMessage(message -> {
            if (message.text().startsWith("ears: ")) {
                heard.add(message.text());
            }
        });
        return page;
    }

    private void hears(Page page, List<String> what) {
        page.waitForCondition(() -> heard.size() >= what.size());
        assertThat(heard).isEqualTo(what);
    }

    /** What visitors do first. */
    enum Gesture {
        FINGER(page -> page.touchscreen().tap(5, 5)),
        MOUSE(page -> page.mouse().click(5, 5)),
        KEY(page -> page.keyboard().press("Tab"));

        private final Consumer<Page> deed;

        Gesture(Consumer<Page> deed) {
            this.deed = deed;
        }
    }

    @ParameterizedTest
    @EnumSource
    void soundIsPlayedAtTheFirstGestureWhereTheBrowserAllowsNoneBeforeIt(Gesture gesture) {
        Page page = hearing(STRICT);
        STAGE.visit(page, SOUND);
        hears(page, List.of("ears: waits"));
        gesture.deed.accept(page);
        hears(page, BELL);
        page.mouse().click(9, 9);
        page.waitForResponse("**/chunks/greeting-*", page::reload);
        new TestingChat(page).open().echo("hello");
        assertThat(heard).isEqualTo(BELL);
    }

    @Test
    void soundIsPlayedOnEnteringThePageWhereTheBrowserAllowsIt() {
        Page page = hearing(FREE);
        STAGE.visit(page, SOUND);
        hears(page, BELL);
    }

    @Test
    void soundIsPlayedOnceInEachTab() {
        TestingServer.Made key = STAGE.key(SOUND);
        Page first = hearing(FREE);
        STAGE.visit(first, key);
        hears(first, BELL);
        heard.clear();
        Page second = hearing(first.context());
        STAGE.visit(second, key);
        hears(second, BELL);
        for (Page page : List.of(first, second)) {
            page.waitForResponse("**/chunks/greeting-*", page::reload);
            new TestingChat(page).open();
        }
        assertThat(heard).isEqualTo(BELL);
    }

    /** Two elements of one key, two of a key each; and where nothing can be noted. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void elementsOfOnePageRingOnceTogether(boolean keys, boolean blocked) {
        for (TestingBrowser browser : List.of(STRICT, FREE)) {
            heard.clear();
            TestingServer.Made key = STAGE.key(SOUND);
            TestingServer.Made other = keys ? STAGE.key(SOUND) : key;
            STAGE.shop.showHtml(element(key) + element(other));
            Page page = hearing(browser);
            if (blocked) {
                page.addInitScript("Object.defineProperty(window, 'sessionStorage',"
                        + " { get() { throw new DOMException('no', 'SecurityError'); } });");
            }
            STAGE.go(page);
            if (browser == STRICT) {
                hears(page, List.of("ears: waits", "ears: waits"));
                page.mouse().click(5, 5);
            }
            page.waitForCondition(() -> heard.contains("ears: closed"));
            for (int n = 0; n < 2; n++) {
                PlaywrightAssertions.assertThat(page.locator("[part~=button]").nth(n))
                        .isVisible();
            }
            page.waitForCondition(
                    () -> heard.stream().filter("ears: waits"::equals).count()
                            == heard.stream().filter("ears: closed"::equals).count());
            assertThat(heard.stream().filter(BELL.get(1)::equals)).hasSize(2);
            // Nor on the next page, whichever key it has.
            page.waitForResponse("**/chunks/greeting-*", page::reload);
            if (!blocked) {
                // Whichever of the buttons lies above the other.
                TestingChat chat =
                        new TestingChat(page, page.locator("keyrack-assistant").first());
                chat.call("open()");
                page.mouse().click(5, 5);
                chat.echo("hello");
                assertThat(heard.stream().filter(BELL.get(1)::equals)).hasSize(2);
            }
        }
    }

    private static String element(TestingServer.Made key) {
        return "<keyrack-assistant api-key=\"" + key.token() + "\"></keyrack-assistant>";
    }

    @Test
    void soundThatNoGestureLetBeginIsPlayedOnTheNextPage() {
        Page page = hearing(STRICT);
        STAGE.visit(page, SOUND);
        hears(page, List.of("ears: waits"));
        page.reload();
        hears(page, List.of("ears: waits", "ears: waits"));
        page.keyboard().press("Tab");
        page.waitForCondition(() -> heard.size() >= 5);
        assertThat(heard.subList(1, 5)).isEqualTo(BELL);
    }

    @Test
    void noSoundWithoutBeingAskedFor() {
        Page page = hearing(FREE);
        TestingChat chat = STAGE.visit(page, "{'sound':false,'prompts':{'texts':['One']}}");
        chat.part("prompt").waitFor();
        chat.open();
        assertThat(heard).isEmpty();
    }

    @Test
    void hiddenElementIsNotHeardBeforeItIsShown() {
        Page page = hearing(FREE);
        STAGE.shop.showHtml(
                "<keyrack-assistant hidden api-key=\"" + STAGE.key(SOUND).token() + "\"></keyrack-assistant>");
        page.navigate(STAGE.shop.origin("shop") + "/");
        TestingChat chat = new TestingChat(page);
        chat.launcher().waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
        chat.call("setAttribute('scheme', 'dark')");
        page.evaluate("() => new Promise(done => setTimeout(done, 300))");
        assertThat(heard).isEmpty();
        chat.call("removeAttribute('hidden')");
        chat.call("setAttribute('scheme', 'light')");
        hears(page, BELL);
    }
}
