package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: every custom property and every part that docs/web-component.md names is there, and no other part is. */
class ComponentLooksTest {
    private static final Pattern PROPERTY = Pattern.compile("`(--kr-[a-z-]+)`");
    private static final Pattern PARTS = Pattern.compile("(?s)`::part\\(\\)` reaches (.*?)\\. The page's");
    private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");

    /** What a value of a property changes. @param part where, and @param css what of it comes out as {@code then} */
    private record Effect(String value, String part, String css, String then) {}

    private static final Map<String, Effect> EFFECTS = Map.ofEntries(
            Map.entry("--kr-accent", new Effect("#0a7a50", "button", "background-color", "rgb(10, 122, 80)")),
            Map.entry("--kr-background", new Effect("#fffbe6", "panel", "background-color", "rgb(255, 251, 230)")),
            Map.entry("--kr-text", new Effect("#301020", "panel", "color", "rgb(48, 16, 32)")),
            Map.entry("--kr-muted", new Effect("#402060", "close", "color", "rgb(64, 32, 96)")),
            Map.entry("--kr-border", new Effect("#010203", "header", "border-bottom-color", "rgb(1, 2, 3)")),
            Map.entry("--kr-sunken", new Effect("#040506", "stop", "background-color", "rgb(4, 5, 6)")),
            Map.entry("--kr-font", new Effect("monospace", "title", "font-family", "monospace")),
            Map.entry("--kr-radius", new Effect("3px", "panel", "border-top-left-radius", "3px")),
            Map.entry("--kr-width", new Effect("333px", "panel", "width", "333px")),
            Map.entry("--kr-height", new Effect("444px", "panel", "height", "444px")),
            Map.entry("--kr-size", new Effect("51px", "button", "width", "51px")),
            Map.entry("--kr-bottom", new Effect("77px", "button", "bottom", "77px")),
            Map.entry("--kr-side", new Effect("66px", "button", "right", "66px")),
            Map.entry("--kr-z-index", new Effect("7", "button", "z-index", "7")));

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static String document() {
        try {
            return Files.readString(Path.of(System.getProperty("keyrack.root"), "docs", "web-component.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> named(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documentedParts() {
        var parts = PARTS.matcher(document());
        assertThat(parts.find()).isTrue();
        return named(CODE, parts.group(1));
    }

    @Test
    void everyDocumentedPropertyHasItsEffectOnTheElementAndOnWhatIsAroundIt() {
        assertThat(named(PROPERTY, document())).isEqualTo(new TreeSet<>(EFFECTS.keySet()));
        TestingChat chat = STAGE.opened("{}");
        EFFECTS.forEach((property, effect) -> {
            Locator part = chat.part(effect.part());
            String before = css(part, effect.css());
            assertThat(before).as(property).isNotEqualTo(effect.then());
            for (String where : List.of("element", "document.documentElement")) {
                chat.host()
                        .evaluate(
                                "(element, [name, value]) => " + where + ".style.setProperty(name, value)",
                                new String[] {property, effect.value()});
                assertThat(css(part, effect.css()))
                        .as(property + " on " + where)
                        .isEqualTo(effect.then());
                chat.host().evaluate("(element, name) => " + where + ".style.removeProperty(name)", property);
                assertThat(css(part, effect.css())).as(property).isEqualTo(before);
            }
        });
    }

    private static String css(Locator part, String name) {
        return (String) part.evaluate("(part, name) => getComputedStyle(part)[name]", name);
    }

    /** The defaults that the document states in pixels or as a number, where they are one value. */
    @Test
    void documentedDefaultsAreTheDefaults() {
        TestingChat chat = STAGE.opened("{}");
        Map<String, List<String>> stated = Map.of(
                "`--kr-radius` | 18px", List.of("panel", "border-top-left-radius", "18px"),
                "`--kr-width`, `--kr-height` | 400px, 640px", List.of("panel", "width", "400px"),
                "20px at the side", List.of("button", "right", "20px"),
                "`--kr-z-index` | 2147483000", List.of("button", "z-index", "2147483000"));
        stated.forEach((text, found) -> {
            assertThat(document()).contains(text);
            assertThat(css(chat.part(found.get(0)), found.get(1))).as(text).isEqualTo(found.get(2));
        });
        assertThat(css(chat.part("panel"), "height")).isEqualTo("640px");
    }

    /** Walks through the states of the component, and looks in each of them at what is there. */
    @Test
    void everyDocumentedPartIsThereAndCanBeStyledAndNoOtherIs() {
        STAGE.shop.allowStyles();
        TestingServer.Made key = STAGE.key(
                "{'prompts':{'texts':['Need a hand?']},'expand':true,'privacyUrl':'https://example.com/privacy',"
                        + "'messageLimit':{'messages':4,'text':'Enough.'}}");
        Set<String> documented = documentedParts();
        assertThat(documented).hasSizeGreaterThan(20);
        STAGE.shop.showHtml("<style>"
                + documented.stream()
                        .map(part -> "keyrack-assistant::part(" + part + ") { scroll-margin-top: 77px }")
                        .collect(Collectors.joining())
                + "</style><keyrack-assistant api-key=\"" + key.token() + "\"></keyrack-assistant>");
        TestingChat chat = STAGE.go(STAGE.browser.page());
        assertThat(chat.part("prompt")).isVisible();
        Map<String, Object> found = new TreeMap<>(parts(chat.page()));
        chat.open().echo("hello");
        found.putAll(parts(chat.page()));
        chat.send("fail");
        assertThat(chat.part("retry")).isVisible();
        found.putAll(parts(chat.page()));
        chat.send("wait");
        assertThat(chat.button("Stop the answer")).isVisible();
        chat.page().keyboard().press("Escape");
        STAGE.says("while you were away");
        assertThat(chat.part("badge")).hasText("1");
        found.putAll(parts(chat.page()));
        chat.open().send("the last one");
        assertThat(chat.part("limit-new-conversation")).isVisible();
        found.putAll(parts(chat.page()));
        assertThat(chat.host().getByRole(AriaRole.LINK)).hasCount(1);
        assertThat(found.keySet())
                .as("parts in the component, and in the document")
                .isEqualTo(documented);
        assertThat(found.values()).containsOnly("77px");
    }

    /** Every part that is there now, with what the page's rule for it has come to. */
    private static Map<String, Object> parts(Page page) {
        Map<?, ?> parts = (Map<?, ?>) page.evaluate("""
                () => Object.fromEntries([...document.querySelector("keyrack-assistant").shadowRoot.querySelectorAll("[part]")]
                  .flatMap(element => [...element.part].map(part => [part, getComputedStyle(element).scrollMarginTop])))""");
        return parts.entrySet().stream()
                .collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()), entry -> (Object) entry.getValue()));
    }
}
