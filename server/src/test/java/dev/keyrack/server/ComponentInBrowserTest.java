package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise: on a page of another origin, under a strict policy, the web component shows what its key configures, every option
 * of it.
 */
class ComponentInBrowserTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static TestingShop shop;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        shop = TestingShop.start(server);
    }

    @AfterAll
    static void stop() {
        shop.close();
        server.close();
    }

    private static TestingServer.Made key(String options) {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['" + shop.origin("shop") + "']}");
        Answer configured = server.owner.patch(key.path() + "/component", options);
        assertThat(configured.status()).as(configured.text()).isEqualTo(200);
        return key;
    }

    private static Page visit(String options) {
        return visit(BROWSER.page(), key(options));
    }

    private static Page visit(Page page, TestingServer.Made key) {
        shop.show(key.token(), "");
        page.navigate(shop.origin("shop") + "/");
        return page;
    }

    private static Locator launcher(Page page) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Open chat")));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    private static Page opened(String options) {
        Page page = visit(options);
        launcher(page).click();
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        return page;
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 70, 140})
    void buttonIsAsLargeAsItIsConfigured(int size) {
        Page page = visit("{'button':{'size':" + size + "}}");
        assertThat(launcher(page)).isVisible();
        BoundingBox box = launcher(page).boundingBox();
        assertThat(box.width).isEqualTo(size);
        assertThat(box.height).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"left, 10", "right, 10", "left, 200", "right, 57"})
    void buttonStandsAtItsSideAndAboveItsMargin(String side, int margin) {
        Page page = visit("{'button':{'side':'" + side + "','bottomMargin':" + margin + "}}");
        assertThat(launcher(page)).isVisible();
        BoundingBox box = launcher(page).boundingBox();
        assertThat(page.viewportSize().height - box.y - box.height).isEqualTo(margin);
        assertThat(box.x < TestingBrowser.DESKTOP / 2.0).isEqualTo(side.equals("left"));
    }

    @Test
    void introMessagesStandInTheConversationThatOpens() {
        Page page = opened("{'title':'Kiln & Clay','introMessages':['Hello <b>you</b>','How can I help?']}");
        assertThat(page.getByRole(AriaRole.DIALOG, new Page.GetByRoleOptions().setName("Kiln & Clay")))
                .isVisible();
        assertThat(page.getByText("Hello <b>you</b>")).isVisible();
        assertThat(page.getByText("How can I help?")).isVisible();
    }

    @Test
    void buttonsAndLinksAreThereOnlyWhereTheyAreConfigured() {
        Page all = opened("{'closeButton':true,'newConversationButton':true,'expand':true,"
                + "'privacyUrl':'https://example.com/privacy','termsUrl':'https://example.com/terms'}");
        Locator dialog = all.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByRole(AriaRole.BUTTON, name("Close chat"))).isVisible();
        assertThat(dialog.getByRole(AriaRole.BUTTON, name("New conversation"))).isVisible();
        assertThat(dialog.getByRole(AriaRole.BUTTON, name("Expand"))).isVisible();
        assertThat(dialog.getByRole(AriaRole.LINK, name("Privacy policy (opens in a new tab)")))
                .hasAttribute("href", "https://example.com/privacy");
        assertThat(dialog.getByRole(AriaRole.LINK, name("Terms of service (opens in a new tab)")))
                .hasAttribute("href", "https://example.com/terms");
        Page none = opened("{'closeButton':false,'newConversationButton':false,'expand':false}");
        dialog = none.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByRole(AriaRole.BUTTON, name("Close chat"))).hasCount(0);
        assertThat(dialog.getByRole(AriaRole.BUTTON, name("New conversation"))).hasCount(0);
        assertThat(dialog.getByRole(AriaRole.BUTTON, name("Expand"))).hasCount(0);
        assertThat(dialog.getByRole(AriaRole.LINK)).hasCount(0);
    }

    private static Locator.GetByRoleOptions name(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    @Test
    void answerOfTheAssistantIsShown() {
        Page page = opened("{}");
        page.getByLabel("Your message").fill("Hello");
        button(page, "Send").click();
        assertThat(page.getByRole(AriaRole.LOG).getByText("I have no answer to that yet."))
                .isVisible();
    }
}
