package dev.keyrack.server.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.keyrack.server.browser.TestingBrowser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Promise: every switch on the page of the demo's shop does to its assistant what it says. */
class DemoSwitchesInBrowserTest {
    private static final Pattern SHOP = Pattern.compile("(http://127\\.0\\.0\\.1:[0-9]+/)\\n\\nThe portal");

    /** Chance takes the last of several; and how often a sound was begun is counted. */
    private static final String PROBES = """
            Math.random = () => 0.99;
            window.sounds = 0;
            const Real = window.AudioContext;
            window.AudioContext = class extends Real { constructor() { super(); window.sounds++; } };
            """;

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    @TempDir
    Path folder;

    private interface Look {
        void at(Page page);
    }

    /** @param set what is done in the form */
    private record Switch(Look set, Look seen) {}

    /** By the name of the field, in the order in which they are tried. */
    private static Map<String, Switch> switches() {
        Map<String, Switch> all = new LinkedHashMap<>();
        all.put("title", new Switch(typed("Title", "Ask the potter"), page -> {
            open(page);
            assertThat(dialog(page)).hasAccessibleName("Ask the potter");
        }));
        all.put(
                "accent",
                new Switch(
                        typed("Colour", "#0a7a50"),
                        page -> assertThat(part(page, "button")).hasCSS("background-color", "rgb(10, 122, 80)")));
        all.put(
                "scheme",
                new Switch(
                        chosen("Theme", "dark"),
                        page -> assertThat(dialog(page)).hasCSS("background-color", "rgb(21, 24, 29)")));
        all.put(
                "button.size",
                new Switch(
                        typed("Button size", "99"),
                        page -> assertThat(part(page, "button")).hasCSS("width", "99px")));
        all.put(
                "button.side",
                new Switch(
                        chosen("Position", "left"),
                        page -> assertThat(part(page, "button")).hasCSS("left", "20px")));
        all.put(
                "button.bottomMargin",
                new Switch(
                        typed("Bottom margin", "44"),
                        page -> assertThat(part(page, "button")).hasCSS("bottom", "44px")));
        all.put(
                "introMessages",
                new Switch(
                        typed("Intro messages, a line each", "Hello there\nand here"),
                        page -> assertThat(part(page, "assistant-text"))
                                .hasText(new String[] {"Hello there", "and here"})));
        all.put("privacyUrl", new Switch(typed("Privacy policy URL", "https://example.com/privacy"), link("privacy")));
        all.put("termsUrl", new Switch(typed("Terms of service URL", "https://example.com/terms"), link("terms")));
        all.put(
                "expand",
                new Switch(
                        ticked("Expand in its container", true),
                        page -> assertThat(part(page, "expand")).isVisible()));
        all.put("closeButton", new Switch(ticked("Close button", false), page -> {
            assertThat(part(page, "expand")).isVisible();
            assertThat(part(page, "close")).hasCount(0);
        }));
        all.put("limit", new Switch(typed("Messages at most", "2"), page -> {
            ask(page);
            assertThat(part(page, "limit")).isHidden();
            ask(page);
            assertThat(part(page, "limit")).containsText("That was the last message of this conversation.");
        }));
        all.put(
                "limitText",
                new Switch(
                        typed("Message at the limit", "Enough."),
                        page -> assertThat(part(page, "limit")).containsText("Enough.")));
        all.put("newConversationButton", new Switch(ticked("New conversation button", false), page -> {
            assertThat(part(page, "limit")).containsText("Enough.");
            assertThat(part(page, "new-conversation")).hasCount(0);
            assertThat(part(page, "visitor-text")).hasCount(2);
        }));
        all.put("crossPage", new Switch(ticked("Cross-page persistence", false), page -> {
            open(page);
            assertThat(part(page, "assistant-text")).hasCount(2);
            assertThat(part(page, "visitor-text")).hasCount(0);
        }));
        // With those who have not found the chat yet.
        all.put("prompts.texts", new Switch(typed("Prompts, a line each", "One\nTwo\nThree"), page -> {
            page.evaluate("sessionStorage.clear()");
            page.reload();
            assertThat(part(page, "prompt-text")).hasText("One");
        }));
        all.put(
                "prompts.seconds",
                new Switch(
                        typed("Seconds between prompts", "1"),
                        page -> assertThat(part(page, "prompt-text"))
                                .hasText("Two", new LocatorAssertions.HasTextOptions().setTimeout(3_000))));
        all.put(
                "prompts.mode",
                new Switch(
                        chosen("Prompts", "random"),
                        page -> assertThat(part(page, "prompt-text")).hasText("Three")));
        all.put(
                "sound",
                new Switch(
                        page -> {
                            assertThat(page.evaluate("sounds")).isEqualTo(0);
                            ticked("Sound on entering", true).at(page);
                        },
                        page -> page.waitForCondition(
                                () -> !page.evaluate("sounds").equals(0))));
        all.put(
                "locale",
                new Switch(
                        chosen("Language", "de"),
                        page -> assertThat(part(page, "button")).hasAttribute("aria-label", "Chat öffnen")));
        return all;
    }

