package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.browser.TestingBrowser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: whom a key lets in is what somebody chose on its page, as soon as that page says that it is in force. */
class KeyRestrictionsInBrowserTest extends TestingDesk {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static Page opened(Made key) {
        Page page = signIn(BROWSER.page(), url);
        page.navigate(url + "/settings/api-keys/" + key.id() + "/restrictions");
        return page;
    }

    private static Locator restriction(Page page, String name) {
        return page.getByRole(
                        AriaRole.GROUP,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .first();
    }

    private static Locator button(Locator in, String name) {
        return in.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name));
    }

    private static void add(Locator restriction, String... entries) {
        for (String entry : entries) {
            restriction.getByRole(AriaRole.TEXTBOX).fill(entry);
            button(restriction, "Add").click();
        }
    }

    /** Delete is there once an entry is selected. */
    private static void delete(Locator restriction, String entry) {
        assertThat(button(restriction, "Delete")).isHidden();
        restriction
                .getByLabel(entry, new Locator.GetByLabelOptions().setExact(true))
                .check();
        button(restriction, "Delete").click();
    }

    private static void save(Page page) {
        page.waitForResponse(
                response -> response.request().method().equals("POST"),
                () -> TestingPortal.button(page, "Save restrictions").click());
        assertThat(page.getByText("Saved, and in force everywhere.")).isVisible();
    }

    @Test
    void websitesWithSubdomainsAndPortsAreAddedAndDeletedAndNoneIsFromAnywhere() {
        Made key = server.make("web");
        Page page = opened(key);
        Locator websites = restriction(page, "Websites");
        websites.getByLabel("Only pages of the websites in a list.").check();
        add(
                websites,
                "https://example.com",
                "https://*.example.com",
                "http://www.example.com:8000",
                "https://shop.example.org/cart?item=1#top");
        save(page);
        assertThat(page.getByText("A website cannot be restricted to a path"))
                .containsText("https://shop.example.org.");
        for (String in : new String[] {
            "https://example.com", "https://a.b.example.com", "http://www.example.com:8000", "https://shop.example.org"
        }) {
            assertThat(server.from(key, in)).as(in).isEqualTo("VALID");
        }
        for (String out : new String[] {
            "http://www.example.com", "http://www.example.com:8001", "https://example.org", "https://a.shop.example.org"
        }) {
            assertThat(server.from(key, out)).as(out).isEqualTo("WEBSITE_NOT_ALLOWED");
        }

        delete(websites, "https://example.com");
        save(page);
        assertThat(server.from(key, "https://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.from(key, "https://a.example.com")).isEqualTo("VALID");

        websites.getByLabel("Usable from anywhere").check();
        save(page);
        assertThat(server.from(key, "https://example.org")).isEqualTo("VALID");
    }

    @Test
    void addressesAndNetworksAreAddedAndDeletedAndAllThatIsSetMustHold() {
        Made key = server.restricted("{'websites':['https://example.com']}");
        Page page = opened(key);
        Locator addresses = restriction(page, "IP addresses");
        addresses.getByLabel("Only from the addresses in a list.").check();
        add(addresses, "192.0.2.7", "203.0.113.0/24", "2001:db8::/32");
        save(page);
        for (String in : new String[] {"192.0.2.7", "203.0.113.200", "2001:db8::1"}) {
            assertThat(verdict(key, in)).as(in).isEqualTo("VALID");
        }
        for (String out : new String[] {"192.0.2.8", "203.0.114.1", "2001:db9::1"}) {
            assertThat(verdict(key, out)).as(out).isEqualTo("NETWORK_NOT_ALLOWED");
        }
        assertThat(server.verdict(key, ",'origin':'https://example.org','ip':'192.0.2.7'"))
                .isEqualTo("WEBSITE_NOT_ALLOWED");

        delete(addresses, "203.0.113.0/24");
        save(page);
        assertThat(verdict(key, "203.0.113.200")).isEqualTo("NETWORK_NOT_ALLOWED");
        assertThat(verdict(key, "192.0.2.7")).isEqualTo("VALID");
    }

    private static String verdict(Made key, String address) {
        return server.verdict(key, ",'origin':'https://example.com','ip':'" + address + "'");
    }

    @Test
    void developersOwnPageAndAddressAreLetInUntilThatIsEnded() {
        Made key = server.restricted("{'websites':['https://example.com'],'networks':['192.0.2.0/24']}");
        Page page = opened(key);
        Locator address = page.getByLabel("Your public address");
        assertThat(address).hasValue("127.0.0.1");
        page.getByLabel("Your page on this machine").fill("http://localhost:3000");
        address.fill("203.0.113.7/24");
        page.getByLabel("Hours, at most 168").fill("2");
        TestingPortal.button(page, "Start local development").click();
        assertThat(page.getByText("Local development works now.")).isVisible();
        assertThat(page.getByText("Works until")).isVisible();
        String here = ",'origin':'http://localhost:3000','ip':'203.0.113.99'";
        assertThat(server.verdict(key, here)).isEqualTo("VALID");
        assertThat(server.verdict(key, here.replace("3000", "3001"))).isEqualTo("WEBSITE_NOT_ALLOWED");
        TestingPortal.button(page, "End it now").click();
        assertThat(page.getByText("Local development is over, at every node.")).isVisible();
        assertThat(server.verdict(key, here)).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(address).isVisible();
    }
}
