package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.components.ComponentOptions;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: whatever is changed in the form of a web component, the preview beside it has it before it is saved. */
class ComponentPreviewTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /**
     * What somebody does in the form, and what comes of it.
     *
     * @param told what the component in the preview is told, as JSON
     * @param seen what is seen of it there; nothing where it is neither seen nor heard in a preview
     */
    private record Option(Consumer<Page> filled, String told, Consumer<FrameLocator> seen) {
        Option(Consumer<Page> filled, String told) {
            this(filled, told, preview -> {});
        }
    }

    private static final Map<String, Option> OPTIONS = Map.ofEntries(
            Map.entry(
                    "title",
                    new Option(
                            page -> field(page, "Title").fill("Kiln & Clay"),
                            "\"Kiln & Clay\"",
                            preview -> assertThat(dialog(preview)).hasAccessibleName("Kiln & Clay"))),
            Map.entry(
                    "locale",
                    new Option(
                            page -> field(page, "Language").selectOption("de"),
                            "\"de\"",
                            preview -> assertThat(launcher(preview)).hasAttribute("aria-label", "Chat schließen"))),
            Map.entry(
                    "scheme",
                    new Option(
                            page -> field(page, "Light or dark").selectOption("dark"),
                            "\"dark\"",
                            preview -> assertThat(dialog(preview)).hasCSS("background-color", "rgb(21, 24, 29)"))),
            Map.entry(
                    "accent",
                    new Option(
                            page -> field(page, "Colour").fill("#ffee00"),
                            "\"#ffee00\"",
                            preview -> assertThat(launcher(preview)).hasCSS("background-color", "rgb(255, 238, 0)"))),
            Map.entry("closeButton", new Option(ticked("Show the Close button", false), "false", none("close"))),
            Map.entry(
                    "newConversationButton",
                    new Option(ticked("Show the New conversation button", false), "false", none("new-conversation"))),
            Map.entry(
                    "expand",
                    new Option(
                            ticked("May be expanded in its container", true),
                            "true",
                            preview -> assertThat(part(preview, "expand")).isVisible())),
            Map.entry("privacyUrl", link("Privacy policy URL", "https://example.com/privacy")),
            Map.entry("termsUrl", link("Terms of service URL", "https://example.com/terms")),
            // Keyrack counts, by what is saved.
            Map.entry(
                    "messageLimit",
                    new Option(
                            page -> {
                                page.getByLabel("Limited", new Page.GetByLabelOptions().setExact(true))
                                        .check();
                                field(page, "Messages of a visitor").fill("7");
                                field(page, "Message at the limit").fill("Enough.");
                            },
                            "{\"messages\":7,\"text\":\"Enough.\"}")),
            Map.entry(
                    "introMessages",
                    new Option(
                            page -> added(page, "Intro messages", "Hello there"),
                            "[\"Hello there\"]",
                            preview ->
                                    assertThat(part(preview, "assistant-text")).hasText("Hello there"))),
            Map.entry(
                    "button.size",
                    new Option(
                            page -> field(page, "Size of the round button, in pixels")
                                    .fill("120"),
                            "120",
                            preview -> assertThat(launcher(preview)).hasCSS("width", "120px"))),
            Map.entry(
                    "button.side",
                    new Option(
                            page -> field(page, "Position").selectOption("left"),
                            "\"left\"",
                            preview -> assertThat(launcher(preview)).hasCSS("left", "20px"))),
            Map.entry(
                    "button.bottomMargin",
                    new Option(
                            page -> field(page, "Bottom margin, in pixels").fill("50"),
                            "50",
                            preview -> assertThat(launcher(preview)).hasCSS("bottom", "50px"))),
            Map.entry(
                    "prompts.texts",
                    new Option(
                            page -> added(page, "Engagement prompts", "Need a hand?"),
                            "[\"Need a hand?\"]",
                            preview -> assertThat(part(preview, "prompt-text")).hasText("Need a hand?"))),
            Map.entry(
                    "prompts.mode",
                    new Option(
                            page -> page.getByLabel("One of them, at random.").check(), "\"random\"")),
            Map.entry(
                    "prompts.seconds",
                    new Option(page -> field(page, "Seconds between prompts").fill("9"), "9")),
            Map.entry("sound", new Option(ticked("Play a sound on entering the page", true), "true")),
            // A preview remembers nothing.
            Map.entry(
                    "crossPage", new Option(ticked("The conversation goes on across pages and tabs", false), "false")));

    private static Consumer<Page> ticked(String label, boolean on) {
        return page -> page.getByLabel(label).setChecked(on);
    }

    private static Consumer<FrameLocator> none(String part) {
        return preview -> assertThat(part(preview, part)).hasCount(0);
    }

    private static Option link(String label, String address) {
        return new Option(
                page -> field(page, label).fill(address),
                "\"" + address + "\"",
                preview -> assertThat(preview.locator("[part~=links] a[href='" + address + "']"))
                        .isVisible());
    }

    private static void added(Page page, String label, String text) {
        Locator entry = page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName(label));
        entry.fill(text);
        entry.press("Enter");
    }

    private static Locator part(FrameLocator preview, String name) {
        return preview.locator("[part~=" + name + "]");
    }

    private static Locator launcher(FrameLocator preview) {
        return part(preview, "button");
    }

    private static Locator dialog(FrameLocator preview) {
        return preview.getByRole(AriaRole.DIALOG);
    }

    /** Every option that there is: those of a part of it by {@code part.name}. */
    private static TreeSet<String> all() {
        return Stream.of(ComponentOptions.class.getRecordComponents())
                .flatMap(option -> Stream.of("button", "prompts").anyMatch(option.getName()::equals)
                        ? Stream.of(option.getType().getRecordComponents())
                                .map(RecordComponent::getName)
                                .map(name -> option.getName() + "." + name)
                        : Stream.of(option.getName()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void previewFollowsEveryOptionOfTheForm() {
        assertThat(new TreeSet<>(OPTIONS.keySet())).isEqualTo(all());
        TestingServer.Made key = STAGE.server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        TestingReader.owner(STAGE.server);
        Page page = STAGE.browser.page();
        signIn(page, STAGE.url);
        page.navigate(STAGE.url + "/settings/api-keys/" + key.id() + "/component");
        FrameLocator preview = page.frameLocator("#preview");
        assertThat(launcher(preview)).isVisible();
        String before = STAGE.server.rows().get("web_components").toString();
        for (String name : all()) {
            Option option = OPTIONS.get(name);
            assertThat(told(preview, name)).as(name).isNotEqualTo(option.told());
            option.filled().accept(page);
            page.waitForCondition(() -> told(preview, name).equals(option.told()));
            // A prompt is seen beside the button, everything else in the window too.
            if (!name.startsWith("prompts.") && dialog(preview).count() == 0) {
                launcher(preview).click();
            }
            option.seen().accept(preview);
        }
        assertThat(STAGE.server.rows().get("web_components").toString()).isEqualTo(before);
    }

    @Test
    void previewRemembersNothingAndLeavesTheFocusToTheForm() {
        TestingServer.Made key = STAGE.server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        TestingReader.owner(STAGE.server);
        Page page = STAGE.browser.page();
        signIn(page, STAGE.url);
        page.navigate(STAGE.url + "/settings/api-keys/" + key.id() + "/component");
        FrameLocator preview = page.frameLocator("#preview");
        Locator component = preview.locator("keyrack-assistant");
        assertThat(launcher(preview)).isVisible();
        field(page, "Title").focus();
        component.evaluate("component => component.open()");
        assertThat(dialog(preview)).isVisible();
        assertThat(field(page, "Title")).isFocused();
        Locator input = preview.getByRole(AriaRole.TEXTBOX);
        input.fill("hello");
        input.press("Enter");
        assertThat(part(preview, "rating")).hasCount(2);
        assertThat((String) component.evaluate(
                        "() => Object.keys(localStorage).concat(Object.keys(sessionStorage)).join()"))
                .doesNotContain("keyrack:");
        page.reload();
        assertThat(launcher(preview)).isVisible();
        assertThat(dialog(preview)).isHidden();
        launcher(preview).click();
        assertThat(dialog(preview)).isVisible();
        assertThat(part(preview, "visitor-text")).hasCount(0);
    }

    private static String told(FrameLocator preview, String name) {
        return (String) preview.locator("keyrack-assistant")
                .evaluate(
                        "(element, name) => JSON.stringify(name.split('.').reduce((at, part) => at?.[part], element.options)"
                                + " ?? null)",
                        name);
    }
}
