package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promise: on a page of another origin, under a strict policy, the web component shows what its key configures, from one
 * bound to the other.
 */
class ComponentOptionsInBrowserTest {
    private static final String LIGHT = "rgb(255, 255, 255)";
    private static final String DARK = "rgb(21, 24, 29)";

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    @Test
    void buttonIsAsLargeAndStandsWhereItIsConfigured() {
        List<TestingChat> all = STAGE.visitAll(
                "{'button':{'size':40,'side':'left','bottomMargin':10}}",
                "{'button':{'size':140,'side':'left','bottomMargin':200}}",
                "{'button':{'size':70,'side':'right','bottomMargin':10}}",
                "{'button':{'size':140,'side':'right','bottomMargin':157}}");
        int[] sizes = {40, 140, 70, 140};
        int[] margins = {10, 200, 10, 157};
        for (int i = 0; i < sizes.length; i++) {
            Locator launcher = all.get(i).launcher();
            assertThat(launcher).isVisible();
            BoundingBox box = launcher.boundingBox();
            assertThat(box.width).isEqualTo(sizes[i]);
            assertThat(box.height).isEqualTo(sizes[i]);
            assertThat(all.get(i).page().viewportSize().height - box.y - box.height)
                    .isEqualTo(margins[i]);
            assertThat(box.x < TestingBrowser.DESKTOP / 2.0).isEqualTo(i < 2);
        }
    }

    @Test
    void whatIsConfiguredIsThereAndWhatIsNotIsNot() {
        String terms = "http://example.com/" + "t".repeat(1980);
        List<TestingChat> both = STAGE.visitAll(
                "{'closeButton':true,'newConversationButton':true,'expand':true,'title':'Kiln & Clay',"
                        + "'introMessages':['Hello <b>you</b>','How can I help?'],"
                        + "'privacyUrl':'https://example.com/privacy','termsUrl':'" + terms + "'}",
                "{'closeButton':false,'newConversationButton':false,'expand':false,'button':{'side':'left'}}");
        TestingChat all = both.getFirst().open();
        assertThat(all.dialog()).hasAccessibleName("Kiln & Clay");
        assertThat(all.replies()).hasText(new String[] {"Hello <b>you</b>", "How can I help?"});
        for (String name : List.of("Close chat", "New conversation", "Expand")) {
            assertThat(all.tool(name)).isVisible();
        }
        for (String name : List.of("Privacy policy", "Terms of service")) {
            Locator link = all.link(name);
            assertThat(link).hasAccessibleName(name + " (opens in a new tab)");
            // A tab that knows nothing of this one.
            assertThat(link).hasAttribute("target", "_blank");
            assertThat(link).hasAttribute("rel", "noopener noreferrer");
        }
        assertThat(all.link("Privacy policy")).hasAttribute("href", "https://example.com/privacy");
        assertThat(all.link("Terms of service")).hasAttribute("href", terms);
        TestingChat none = both.getLast().open();
        assertThat(none.input()).isVisible();
        for (String name : List.of("Close chat", "New conversation", "Expand")) {
            assertThat(none.tool(name)).hasCount(0);
        }
        assertThat(none.dialog().getByRole(AriaRole.LINK)).hasCount(0);
        assertThat(none.replies()).hasCount(0);
    }