    @Test
    void everySwitchDoesWhatItSaysAndEveryButtonDoes() throws Exception {
        try (KeyrackProcess demo = Program.in(folder).start("demo")) {
            Wait.until(
                    "the demo prints where the shop is",
                    () -> SHOP.matcher(demo.out()).find());
            Matcher shop = SHOP.matcher(demo.out());
            assertThat(shop.find()).isTrue();
            Page page = BROWSER.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT)
                            .setReducedMotion(ReducedMotion.NO_PREFERENCE))
                    .newPage();
            page.addInitScript(PROBES);
            page.navigate(shop.group(1));
            buttons(page);

            Map<String, Switch> switches = switches();
            assertThat(page.locator("#options")
                            .evaluate("form => [...form.elements].map(field => field.name).filter(name => name)"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .containsExactlyInAnyOrderElementsOf(List.<Object>copyOf(switches.keySet()));
            switches.forEach((name, each) -> {
                each.set().at(page);
                page.waitForResponse(
                        answer -> answer.url().endsWith("/options")
                                && answer.request().method().equals("GET"),
                        () -> button(page, "Save and open anew").click());
                assertThat(part(page, "button")).isVisible();
                try {
                    each.seen().at(page);
                } catch (AssertionError e) {
                    throw new AssertionError("the switch " + name, e);
                }
            });
            demo.stop();
        }
    }

    /** Those that call the component, as a page does. */
    private static void buttons(Page page) {
        assertThat(page.locator("[data-call],[data-send]"))
                .hasText(new String[] {"Open", "Close", "New conversation", "Log out", "Ask about delivery"});
        open(page);
        page.locator("[data-call=close]").click();
        assertThat(dialog(page)).isHidden();
        open(page);
        for (String call : List.of("newConversation", "logout")) {
            ask(page);
            page.locator("[data-call=" + call + "]").click();
            assertThat(part(page, "visitor-text")).hasCount(0);
        }
        assertThat(dialog(page)).isHidden();
        assertThat(page.locator("#events")).containsText("close {}");
        open(page);
    }

    private static void open(Page page) {
        page.locator("[data-call=open]").click();
        assertThat(dialog(page)).isVisible();
    }

    /** Asks, and waits for the answer. */
    private static void ask(Page page) {
        int before = part(page, "rating").count();
        page.locator("[data-send]").click();
        assertThat(part(page, "rating")).hasCount(before + 2);
    }

    private static Locator part(Page page, String name) {
        return page.locator("keyrack-assistant [part~=" + name + "]");
    }

    private static Locator dialog(Page page) {
        return page.locator("keyrack-assistant").getByRole(AriaRole.DIALOG);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator field(Page page, String label) {
        return page.locator("#options").getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
    }

    private static Look typed(String label, String text) {
        return page -> field(page, label).fill(text);
    }

    private static Look chosen(String label, String option) {
        return page -> page.locator("#options")
                .getByRole(
                        AriaRole.COMBOBOX,
                        new Locator.GetByRoleOptions().setName(label).setExact(true))
                .selectOption(option);
    }

    private static Look ticked(String label, boolean on) {
        return page -> field(page, label).setChecked(on);
    }

    private static Look link(String what) {
        return page -> assertThat(
                        page.locator("keyrack-assistant [part~=links] a[href='https://example.com/" + what + "']"))
                .isVisible();
    }
}
