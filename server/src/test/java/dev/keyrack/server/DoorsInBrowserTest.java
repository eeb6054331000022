package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.browser.TestingBrowser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Promise: people get in through each of the portal's doors, as they find it: by link, by password, and back in. */
class DoorsInBrowserTest {
    private static final String OWNER = "owner@example.com";

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static String url;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        // Nobody listens on this port: what is asked for is the page, not the mail.
        server = TestingServer.start(Map.of("KEYRACK_SMTP_URL", "smtp://127.0.0.1:9?from=keys@example.com"));
        url = ControlFile.read(server.data).orElseThrow().url();
        TestingReader.owner(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void everybodyMayTry() {
        server.byHand("DELETE FROM sign_in_failures");
    }

    private static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    private static Locator heading(Page page, String text) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(text).setLevel(1));
    }

    private static void signIn(Page page, String email, String password) {
        page.navigate(url + "/sign-in");
        page.getByLabel("E-mail").fill(email);
        page.getByLabel("Password").fill(password);
        press(page, "Sign in");
    }

    private static void requireSignedIn(Page page, String email) {
        assertThat(heading(page, "API Keys")).isVisible();
        page.getByLabel("Account of").click();
        assertThat(page.getByText(email).first()).isVisible();
    }

    private static String session(Page page) {
        return page.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("keyrack"))
                .map(cookie -> cookie.value)
                .findFirst()
                .orElse("");
    }

    private RunningServer empty() {
        return RunningServer.start(
                SettingsReader.read(
                        folder.resolve("none.yaml"),
                        Map.of(
                                "KEYRACK_DATA",
                                folder.resolve("data").toString(),
                                "KEYRACK_PORT",
                                "0",
                                "KEYRACK_GATE_PORT",
                                "0")),
                "test");
    }

    private static String link(RunningServer started) {
        return started.summary().stream()
                .map(String::strip)
                .filter(line -> line.contains("/welcome#"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void firstOwnerComesInByTheLinkOfTheStart() {
        try (RunningServer fresh = empty()) {
            Page page = BROWSER.page();
            page.navigate("http://127.0.0.1:" + fresh.port() + "/");
            assertThat(heading(page, "Not set up yet")).isVisible();
            assertThat(page.getByText("Open the link that was printed at the start"))
                    .isVisible();
            String link = link(fresh);
            page.navigate(link);
            assertThat(page).hasURL("http://127.0.0.1:" + fresh.port() + "/welcome");
            page.getByLabel("Organization").fill("Müller & Söhne");
            page.getByLabel("Your name").fill("Jane");
            page.getByLabel("E-mail").fill("jane@example.com");
            page.getByLabel("Password").fill("short");
            press(page, "Set up and sign in");
            assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
            assertThat(page.getByLabel("Organization")).hasValue("Müller & Söhne");
            assertThat(page.getByLabel("Password")).hasValue("");
            page.getByLabel("Password").fill(People.PASSWORD);
            press(page, "Set up and sign in");
            assertThat(page.getByText("Keyrack is set up, and you are signed in as its Owner."))
                    .isVisible();
            assertThat(page).hasURL("http://127.0.0.1:" + fresh.port() + "/settings/api-keys?done=welcome");
            requireSignedIn(page, "jane@example.com");
            Page late = BROWSER.page();
            late.navigate(link);
            assertThat(late.getByText("Keyrack is set up already. Sign in.")).isVisible();
            assertThat(late.url()).doesNotContain(link.replaceFirst(".*#", ""));
        }
    }

    @Test
    void welcomeWorksWithoutAScript() {
        try (RunningServer fresh = empty()) {
            String link = link(fresh);
            Page page = BROWSER.pageWithoutJavaScript(TestingBrowser.PHONE);
            page.navigate(link);
            page.getByLabel("Code of the link").fill(link);
            page.getByLabel("Organization").fill("Acme");
            page.getByLabel("Your name").fill("Jane");
            page.getByLabel("E-mail").fill("jane@example.com");
            page.getByLabel("Password").fill(People.PASSWORD);
            press(page, "Set up and sign in");
            assertThat(heading(page, "API Keys")).isVisible();
        }
    }

    private static String invitation(String email) {
        return server.owner
                .post("/api/v1/invitations", "{'email':'" + email + "','role':'developer'}")
                .at("/link");
    }

    @Test
    void invitedPersonAcceptsAndIsSignedIn() {
        Page page = BROWSER.page();
        page.navigate(invitation("joan@example.com"));
        assertThat(heading(page, "Welcome to Acme")).isVisible();
        page.getByLabel("Name").fill("Joan");
        page.getByLabel("New password").fill(People.PASSWORD);
        press(page, "Accept and sign in");
        assertThat(page.getByText("Welcome: you are a member now, and signed in."))
                .isVisible();
        requireSignedIn(page, "joan@example.com");
    }

    private static String recovery(String email) {
        server.byHand("DELETE FROM one_time_links");
        return server.operator
                .post("/api/v1/recovery-links", "{'email':'" + email + "'}", "Keyrack-Organization", "acme")
                .at("/link");
    }

    @Test
    void linkForANewPasswordLetsBackIn() {
        String password = "seven grey boats at noon";
        server.owner.post(
                "/api/v1/organizations", "{'name':'Back','subdomain':'back','ownerEmail':'back@example.com'}");
        String link = server.operator
                .post("/api/v1/recovery-links", "{'email':'back@example.com'}", "Keyrack-Organization", "back")
                .at("/link");
        Page page = BROWSER.page();
        page.navigate(link);
        page.getByLabel("New password").fill(password);
        press(page, "Set password and sign in");
        assertThat(page.getByText("You are signed in with your new password.")).isVisible();
        requireSignedIn(page, "back@example.com");
        Page again = BROWSER.page();
        again.navigate(link);
        again.getByLabel("New password").fill(password);
        press(again, "Set password and sign in");
        assertThat(again.getByRole(AriaRole.ALERT)).containsText("This link is not good");
        Page elsewhere = BROWSER.page();
        signIn(elsewhere, "back@example.com", password);
        assertThat(heading(elsewhere, "API Keys")).isVisible();
    }

    @Test
    void wrongPasswordIsToldKeepsTheAddressAndIsSlowedDown() {
        Page page = BROWSER.page();
        signIn(page, OWNER, "not it at all");
        for (int i = 0; i < 4; i++) {
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("E-mail and password do not fit together.");
            assertThat(page.getByLabel("E-mail")).hasValue(OWNER);
            assertThat(page.getByLabel("Password")).hasValue("");
            page.getByLabel("Password").fill("not it either " + i);
            page.waitForResponse(response -> response.url().endsWith("/sign-in"), () -> press(page, "Sign in"));
        }
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        // The first wait is a second, which may be over before a busy machine has asked.
        server.byHand("UPDATE sign_in_failures SET failures = failures + 6");
        page.getByLabel("Password").fill(TestingReader.PASSWORD);
        press(page, "Sign in");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Too many tries. Wait ");
        assertThat(session(page)).isEmpty();
    }

    @Test
    void signingInGivesANewCookieAndSigningOutTakesItAway() {
        Page page = BROWSER.page();
        page.context().addCookies(List.of(new Cookie("keyrack", "brought-along").setUrl(url)));
        signIn(page, OWNER, TestingReader.PASSWORD);
        assertThat(heading(page, "API Keys")).isVisible();
        String first = session(page);
        assertThat(first).isNotEqualTo("brought-along").hasSizeGreaterThan(40);
        assertThat(page.evaluate("document.cookie"))
                .as("what scripts can read: the reader's zone, which they wrote")
                .isEqualTo("keyrack-zone=Europe/Zurich");
        page.getByLabel("Account of").click();
        press(page, "Sign out");
        assertThat(page.getByText("You are signed out.")).isVisible();
        assertThat(session(page)).isEmpty();
        page.navigate(url + "/account");
        assertThat(heading(page, "Sign in")).isVisible();
        signIn(page, OWNER, TestingReader.PASSWORD);
        assertThat(session(page)).isNotEqualTo(first);
    }

    @Test
    void whoeverIsSignedOutComesBackToWhereTheyWantedToGo() {
        Page page = BROWSER.page();
        page.navigate(url + "/account/sessions");
        assertThat(page.getByText("Sign in to go on.")).isVisible();
        page.getByLabel("E-mail").fill(OWNER);
        page.getByLabel("Password").fill(TestingReader.PASSWORD);
        press(page, "Sign in");
        assertThat(page).hasURL(url + "/account/sessions");
        page.navigate(url + "/sign-in?next=//evil.example/");
        page.getByLabel("E-mail").fill(OWNER);
        page.getByLabel("Password").fill(TestingReader.PASSWORD);
        press(page, "Sign in");
        assertThat(page).hasURL(url + "/settings/api-keys");
    }

    /** In a profile of its own: that the policy forbids it is what is wanted here. */
    @Test
    void portalIsNotShownInAFrameOfAnotherPage() {
        try (BrowserContext profile = BROWSER.page().context().browser().newContext()) {
            Page page = profile.newPage();
            for (String path : List.of("/sign-in", "/settings/api-keys", "/recover")) {
                page.setContent("<iframe title='framed' src='" + url + path + "'></iframe>");
                page.waitForCondition(() ->
                        page.frames().size() == 2 && page.frames().get(1).url().startsWith("chrome-error:"));
                assertThat(page.frameLocator("iframe").locator("form")).hasCount(0);
            }
        }
    }

    @Test
    void forgottenPasswordTellsEverybodyTheSame() {
        for (String email : List.of(OWNER, "nobody@example.com")) {
            Page page = BROWSER.page();
            page.navigate(url + "/sign-in");
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Forgotten your password?"))
                    .click();
            page.getByLabel("E-mail").fill(email);
            press(page, "Send the link");
            assertThat(page.getByRole(AriaRole.STATUS))
                    .hasText("If this is a member’s address, a mail with a link is on its way to it. The link works"
                            + " once, for an hour.");
            assertThat(page).hasURL(url + "/forgotten?done=link-mailed");
        }
    }

    @Test
    void ownSessionsAreEndedFromTheList() {
        server.byHand("DELETE FROM portal_sessions");
        Page one = BROWSER.page();
        signIn(one, OWNER, TestingReader.PASSWORD);
        Page two = BROWSER.page();
        signIn(two, OWNER, TestingReader.PASSWORD);
        assertThat(heading(two, "API Keys")).isVisible();
        two.navigate(url + "/account/sessions");
        two.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("End the session of"))
                .click();
        assertThat(two.getByText("The session is ended.")).isVisible();
        one.reload();
        assertThat(heading(one, "Sign in")).isVisible();
    }

    @Test
    void everyDoorIsAccessible() {
        looks("sign-in", page -> page.navigate(url + "/sign-in"));
        looks("sign-in-wrong", page -> {
            signIn(page, OWNER, "wrong");
            assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        });
        looks("forgotten", page -> page.navigate(url + "/forgotten"));
        looks("forgotten-asked", page -> page.navigate(url + "/forgotten?done=link-mailed"));
        looks("invitation-code", page -> page.navigate(url + "/invitation"));
        String link = invitation("door@example.com");
        looks("invitation", page -> {
            page.navigate(link);
            assertThat(heading(page, "Welcome to Acme")).isVisible();
        });
        String recovery = recovery(OWNER);
        looks("recover-weak", page -> {
            page.navigate(recovery);
            page.getByLabel("New password").fill("short");
            press(page, "Set password and sign in");
            assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        });
        looks("confirm", page -> {
            signIn(page, OWNER, TestingReader.PASSWORD);
            assertThat(heading(page, "API Keys")).isVisible();
            page.navigate(url + "/account/confirm?next=/account");
        });
    }

    @Test
    void doorsOfAnEmptyStoreAreAccessible() {
        try (RunningServer fresh = empty()) {
            String at = "http://127.0.0.1:" + fresh.port();
            looks("not-set-up", page -> page.navigate(at + "/sign-in"));
            String link = link(fresh);
            looks("welcome", page -> page.navigate(link));
            looks("welcome-wrong", page -> {
                page.navigate(at + "/welcome");
                page.getByLabel("Code of the link").fill("wrong");
                page.getByLabel("Organization").fill("株式会社");
                page.getByLabel("Your name").fill("Jane");
                page.getByLabel("E-mail").fill("jane@example.com");
                page.getByLabel("Password").fill("short");
                press(page, "Set up and sign in");
                assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
            });
            looks("forgotten-no-mail", page -> page.navigate(at + "/forgotten"));
        }
    }

    private static void looks(String name, Consumer<Page> open) {
        BROWSER.everyWay((page, way) -> {
            server.byHand("DELETE FROM sign_in_failures");
            open.accept(page);
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            TestingBrowser.screenshot(page, "door-" + name + way);
        });
    }
}