    /** Whoever does not want to talk loads a button. */
    @Test
    void chatIsLoadedWhenSomebodyPointsAtTheButtonOrFocusesIt() {
        Page page = STAGE.browser.page();
        List<String> asked = new CopyOnWriteArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        TestingChat chat = STAGE.visit(page, "{}");
        assertThat(chat.launcher()).isVisible();
        page.waitForRequest("**/chunks/chat-*", () -> chat.launcher().focus());
        page.reload();
        assertThat(chat.launcher()).isVisible();
        page.waitForRequest("**/chunks/chat-*", () -> chat.launcher().hover());
        assertThat(asked.stream().filter(url -> url.contains("/chunks/chat-"))).hasSize(2);
    }

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
    void nothingCanBeTypedInVainWhileTheLastReplyStreamsAndItCanBeStopped() {
        TestingChat chat = STAGE.opened("{'messageLimit':{'messages':2,'text':'Enough.'}}");
        for (String last : List.of("echo", "wait")) {
            assertThat(chat.input()).isFocused();
            chat.send(last);
        }
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        assertThat(chat.input()).hasCount(0);
        assertThat(chat.part("limit")).containsText("Enough.");
        assertThat(chat.button("Stop the answer")).isFocused();
        TestingBrowser.axe(chat.page());
        chat.page().reload();
        assertThat(chat.reply()).hasText("half");
        assertThat(chat.input()).hasCount(0);
        chat.button("Stop the answer").click();
        assertThat(chat.log()).containsText("Stopped");
        assertThat(chat.part("limit-new-conversation")).isFocused();
        chat.part("limit-new-conversation").click();
        STAGE.answerer.pieces.clear();
        chat.send("wait");
        assertThat(chat.button("Stop the answer")).isVisible();
        assertThat(chat.input()).isVisible();
        STAGE.says("whole");
        assertThat(chat.reply()).hasText("whole");
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
    @CsvSource({"1280, 800", "1280, 600", "1280, 500", "640, 360", "320, 800", "320, 500"})
    void longestOfEverythingFits(int width, int height) {
        Page page = STAGE.browser.page();
        page.setViewportSize(width, height);
        TestingChat chat = STAGE.visit(page, LONGEST);
        assertThat(chat.part("prompt")).isVisible();
        within(chat, chat.part("prompt"));
        apart(chat.part("prompt").boundingBox(), chat.launcher().boundingBox());
        chat.open();
        assertThat(chat.replies()).hasCount(5);
        for (String part : new String[] {"panel", "header", "log", "composer", "links", "close"}) {
            within(chat, chat.part(part));
        }
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

    private static void apart(BoundingBox one, BoundingBox other) {
        assertThat(one.x + one.width <= other.x || one.y + one.height <= other.y)
                .as("the prompt leaves the button free")
                .isTrue();
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

    private static final Path LOCALES = Path.of(System.getProperty("keyrack.root"), "browser", "assistant", "locales");

    private static final Pattern TEXT = Pattern.compile("(?m)^ {2}(\\w+): \"(.*)\",$");

    /** What a language says, by the name of the text. */
    private static Map<String, String> texts(String language) throws IOException {
        return TEXT.matcher(Files.readString(LOCALES.resolve(language + ".ts")))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    @Test
    void componentSpeaksEachOfItsLanguages() throws IOException {
        List<String> languages;
        try (Stream<Path> files = Files.list(LOCALES)) {
            languages = files.map(file -> file.getFileName().toString().replace(".ts", ""))
                    .sorted()
                    .toList();
        }
        assertThat(languages).hasSize(9);
        List<TestingChat> all = STAGE.visitAll(languages.stream()
                .map(language -> "{'locale':'" + language + "'}")
                .toArray(String[]::new));
        for (int i = 0; i < languages.size(); i++) {
            String language = languages.get(i);
            Map<String, String> texts = texts(language);
            speaks(all.get(i), texts.get("open"), List.of("ar", "he").contains(language) ? "rtl" : "ltr", language);
            assertThat(all.get(i).log()).hasAccessibleName(texts.get("log"));
            assertThat(all.get(i).input()).hasAccessibleName(texts.get("input"));
            assertThat(all.get(i).tool(texts.get("send"))).isVisible();
        }
    }

    @Test
    void componentSpeaksTheLanguageThatIsConfiguredOrElseEnglish() {
        List<TestingChat> all = STAGE.visitAll("{'locale':'en'}", "{'locale':'pt-BR'}", "{'locale':'tlh'}");
        speaks(all.get(0), "Open chat", "ltr", "en");
        speaks(all.get(1), "Abrir o chat", "ltr", "pt");
        speaks(all.get(2), "Open chat", "ltr", "en");
    }

    private static void speaks(TestingChat chat, String label, String direction, String language) {
        assertThat(chat.launcher()).hasAccessibleName(label);
        chat.call("open()");
        Locator root = chat.host().locator(".kr");
        assertThat(root).hasAttribute("lang", language);
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

    @Test
    void schemeIsTheConfiguredOneOrElseTheVisitorsAndFollowsThem() {
        List<TestingChat> all = STAGE.visitAll("{'scheme':'light'}", "{'scheme':'dark'}", "{'scheme':'auto'}");
        all.forEach(chat -> chat.call("open()"));
        for (ColorScheme visitor : List.of(ColorScheme.LIGHT, ColorScheme.DARK, ColorScheme.LIGHT)) {
            Page page = all.getFirst().page();
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(visitor));
            assertThat(all.get(0).dialog()).hasCSS("background-color", LIGHT);
            assertThat(all.get(1).dialog()).hasCSS("background-color", DARK);
            assertThat(all.get(2).dialog()).hasCSS("background-color", visitor == ColorScheme.DARK ? DARK : LIGHT);
        }
    }

    @Test
    void textOnTheAccentIsBlackOrWhiteWhicheverCanBeRead() {
        List<TestingChat> all = STAGE.visitAll(
                "{'accent':'#ffff00','crossPage':false}",
                "{'accent':'#000000','crossPage':false,'button':{'bottomMargin':90}}",
                "{'accent':'#ffffff','crossPage':false,'button':{'side':'left'}}",
                "{'accent':'#808080','crossPage':false,'button':{'side':'left','bottomMargin':90}}");
        readable(all.get(0), "rgb(255, 255, 0)", "rgb(0, 0, 0)");
        readable(all.get(1), "rgb(0, 0, 0)", "rgb(255, 255, 255)");
        readable(all.get(2), "rgb(255, 255, 255)", "rgb(0, 0, 0)");
        readable(all.get(3), "rgb(128, 128, 128)", "rgb(0, 0, 0)");
    }

    private static void readable(TestingChat chat, String background, String text) {
        assertThat(chat.launcher()).hasCSS("background-color", background);
        assertThat(chat.launcher()).hasCSS("color", text);
        chat.call("open()");
        chat.send("[a link](https://example.com)");
        assertThat(chat.reply()).containsText("a link");
        assertThat(chat.said()).hasCSS("color", text);
        TestingBrowser.axe(chat.page());
        chat.call("close()");
    }
}
