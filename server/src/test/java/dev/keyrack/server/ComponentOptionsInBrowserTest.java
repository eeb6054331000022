package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: what is configured of the conversation's window holds in a browser, from one bound to the other. */
class ComponentOptionsInBrowserTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    @Test
    void closeButtonClosesAndGivesTheFocusBack() {
        TestingChat chat = STAGE.opened("{}");
        chat.tool("Close chat").click();
        assertThat(chat.dialog()).isHidden();
        assertThat(chat.launcher()).isFocused();
    }

    @Test
    void newConversationBeginsAnewAndTheOldOneIsOver() {
        TestingChat chat = STAGE.opened("{}").echo("first");
        chat.tool("New conversation").click();
        assertThat(chat.replies()).hasCount(0);
        assertThat(chat.said()).hasCount(0);
        assertThat(chat.input()).isFocused();
        chat.echo("second");
        assertThat(chat.said()).hasCount(1);
        assertThat(STAGE.answerer.turns.stream()
                        .map(turn -> turn.conversationId())
                        .distinct())
                .hasSize(2);
    }

    /** @param size the container's */
    private static TestingChat inContainer(int size) {
        Page page = STAGE.browser.page();
        TestingServer.Made key = STAGE.key("{'expand':true}");
        STAGE.shop.showHtml(
                "<section id=box><keyrack-assistant api-key=\"" + key.token() + "\"></keyrack-assistant></section>");
        TestingChat chat = STAGE.go(page);
        page.locator("#box")
                .evaluate(
                        "(box, size) => Object.assign(box.style, { position: 'absolute', top: '90px', left: '120px',"
                                + " width: size + 'px', height: size + 'px' })",
                        size);
        return chat.open();
    }

    @Test
    void expandedPanelFillsItsContainerAndGoesBack() {
        TestingChat chat = inContainer(500);
        BoundingBox small = chat.dialog().boundingBox();
        chat.tool("Expand").click();
        assertThat(chat.tool("Reduce")).isFocused();
        BoundingBox box = chat.dialog().boundingBox();
        assertThat(new double[] {box.x, box.y, box.width, box.height}).containsExactly(120, 90, 500, 500);
        chat.page().keyboard().press("Escape");
        assertThat(chat.launcher()).isFocused();
        chat.open();
        chat.tool("Reduce").click();
        assertThat(chat.dialog().boundingBox()).usingRecursiveComparison().isEqualTo(small);
    }

    @Test
    void expandedPanelFillsTheWindowWhereTheContainerIsTooSmallToTalkIn() {
        TestingChat chat = inContainer(200);
        chat.tool("Expand").click();
        assertThat(chat.tool("Reduce")).isVisible();
        assertThat(chat.dialog().boundingBox().width).isGreaterThan(TestingBrowser.DESKTOP - 100);
    }

    @Test
    void linksOpenInATabOfTheirOwnThatKnowsNothingOfThePage() {
        TestingChat chat = STAGE.opened("{'privacyUrl':'https://example.com/privacy','termsUrl':'http://example.com/"
                + "t".repeat(1980) + "'}");
        for (String name : new String[] {"Privacy policy", "Terms of service"}) {
            assertThat(chat.link(name)).hasAttribute("target", "_blank");
            assertThat(chat.link(name)).hasAttribute("rel", "noopener noreferrer");
        }
        assertThat(chat.link("Terms of service").getAttribute("href")).hasSize(1999);
    }

    @Test
    void limitOfMessagesShowsItsTextInPlaceOfTheComposerAndANewConversationGoesOn() {
        TestingChat chat = STAGE.opened("{'messageLimit':{'messages':1,'text':'Enough <b>for</b> today.'}}");
        chat.send("only one");
        assertThat(chat.part("limit")).hasText("Enough <b>for</b> today.New conversation");
        assertThat(chat.reply()).hasText("only one");
        assertThat(chat.input()).hasCount(0);
        chat.part("limit-new-conversation").click();
        assertThat(chat.input()).isFocused();
        assertThat(chat.part("limit")).isHidden();
        chat.send("another");
        assertThat(chat.part("limit")).isVisible();
        assertThat(chat.said()).hasText("another");
    }

    @Test
    void limitHoldsAfterAReload() {
        TestingChat chat = STAGE.opened("{'messageLimit':{'messages':1,'text':'Enough.'}}");
        chat.send("only one");
        assertThat(chat.part("limit")).isVisible();
        chat.page().reload();
        assertThat(chat.part("limit")).containsText("Enough.");
        assertThat(chat.input()).hasCount(0);
    }

    @Test
    void limitIsNotReachedBeforeItIs() {
        TestingChat chat = STAGE.opened("{'messageLimit':{'messages':10000,'text':'Enough.'}}");
        chat.echo("one").echo("two").echo("three");
        assertThat(chat.input()).isVisible();
        assertThat(chat.part("limit")).isHidden();
    }

    private static String texts(int count, String character, int length) {
        return IntStream.range(0, count)
                .mapToObj(n -> "'" + (char) ('a' + n) + character.repeat(length - 1) + "'")
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** One word each, which could be wider than anything. */
    private static final String LONGEST = "{'title':'" + "W".repeat(60) + "','introMessages':" + texts(5, "W", 500)
            + ",'prompts':{'texts':" + texts(20, "W", 200) + "},'messageLimit':{'messages':1,'text':'"
            + "W".repeat(500) + "'},'button':{'size':140,'bottomMargin':200},'expand':true,"
            + "'privacyUrl':'https://example.com/p','termsUrl':'https://example.com/t'}";

    @ParameterizedTest
    @ValueSource(ints = {TestingBrowser.DESKTOP, 320})
    void longestOfEverythingFits(int width) {
        TestingChat chat = STAGE.visit(STAGE.browser.page(width, ColorScheme.LIGHT), LONGEST);
        assertThat(chat.part("prompt")).isVisible();
        within(chat, chat.part("prompt"));
        chat.open();
        assertThat(chat.replies()).hasCount(5);
        chat.echo("hello");
        assertThat(chat.part("limit")).isVisible();
        for (String part : new String[] {"panel", "header", "log", "limit", "links", "new-conversation", "close"}) {
            within(chat, chat.part(part));
        }
        assertThat(chat.log().evaluate("log => log.scrollWidth <= log.clientWidth"))
                .isEqualTo(true);
        assertThat(chat.log().boundingBox().height).isGreaterThan(100);
        TestingBrowser.axe(chat.page());
    }

    private static void within(TestingChat chat, Locator part) {
        BoundingBox box = part.boundingBox();
        assertThat(box.x).as(part.toString()).isGreaterThanOrEqualTo(0);
        assertThat(box.x + box.width)
                .as(part.toString())
                .isLessThanOrEqualTo(chat.page().viewportSize().width);
        assertThat(box.y).as(part.toString()).isGreaterThanOrEqualTo(0);
        assertThat(box.y + box.height)
                .as(part.toString())
                .isLessThanOrEqualTo(chat.page().viewportSize().height);
    }

    @ParameterizedTest
    @CsvSource({
        "de, Chat öffnen, ltr, de",
        "ar, فتح المحادثة, rtl, ar",
        "pt-BR, Abrir o chat, ltr, pt",
        "tlh, Open chat, ltr, en"
    })
    void componentSpeaksTheLanguageThatIsConfiguredOrElseEnglish(
            String locale, String label, String direction, String spoken) {
        TestingChat chat = STAGE.visit("{'locale':'" + locale + "'}");
        assertThat(chat.launcher()).hasAccessibleName(label);
        chat.open();
        Locator root = chat.host().locator(".kr");
        assertThat(root).hasAttribute("lang", spoken);
        assertThat(root).hasAttribute("dir", direction);
        assertThat(chat.dialog()).hasCSS("direction", direction);
    }

    @Test
    void componentSpeaksAsThePageDoesUnlessItsAttributeSaysOtherwise() {
        TestingServer.Made key = STAGE.key("{'locale':'auto'}");
        String element = "<keyrack-assistant api-key=\"" + key.token() + "\"";
        STAGE.shop.showHtml("<div lang=\"de-CH\">" + element + "></keyrack-assistant></div>");
        assertThat(STAGE.go(STAGE.browser.page()).launcher()).hasAccessibleName("Chat öffnen");
        STAGE.shop.showHtml("<div lang=\"de-CH\">" + element + " lang=\"fr\"></keyrack-assistant></div>");
        assertThat(STAGE.go(STAGE.browser.page()).launcher()).hasAttribute("aria-label", "Ouvrir le chat");
    }

    @ParameterizedTest
    @CsvSource({
        "light, DARK, 'rgb(255, 255, 255)'",
        "dark, LIGHT, 'rgb(21, 24, 29)'",
        "auto, LIGHT, 'rgb(255, 255, 255)'",
        "auto, DARK, 'rgb(21, 24, 29)'"
    })
    void schemeIsTheConfiguredOneOrElseTheVisitors(String scheme, ColorScheme visitor, String background) {
        TestingChat chat = STAGE.visit(
                        STAGE.browser.page(TestingBrowser.DESKTOP, visitor), "{'scheme':'" + scheme + "'}")
                .open();
        assertThat(chat.dialog()).hasCSS("background-color", background);
        TestingBrowser.axe(chat.page());
    }

    @Test
    void schemeFollowsTheVisitorWhileTheChatIsOpen() {
        TestingChat chat = STAGE.opened("{'scheme':'auto'}");
        chat.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(chat.dialog()).hasCSS("background-color", "rgb(21, 24, 29)");
    }

    @ParameterizedTest
    @CsvSource({
        "#ffff00, 'rgb(255, 255, 0)', 'rgb(0, 0, 0)'",
        "#000000, 'rgb(0, 0, 0)', 'rgb(255, 255, 255)'",
        "#ffffff, 'rgb(255, 255, 255)', 'rgb(0, 0, 0)'",
        "#808080, 'rgb(128, 128, 128)', 'rgb(0, 0, 0)'"
    })
    void textOnTheAccentIsBlackOrWhiteWhicheverCanBeRead(String accent, String background, String text) {
        TestingChat chat = STAGE.opened("{'accent':'" + accent + "'}");
        assertThat(chat.launcher()).hasCSS("background-color", background);
        assertThat(chat.launcher()).hasCSS("color", text);
        chat.send("[a link](https://example.com)");
        assertThat(chat.reply()).containsText("a link");
        assertThat(chat.said()).hasCSS("color", text);
        TestingBrowser.axe(chat.page());
    }
}
