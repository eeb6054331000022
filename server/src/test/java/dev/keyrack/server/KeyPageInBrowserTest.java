package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.dialog;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.look;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: the page of a key is found, read and used by role and label in a real browser, large and small, light and dark. */
class KeyPageInBrowserTest extends TestingDesk {
    private static final long HOUR = 3_600_000_000L;

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer.Made shop() {
        TestingServer.Made key = server.make(
                "web",
                ",'restrictions':{'websites':['https://example.com'],'networks':['192.0.2.0/24'],'observe':['networks']},"
                        + "'metadata':{'customer':'1234'},'permissions':['chat.start','chat.read']");
        server.owner.patch(key.path(), "{'name':'Shop front page'}");
        return key;
    }

    private static String page(TestingServer.Made key) {
        return url + "/settings/api-keys/" + key.id();
    }

    private interface Look {
        void at(Page page, String name);
    }

    private static void everyWay(Look look) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(TestingBrowser.DESKTOP, TestingBrowser.PHONE)) {
                look.at(
                        signIn(BROWSER.page(width, scheme), url),
                        "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** What gates would have written down in the last days. */
    private static void refused(TestingServer.Made key) {
        long now = System.currentTimeMillis() * 1_000;
        for (int ago = 0; ago < 150; ago += 7) {
            long at = now - ago * HOUR;
            server.refused(key.id(), at, "WEBSITE_NOT_ALLOWED", false, "https://shop.example.com", 3 + ago * 5 % 17);
            server.refused(key.id(), at, "NETWORK_NOT_ALLOWED", true, "203.0.113.9", 1 + ago % 5);
        }
        server.refused(key.id(), now, "WEBSITE_NOT_ALLOWED", false, "", 2);
    }

    /** How many points of the chart have this colour. */
    private static int drawn(Page page, String colour) {
        return ((Number) page.locator("[data-chart] canvas").evaluate("""
                        (canvas, name) => {
                          const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
                          probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
                          probe.fillRect(0, 0, 1, 1);
                          const wanted = probe.getImageData(0, 0, 1, 1).data;
                          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                          let found = 0;
                          for (let i = 0; i < data.length; i += 4) {
                            if (wanted.every((part, at) => data[i + at] === part)) found++;
                          }
                          return found;
                        }
                        """, colour)).intValue();
    }

    @Test
    void everyTabIsAccessible() {
        TestingServer.Made key = shop();
        refused(key);
        server.minted.add(server.owner
                .post(key.path() + "/regenerate", "{'overlapSeconds':86400}")
                .at("/token"));
        everyWay((page, name) -> {
            page.navigate(page(key));
            look(page, "key" + name);
            link(page, "Restrictions").click();
            assertThat(page).hasURL(page(key) + "/restrictions");
            look(page, "key-restrictions" + name);
            link(page, "Refusals").click();
            assertThat(page.locator("[data-chart] canvas")).isVisible();
            assertThat(drawn(page, "--bad")).as("what was refused").isGreaterThan(200);
            assertThat(drawn(page, "--warn")).as("what would have been").isGreaterThan(100);
            look(page, "key-refusals" + name);
            link(page, "By hour").click();
            assertThat(page.locator("[data-chart] canvas")).isVisible();
            look(page, "key-refusals-hour" + name);
            link(page, "Activity").click();
            page.getByText("Change", new Page.GetByTextOptions().setExact(true))
                    .first()
                    .click();
            look(page, "key-activity" + name);
            page.navigate(page(key) + "/edit");
            look(page, "key-edit" + name);
            page.navigate(page(key) + "/regenerate");
            look(page, "key-regenerate" + name);
        });
    }

    @Test
    void keyThatIsOffIsAccessible() {
        TestingServer.Made disabled = server.make("server");
        server.owner.post(disabled.path() + "/disable");
        TestingServer.Made revoked = shop();
        server.owner.delete(revoked.path());
        everyWay((page, name) -> {
            page.navigate(page(disabled) + "?done=key-disabled");
            assertThat(button(page, "Undo: enable it again")).isVisible();
            look(page, "key-disabled" + name);
            page.navigate(page(disabled) + "/refusals");
            look(page, "key-refusals-none" + name);
            page.navigate(page(revoked));
            assertThat(page.getByText("That can never be undone")).isVisible();
            look(page, "key-revoked" + name);
            page.navigate(page(revoked) + "/restrictions");
            look(page, "key-restrictions-revoked" + name);
        });
    }

    @Test
    void formsThatFailAreAccessibleAndLeadToTheField() {
        TestingServer.Made key = shop();
        everyWay((page, name) -> {
            page.navigate(page(key) + "/edit");
            page.getByLabel("Expires (Europe/Zurich)").fill("1999-01-01T00:00");
            button(page, "Update API Key").click();
            assertThat(page.getByText("must lie in the future").first()).isVisible();
            look(page, "key-edit-wrong" + name);
            page.onceDialog(com.microsoft.playwright.Dialog::accept);
            page.navigate(page(key) + "/restrictions");
            page.getByLabel("Allowed websites", new Page.GetByLabelOptions().setExact(true))
                    .last()
                    .fill("https://*.com");
            button(page, "Save restrictions").click();
            assertThat(page.getByText("where anybody can have one").last()).isVisible();
            look(page, "key-restrictions-wrong" + name);
            page.onceDialog(com.microsoft.playwright.Dialog::accept);
            page.navigate("about:blank");
        });
    }

    /** Zurich is two hours ahead of UTC in summer. */
    @Test
    void expiryIsTypedInTheReadersZoneAndInUtcWithoutJavaScript() {
        TestingServer.Made key = shop();
        Page page = signIn(BROWSER.page(), url);
        page.navigate(page(key) + "/edit");
        page.getByLabel("Expires (Europe/Zurich)").fill("2099-07-01T10:00:30");
        button(page, "Update API Key").click();
        assertThat(page.getByText("Saved, and in force at every node.")).isVisible();
        assertThat(server.owner.get(key.path()).at("/key/expiresAt")).startsWith("2099-07-01T08:00:30");
        page.navigate(page(key) + "/edit");
        assertThat(page.getByLabel("Expires (Europe/Zurich)")).hasValue("2099-07-01T10:00:30");
        // Nothing but the name is changed, also in the hour that clocks repeat in autumn.
        server.owner.patch(key.path(), "{'expiresAt':'2099-10-25T01:30:00Z'}");
        page.navigate(page(key) + "/edit");
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Renamed");
        button(page, "Update API Key").click();
        assertThat(page.getByText("Saved, and in force at every node.")).isVisible();
        assertThat(server.owner.get(key.path()).at("/key/expiresAt")).startsWith("2099-10-25T01:30:00");
        Page plain = signIn(BROWSER.pageWithoutJavaScript(TestingBrowser.DESKTOP), url);
        plain.navigate(page(key) + "/edit");
        plain.getByLabel("Expires (UTC)").fill("2099-07-01T10:00:30");
        button(plain, "Update API Key").click();
        assertThat(plain.getByText("Saved, and in force at every node.")).isVisible();
        assertThat(server.owner.get(key.path()).at("/key/expiresAt")).startsWith("2099-07-01T10:00:30");
    }

    @Test
    void eyeShowsTheTokenAndHidesItAgain() {
        TestingServer.Made key = shop();
        Page page = signIn(BROWSER.page(), url);
        page.navigate(page(key));
        Locator eye = button(page, "Show the token of Shop front page");
        eye.click();
        assertThat(page.locator("#token")).hasText(key.token());
        assertThat(eye).hasAttribute("aria-pressed", "true");
        eye.click();
        assertThat(page.locator("#token")).not().hasText(key.token());
        assertThat(page).hasURL(page(key));
    }

    @Test
    void keyIsRenamedCopiedAndDeletedFromItsPageAndItsTokenStays() {
        TestingServer.Made key = shop();
        Page page = signIn(
                BROWSER.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT)
                                .setPermissions(List.of("clipboard-read", "clipboard-write")))
                        .newPage(),
                url);
        page.navigate(page(key));
        link(page, "Edit").click();
        field(page, "Name").fill("Back office");
        button(page, "Update API Key").click();
        assertThat(page.getByText("Saved, and in force at every node.")).isVisible();
        assertThat(server.from(key, "https://example.com")).isEqualTo("VALID");
        assertThat(page.getByText("by owner@example.com").first()).isVisible();
        button(page, "Copy the token of Back office").click();
        page.waitForCondition(() -> key.token().equals(page.evaluate("navigator.clipboard.readText()")));
        link(page, "Delete").click();
        dialog(page, "Revoke Back office?")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Yes, delete"))
                .click();
        assertThat(dialog(page, "Back office is revoked")).containsText("Off everywhere since");
        assertThat(server.code(key.token())).isEqualTo("REVOKED");
    }

    @Test
    void formerTokenWorksForTheTimeThatIsChosenOrUntilItIsEnded() {
        TestingServer.Made key = shop();
        Page page = signIn(BROWSER.page(), url);
        page.navigate(page(key) + "/regenerate");
        page.getByLabel("7 days").check();
        button(page, "Regenerate").click();
        String token = page.locator("[data-token]").textContent();
        server.minted.add(token);
        page.navigate(page(key));
        assertThat(page.getByText("Generation 1")).isVisible();
        assertThat(page.getByText("Generation 2")).isVisible();
        assertThat(page.getByText("Works until")).isVisible();
        assertThat(server.from(key, "https://example.com")).isEqualTo("VALID");
        button(page, "End it now").click();
        assertThat(page.getByText("The former token has stopped, at every node."))
                .isVisible();
        assertThat(page.getByText("Generation 1")).hasCount(0);
        assertThat(server.code(key.token())).isEqualTo("REVOKED");
        assertThat(server.from(new TestingServer.Made(key.id(), token), "https://example.com"))
                .isEqualTo("VALID");
    }

    /** Without a script, the pages that answer the eye and the icon that copies. */
    @Test
    void pagesThatShowATokenAreAccessible() {
        everyWay((page, name) -> {
            TestingServer.Made key = shop();
            page.navigate(page(key));
            page.locator("form[data-reveal]").evaluate("form => form.submit()");
            assertThat(page).hasURL(page(key) + "/reveal");
            assertThat(page.locator("#token")).hasText(key.token());
            look(page, "key-token" + name);
            page.navigate(url + "/settings/api-keys");
            page.locator("form[action*='/" + key.id() + "/copy']").evaluate("form => form.submit()");
            assertThat(page.locator("#token")).hasText(key.token());
            look(page, "keys-token" + name);
        });
    }

    @Test
    void dangerIsSaidAsTheListEmptiesAndAsAnyWebsiteIsAccepted() {
        everyWay((page, name) -> {
            TestingServer.Made key = shop();
            page.navigate(page(key) + "/restrictions");
            Locator empty = page.getByText("The list is empty: the key refuses every website.");
            Locator any = page.getByText("Any website can use this key, in your name and at your cost.");
            assertThat(empty).isHidden();
            page.getByLabel("https://example.com", new Page.GetByLabelOptions().setExact(true))
                    .check();
            page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Websites"))
                    .first()
                    .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                    .click();
            assertThat(empty).isVisible();
            assertThat(any).isHidden();
            look(page, "key-restrictions-empty" + name);
            page.getByLabel("Accept any website").check();
            assertThat(any).isVisible();
            assertThat(empty).isHidden();
            look(page, "key-restrictions-any" + name);
            button(page, "Save restrictions").click();
            assertThat(page.getByText("Saved, and in force everywhere.")).isVisible();
            look(page, "key-restrictions-saved" + name);
            assertThat(server.gate
                            .post("/v1/verify", "{'token':'" + key.token() + "','origin':'https://any.example'}")
                            .at("/code"))
                    .isEqualTo("VALID");
        });
    }

    @Test
    void refusedWebsiteIsAllowedWithOneClickAndASave() {
        TestingServer.Made key = shop();
        refused(key);
        Page page = signIn(BROWSER.page(), url);
        page.navigate(page(key) + "/refusals");
        link(page, "Allow this website: https://shop.example.com").click();
        assertThat(page.getByText("https://shop.example.com is in the form below, and not saved yet."))
                .isVisible();
        button(page, "Save restrictions").click();
        assertThat(page.getByText("Saved, and in force everywhere.")).isVisible();
        page.getByLabel("Origin of the page").fill("https://shop.example.com");
        page.getByLabel("Address of the caller").fill("203.0.113.9");
        assertThat(page.locator("main").getByText("The key answers VALID")).isVisible();
        assertThat(page.locator("main").getByText("Would refuse")).isVisible();
        look(page, "key-trial");
        page.getByLabel("Origin of the page").fill("https://shop.example.org");
        assertThat(page.locator("main").getByText("The key answers WEBSITE_NOT_ALLOWED"))
                .isVisible();
        look(page, "key-trial-refused");
    }

    @Test
    void secretTokenStaysUntilItIsStored() {
        everyWay((page, name) -> {
            TestingServer.Made key = server.make("server");
            page.navigate(page(key));
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Regenerate"))
                    .click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.getByLabel("1 hour").check();
            look(page, "key-regenerate-dialog" + name);
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Regenerate"))
                    .click();
            assertThat(dialog.getByText("You will not see this again.")).isVisible();
            String token = dialog.locator("[data-token]").textContent();
            server.minted.add(token);
            assertThat(server.code(token)).isEqualTo("VALID");
            look(page, "key-regenerated-dialog" + name);
            page.keyboard().press("Escape");
            assertThat(dialog).isVisible();
            dialog.getByLabel("I have stored it").check();
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Back to the key"))
                    .click();
            assertThat(dialog).isHidden();
            assertThat(page.getByText("Generation 2")).isVisible();
            assertThat(page.content()).doesNotContain(token);
        });
    }

    @Test
    void keyIsDisabledRestrictedAndTriedWithoutScript() {
        TestingServer.Made key = shop();
        Page page = signIn(BROWSER.pageWithoutJavaScript(TestingBrowser.DESKTOP), url);
        page.navigate(page(key));
        button(page, "Disable").click();
        assertThat(page.getByText("The key is disabled: no node says yes to it any more."))
                .isVisible();
        assertThat(server.code(key.token())).isEqualTo("DISABLED");
        button(page, "Undo: enable it again").click();
        link(page, "Restrictions").click();
        page.getByLabel("Allowed websites").fill("https://one.example\nhttps://two.example");
        button(page, "Save restrictions").click();
        assertThat(page.getByText("Saved, and in force everywhere.")).isVisible();
        page.getByLabel("Origin of the page").fill("https://two.example");
        button(page, "Try it").click();
        assertThat(page.locator("main").getByText("The key answers VALID")).isVisible();
        TestingBrowser.screenshot(page, "key-restrictions-no-script");
    }
}
