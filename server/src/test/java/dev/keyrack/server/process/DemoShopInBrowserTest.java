package dev.keyrack.server.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Promise: the demo's shop is a page of another origin on which the assistant answers, and its switches do what they say. */
class DemoShopInBrowserTest {
    private static final Pattern SHOP = Pattern.compile("(http://127\\.0\\.0\\.1:[0-9]+/)\\n\\nThe portal");

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    @TempDir
    Path folder;

    @Test
    void visitorAsksAndWhoeverTriesTheOptionsSeesThem() throws Exception {
        try (KeyrackProcess demo = Program.in(folder).start("demo")) {
            Wait.until(
                    "the demo prints where the shop is",
                    () -> SHOP.matcher(demo.out()).find());
            Matcher shop = SHOP.matcher(demo.out());
            assertThat(shop.find()).isTrue();
            Page page = BROWSER.page(TestingBrowser.DESKTOP, ColorScheme.DARK);
            page.navigate(shop.group(1));
            TestingBrowser.axe(page);

            button(page, "Open").click();
            button(page, "Ask about delivery").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(dialog).containsText("How long does delivery take?");
            assertThat(page.locator("#events")).containsText("message {");
            assertThat(page.locator("#events")).containsText("\"state\":\"complete\"");
            TestingBrowser.axe(page);

            button(page, "Close").last().click();
            page.getByLabel("Title").fill("Ask the potter");
            page.getByLabel("Button size").fill("100");
            page.getByLabel("Expand in its container").check();
            page.getByLabel("Messages at most").fill("10001");
            button(page, "Save and open anew").click();
            assertThat(page.getByLabel("Messages at most").evaluate("field => field.validity.valid"))
                    .isEqualTo(false);
            page.getByLabel("Messages at most").fill("1");
            button(page, "Save and open anew").click();
            assertThat(page.locator("#events")).not().containsText("message {");
            assertThat(page.getByLabel("Title")).hasValue("Ask the potter");
            button(page, "Open").last().click();
            assertThat(dialog).hasAccessibleName("Ask the potter");
            page.locator("[part~=expand]").click();
            BoundingBox place = page.locator("#place").boundingBox();
            assertThat(dialog.boundingBox().width).as("it fills its container").isBetween(place.width - 2, place.width);
            TestingBrowser.axe(page);
            demo.stop();
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
