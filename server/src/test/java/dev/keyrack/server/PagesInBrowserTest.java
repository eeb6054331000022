package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.ArrayList;
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

    @Test
    void recoveryPageTakesTheCodeOutOfTheAddressAndIsAccessible() {
        String link = server.operator
                .post("/api/v1/recovery-links", "{'email':'owner@example.org'}", "Keyrack-Organization", "other")
                .at("/link");
        BROWSER.everyWay((page, name) -> {
            page.navigate(link);
            assertThat(page.getByLabel("New password")).isVisible();
            assertThat(page).hasURL(url + "/recover");
            assertThat(page.getByLabel("Code of the link")).isHidden();
            assertThat(page.locator("#code")).hasValue(link.replaceFirst(".*#", ""));
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            TestingBrowser.screenshot(page, "recover" + name);
        });
    }

    @Test
    void recoveryPageWithoutACodeAsksForIt() {
        BROWSER.everyWay((page, name) -> {
            page.navigate(url + "/recover");
            assertThat(page.getByLabel("Code of the link")).isVisible();
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
        });
    }

    @Test
    void contractIsAccessible() {
        BROWSER.everyWay((page, name) -> {
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
        List<String> violations = new ArrayList<>();
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                violations.add(message.text());
            }
        });
        page.navigate(url + "/api#/Verification/verify");
        assertThat(page.locator("#operations-Verification-verify.is-open")).isVisible();
        page.locator("#operations-Verification-introspect .opblock-summary-control")
                .click();
        assertThat(page).hasURL(url + "/api#/Verification/introspect");
        page.getByText("Schema", new Page.GetByTextOptions().setExact(true))
                .last()
                .click();
        assertThat(violations).isEmpty();
    }
}
