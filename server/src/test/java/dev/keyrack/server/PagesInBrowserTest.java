package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the pages that are there are accessible, light and dark, large and small, and do nothing that their policy forbids. */
class PagesInBrowserTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static String url;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        url = ControlFile.read(server.data).orElseThrow().url().toString();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private interface Look {
        void at(Page page, String name);
    }

    private static void everyWay(Look look) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(TestingBrowser.DESKTOP, TestingBrowser.PHONE)) {
                look.at(
                        BROWSER.page(width, scheme),
                        "-" + width + "-" + scheme.name().toLowerCase());
            }
        }
    }

    @Test
    void recoveryPageIsAccessible() {
        everyWay((page, name) -> {
            String link = server.operator
                    .post("/api/v1/recovery-links", "{'email':'owner@example.org'}", "Keyrack-Organization", "other")
                    .at("/link");
            page.navigate(link);
            page.getByText("Make a new personal token").click();
            assertThat(page.getByText("Your new personal token")).isVisible();
            assertThat(page).hasURL(url + "/recover");
            server.minted.add(page.locator("#token").textContent());
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            TestingBrowser.screenshot(page, "recover" + name);
        });
    }

    @Test
    void recoveryPageWithoutACodeSaysWhatToDo() {
        everyWay((page, name) -> {
            page.navigate(url + "/recover");
            assertThat(page.getByText("Open the link as it was printed")).isVisible();
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
        });
    }

    @Test
    void contractIsAccessible() {
        everyWay((page, name) -> {
            page.navigate(url + "/api");
            assertThat(page.getByText("/api/v1/keys").first()).isVisible();
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            TestingBrowser.screenshot(page, "api" + name);
        });
    }

    @Test
    void operationOfTheContractHasAnAddress() {
        Page page = BROWSER.page();
        page.navigate(url + "/api#/Verification/verify");
        assertThat(page.locator("#operations-Verification-verify.is-open")).isVisible();
        page.locator("#operations-Verification-introspect .opblock-summary-control")
                .click();
        assertThat(page).hasURL(url + "/api#/Verification/introspect");
    }
}
