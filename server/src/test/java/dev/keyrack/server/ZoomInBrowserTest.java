package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Promise: at 200 %, in a window of 1280 by 800, every page is read without scrolling sideways, and no text is cut off (WCAG
 * 2.2, 1.4.4). A browser's zoom makes of that window one of 640 by 400 CSS pixels, of two device pixels each.
 */
class ZoomInBrowserTest {
    /** Texts in a box that hides what does not fit into it. One that says so with an ellipsis has the whole in its title. */
    private static final String CUT = """
            () => [...document.body.querySelectorAll('*')].filter(element => {
              const style = getComputedStyle(element);
              return ['hidden', 'clip'].includes(style.overflowX) && style.clipPath === 'none' && element.clientWidth > 1
                && style.textOverflow !== 'ellipsis' && element.innerText && element.scrollWidth > element.clientWidth + 1;
            }).map(element => element.outerHTML.slice(0, 120))
            """;

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        TestingReader.owner(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyPageIsReadAtTwiceItsSize() {
        String url = ControlFile.read(server.data).orElseThrow().url();
        Browser.NewContextOptions zoomed = TestingBrowser.options(TestingBrowser.DESKTOP / 2, ColorScheme.LIGHT)
                .setViewportSize(TestingBrowser.DESKTOP / 2, 400)
                .setDeviceScaleFactor(2);
        TestingPortal.pages(server).forEach((reader, paths) -> {
            Page page = TestingPortal.signIn(BROWSER.profile(zoomed).newPage(), url, reader);
            assertThat(page.evaluate("[innerWidth, devicePixelRatio].join()")).isEqualTo("640,2");
            for (String path : paths) {
                page.navigate(url + path);
                assertThat(page.locator("main")).isVisible();
                TestingBrowser.fits(page);
                assertThat(page.evaluate(CUT)).as("what is cut off at " + path).isEqualTo(List.of());
            }
        });
    }
}
