package dev.keyrack.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.CheckedNode;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ViewportSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The system's Chromium, one for a test class, registered as an extension of it. Each page has a profile of its own, closed
 * after the test, which fails when the page's policy forbade something or one of its scripts failed.
 *
 * <p>Hosts under {@code .test} are this machine: an address of one is that of an installation without TLS.
 */
public final class TestingBrowser implements AfterEachCallback, AfterAllCallback {
    public static final int DESKTOP = 1280;
    public static final int PHONE = 375;

    private static final int HEIGHT = 800;
    /** The one without windows first: the same engine for half of the processor time. */
    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final List<String> WCAG_2_2_AA = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    /** The script of axe-core, which the builder brings along. */
    private static final String AXE = script("/axe.min.js");

    /** Where pictures go; without it there are none. */
    private static final String SCREENSHOTS = "keyrack.screenshots";

    private final List<BrowserContext> profiles = new ArrayList<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final List<String> arguments;
    private @Nullable Playwright playwright;
    private @Nullable Browser chromium;

    /** @param more arguments of Chromium */
    public TestingBrowser(String... more) {
        arguments = Stream.concat(
                        Stream.of(
                                "--no-sandbox",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                // Its question whether to keep a password holds up the closing of a profile.
                                "--disable-save-password-bubble",
                                "--host-resolver-rules=MAP *.test 127.0.0.1"),
                        Stream.of(more))
                .toList();
    }

    /** As a reader at a desk in a bright room sees it. */
    public Page page() {
        return page(DESKTOP, ColorScheme.LIGHT);
    }

    public Page page(int width, ColorScheme scheme) {
        return profile(options(width, scheme)).newPage();
    }

    /** Looks at something in every way that readers do: light and dark, on a large and on a small screen. */
    public void everyWay(Look look) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(DESKTOP, PHONE)) {
                look.at(page(width, scheme), "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** What is done with a page, and what its picture's name ends in. */
    public interface Look {
        void at(Page page, String name);
    }

    public Page pageWithoutJavaScript(int width) {
        return profile(options(width, ColorScheme.LIGHT).setJavaScriptEnabled(false))
                .newPage();
    }

    /** A profile with anything else; several pages of one profile share its cookies. */
    public BrowserContext profile(Browser.NewContextOptions options) {
        BrowserContext profile = chromium().newContext(options);
        profiles.add(profile);
        profile.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")
                    || message.text().contains("requires 'Trusted")) {
                complaints.add(message.text());
            }
        });
        profile.onWebError(error -> complaints.add(error.error()));
        return profile;
    }

    /** What all profiles have in common: the same words and zone on every machine, and nothing that moves. */
    public static Browser.NewContextOptions options(int width, ColorScheme scheme) {
        return new Browser.NewContextOptions()
                .setViewportSize(width, HEIGHT)
                .setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setLocale("en-GB")
                .setTimezoneId("Europe/Zurich");
    }

    /** Fails with a readable list of what WCAG 2.2 AA asks and the page, once nothing is on its way, does not have. */
    public static void axe(Page page) {
        // But for a reply that streams into a chat's log, which is a state of its own.
        PlaywrightAssertions.assertThat(page.locator("[aria-busy=true]:not([role=log])"))
                .hasCount(0);
        String found = page.frames().size() == 1
                ? foundAlone(page)
                : new AxeBuilder(page)
                        .withTags(WCAG_2_2_AA).analyze().getViolations().stream()
                                .map(TestingBrowser::told)
                                .collect(Collectors.joining("\n"));
        assertThat(found).as("what axe found at " + page.url()).isEmpty();
    }

    /** As the builder finds it, which tells much of what is in order, too: that takes half as long again. */
    private static String foundAlone(Page page) {
        if (page.evaluate("typeof axe === 'undefined'").equals(true)) {
            page.evaluate("() => {" + AXE + "}");
        }
        return (String) page.evaluate("""
                async (tags) => {
                  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
                  return found.violations.map((rule) => `${rule.id}: ${rule.help} (${rule.helpUrl})`
                    + rule.nodes.map((node) => `\\n    ${node.html}\\n        ${node.failureSummary}`).join('')).join('\\n');
                }
                """, WCAG_2_2_AA);
    }

    private static String script(String resource) {
        try (InputStream in = Objects.requireNonNull(AxeBuilder.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String told(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " (" + rule.getHelpUrl() + ")"
                + rule.getNodes().stream().map(TestingBrowser::told).collect(Collectors.joining());
    }

    private static String told(CheckedNode node) {
        return "\n    " + node.getHtml() + "\n        "
                + String.valueOf(node.getFailureSummary()).replace("\n", "\n        ");
    }

    /** No part of the page is wider than the window. */
    public static void fits(Page page) {
        assertThat(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("the page fits the window's width at " + page.url())
                .isEqualTo(true);
    }

    /** Keeps a picture of the whole page, in the folder that the system property names. */
    public static void screenshot(Page page, String name) {
        String folder = System.getProperty(SCREENSHOTS, "");
        if (!folder.isEmpty()) {
            // In a window that shows all of it: what stands still while a page scrolls would end with the window.
            ViewportSize window = page.viewportSize();
            int whole = ((Number) page.evaluate("document.documentElement.scrollHeight")).intValue();
            page.setViewportSize(window.width, Math.max(window.height, whole));
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of(folder, name + ".png")));
            page.setViewportSize(window.width, window.height);
        }
    }

    /** Keeps a picture of what the window shows of the page, like {@link #screenshot}. */
    public static void view(Page page, String name) {
        String folder = System.getProperty(SCREENSHOTS, "");
        if (!folder.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, name + ".png")));
        }
    }

    private Browser chromium() {
        if (chromium == null) {
            // The driver never looks for a browser of its own.
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
            chromium = playwright
                    .chromium()
                    .launch(new LaunchOptions().setExecutablePath(program()).setArgs(arguments));
        }
        return chromium;
    }

    /** A missing one fails; nothing is skipped. */
    private static Path program() {
        return NAMES.stream()
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(":"))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("These tests need Chromium. Install it: apt-get install chromium."));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        profiles.forEach(BrowserContext::close);
        profiles.clear();
        List<String> said = List.copyOf(complaints);
        complaints.clear();
        assertThat(said)
                .as("what the pages' policy forbade, and scripts that failed")
                .isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        if (playwright != null) {
            playwright.close();
            playwright = null;
            chromium = null;
        }
    }
}
