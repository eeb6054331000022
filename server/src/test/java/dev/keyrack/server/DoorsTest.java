package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise: the portal's doors let in who has the password and nobody else, tell nobody who is a member, and cannot be opened
 * by another site in a reader's name.
 */
class DoorsTest extends TestingDoors {
    @Test
    void knownAndUnknownAccountsGetTheSameAnswer() {
        String noPassword = "new@example.com";
        server.owner.post(
                "/api/v1/organizations", "{'name':'New','subdomain':'newest','ownerEmail':'" + noPassword + "'}");
        String known = answer(OWNER);
        assertThat(answer("nobody@example.com")).isEqualTo(known);
        assertThat(answer(noPassword)).isEqualTo(known);
    }

    /** Status, headers and text, without what is never twice the same and what was typed. */
    private static String answer(String email) {
        Answer answer = signIn(visitor(), email, "not the password at all");
        return answer.status() + " "
                + answer.headers().map().keySet() + " "
                + answer.text().replace(email, "E").replaceAll("name=\"csrf\" value=\"[^\"]+\"", "");
    }

    @Test
    void sixthWrongPasswordHasToWaitButNotInTheBrowserOfTheOwner() {
        Answer before = signIn();
        String device = TestingReader.cookie(before, "keyrack-device");
        for (int i = 0; i < 5; i++) {
            assertThat(signIn(visitor(), OWNER, "wrong " + i).status()).isEqualTo(401);
        }
        requireLongWait();
        Answer waiting = signIn(visitor(), OWNER, TestingReader.PASSWORD);
        assertThat(waiting.status()).isEqualTo(429);
        assertThat(waiting.text()).contains("Too many tries. Wait ").contains("value=\"" + OWNER + "\"");
        TestingReader own = visitor();
        TestingReader known = own.with(own.cookie() + "; " + device);
        known.open("/sign-in");
        assertThat(signIn(known, OWNER, TestingReader.PASSWORD).status()).isEqualTo(303);
    }

    /** Somebody with many addresses, who takes the one try of each minute before the owner does. */
    @Test
    void oneTimeLinkLetsTheOwnerInWhileAnAttackerTakesEveryTry() {
        for (int i = 0; i < 5; i++) {
            assertThat(signIn(visitor(), OWNER, "wrong " + i).status()).isEqualTo(401);
        }
        requireLongWait();
        assertThat(signIn(visitor(), OWNER, TestingReader.PASSWORD).status()).isEqualTo(429);
        TestingReader owner = visitor();
        owner.open("/recover");
        String link = server.operator
                .post("/api/v1/recovery-links", "{'email':'" + OWNER + "'}")
                .at("/link");
        Answer in = owner.send("/recover", "code", link, "password", TestingReader.PASSWORD);
        assertThat(in.status()).as(in.text()).isEqualTo(303);
        TestingReader known = owner.with(owner.cookie() + "; " + TestingReader.cookie(in, "keyrack-device"));
        for (int minute = 0; minute < 3; minute++) {
            server.byHand("UPDATE sign_in_failures SET last_at = last_at - 61000000, failures = 11"
                    + " WHERE subject LIKE 'account/%'");
            assertThat(signIn(visitor(), OWNER, "guess " + minute).status()).isEqualTo(401);
            assertThat(signIn(visitor(), OWNER, TestingReader.PASSWORD).status())
                    .isEqualTo(429);
            known.open("/sign-in");
            assertThat(signIn(known, OWNER, TestingReader.PASSWORD).status())
                    .as("in the browser that the link was opened in")
                    .isEqualTo(303);
        }
    }

    @Test
    void doorsShowWhoRunsTheInstallation() {
        String path = "/api/v1/organizations/" + server.organization;
        assertThat(visitor().open("/theme.css").text()).isEmpty();
        assertThat(server.owner
                        .patch(path, "{'name':'Outdoor & Co','settings':{'accentColor':'#007a5a'}}")
                        .status())
                .isEqualTo(200);
        for (String door : List.of("/sign-in", "/forgotten", "/recover")) {
            assertThat(visitor().open(door).text()).contains("Outdoor &amp; Co", "/theme.css");
        }
        assertThat(visitor().open("/theme.css").text()).contains("#007a5a");
        server.owner.patch(path, "{'name':'Acme','settings':{'accentColor':null}}");
    }

    @Test
    void memberOfSeveralOrganizationsGoesOnInAnotherFromEveryPage() {
        Answer invited = server.other.post("/api/v1/invitations", "{'email':'" + OWNER + "','role':'support'}");
        assertThat(People.accept(server, People.code(invited), TestingReader.PASSWORD)
                        .status())
                .isEqualTo(200);
        TestingReader reader = session();
        String page = reader.open("/projects").text();
        String member = page.replaceFirst("(?s).*class=\"quiet\" name=\"member\" value=\"([^\"]+)\".*", "$1");
        assertThat(reader.send("/account/switch", "member", member).status()).isEqualTo(303);
        assertThat(reader.open("/account").text()).contains("Support");
    }

    @Test
    void memberOfAnOrganizationThatIsSuspendedIsSignedOutAndToldWhy() {
        TestingReader admin =
                TestingReader.of(server, dev.keyrack.server.accounts.Role.ADMIN, server.otherOrganization);
        requireIn(admin);
        String path = "/api/v1/organizations/" + server.otherOrganization;
        assertThat(server.owner.post(path + "/suspend").status()).isEqualTo(200);
        requireOut(admin);
        assertThat(server.owner.post(path + "/resume").status()).isEqualTo(200);
        requireOut(admin);
    }

    /** The first wait is a second, which may be over before a busy machine has asked: here it is a minute. */
    private static void requireLongWait() {
        assertThat(server.rows().get("sign_in_failures").toString()).contains("account/", ", 5, ");
        server.byHand("UPDATE sign_in_failures SET failures = failures + 6 WHERE subject LIKE 'account/%'");
    }

    @Test
    void waitIsTheSameForAnAccountThatIsNone() {
        for (int i = 0; i < 5; i++) {
            assertThat(signIn(visitor(), "nobody@example.com", "wrong").status())
                    .isEqualTo(401);
        }
        requireLongWait();
        assertThat(signIn(visitor(), "nobody@example.com", "wrong").status()).isEqualTo(429);
    }

    @Test
    void guessingTheCurrentPasswordIsSlowedDownOnThePageAndInTheApi() {
        TestingReader owner = session();
        for (int i = 0; i < 4; i++) {
            owner.open("/account");
            Answer wrong = owner.send("/account/password", "current", "wrong " + i, "password", People.PASSWORD);
            assertThat(wrong.status()).isEqualTo(400);
        }
        String body = "{'current':'wrong again','password':'" + People.PASSWORD + "'}";
        assertThat(server.owner.post("/api/v1/me/password", body).pointers()).containsExactly("/current");
        requireLongWait();
        Answer waiting = server.owner.post("/api/v1/me/password", body);
        assertThat(waiting.status()).isEqualTo(429);
        assertThat(waiting.code()).isEqualTo("too_many_tries");
        assertThat(Integer.parseInt(waiting.header("Retry-After"))).isPositive();
        Answer page = owner.send("/account/password", "current", "wrong", "password", People.PASSWORD);
        assertThat(page.status()).isEqualTo(429);
        assertThat(page.text()).contains("Too many tries");
        server.byHand("UPDATE sign_in_failures SET last_at = last_at - 60000000");
        Answer weak = owner.send("/account/password", "current", TestingReader.PASSWORD, "password", "short");
        assertThat(weak.status()).as("the right one begins anew").isEqualTo(400);
        assertThat(signIn(visitor(), OWNER, "wrong").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                "https://evil.example",
                "https:evil.example",
                "javascript:alert(1)",
                "evil.example",
                "/..//evil.example",
                "/./\\evil.example",
                "///evil.example",
                " //evil.example",
                ""
            })
    void whereToGoNextIsAlwaysInThePortal(String next) {
        assertThat(signIn("next", next).header("Location")).isEqualTo(HOME);
        assertThat(visitor()
                        .open("/sign-in?next=" + TestingClient.encoded(next))
                        .text())
                .contains("name=\"next\" value=\"" + HOME + "\"");
        TestingReader in = session();
        in.open("/account/confirm?next=" + TestingClient.encoded(next));
        assertThat(in.send("/account/confirm", "password", TestingReader.PASSWORD, "next", next)
                        .header("Location"))
                .isEqualTo(HOME);
    }

    @Test
    void whereToGoNextIsKept() {
        assertThat(signIn("next", "/audit?actor=x").header("Location")).isEqualTo("/audit?actor=x");
        TestingReader reader = session();
        reader.open("/settings/api-keys?type=web&sort=name");
        server.byHand("DELETE FROM portal_sessions");
        assertThat(reader.send("/settings/api-keys/bulk", "from", "/settings/api-keys?type=web&sort=name")
                        .header("Location"))
                .endsWith("&next=" + TestingClient.encoded("/settings/api-keys?type=web&sort=name"));
        assertThat(reader.send("/settings/api-keys/bulk", "from", "//evil.example")
                        .header("Location"))
                .endsWith("&next=%2F");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sign-in",
                "/sign-out",
                "/forgotten",
                "/recover",
                "/welcome",
                "/invitation",
                "/invitation/accept",
                "/account/confirm",
                "/account/password",
                "/account/profile",
                "/account/switch",
                "/account/sessions/end-others",
                "/account/sessions/ses_1/end"
            })
    void formIsTakenOnlyFromAPageOfOursInTheSameBrowser(String address) throws Exception {
        TestingReader reader = session();
        requireIn(reader);
        assertThat(reader.sendOnly(address, "email", OWNER).status())
                .as("without a token")
                .isEqualTo(403);
        assertThat(reader.sendOnly(address, "csrf", "x").status())
                .as("what is no token")
                .isEqualTo(403);
        TestingReader attacker = session();
        attacker.open("/account");
        assertThat(attacker.with(reader.cookie())
                        .sendOnly(address, "csrf", attacker.csrf())
                        .status())
                .as("the token of another session")
                .isEqualTo(403);
        reader.open("/account");
        assertThat(crossSite(address, reader).statusCode())
                .as("from another site, with the right token")
                .isEqualTo(403);
        assertThat(visitor().with("").sendOnly(address, "csrf", reader.csrf()).status())
                .as("without a cookie")
                .isEqualTo(403);
        requireIn(reader);
    }

    private static HttpResponse<String> crossSite(String address, TestingReader reader) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url + address))
                            .header("Accept", "text/html")
                            .header("Cookie", reader.cookie())
                            .header("Sec-Fetch-Site", "cross-site")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("csrf=" + reader.csrf()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void nobodyIsSignedInToAnAttackersAccountByAForm() {
        TestingReader attacker = visitor();
        Answer in = attacker.with(visitor().cookie())
                .sendOnly("/sign-in", "csrf", attacker.csrf(), "email", OWNER, "password", TestingReader.PASSWORD);
        assertThat(in.status()).isEqualTo(403);
        assertThat(in.headers().allValues("Set-Cookie")).noneMatch(c -> c.startsWith(COOKIE + "="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/sign-in",
                "/forgotten",
                "/recover",
                "/invitation",
                "/welcome",
                "/account",
                "/nothing/here",
                "/api/v1/me"
            })
    void noPageCanBeFramedOrRunScriptsOfOthers(String address) {
        for (TestingReader reader : List.of(visitor(), session())) {
            Answer answer = reader.open(address);
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("frame-ancestors 'none'", "default-src 'none'")
                    .doesNotContain("unsafe", "*");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Cache-Control")).isNotEmpty();
            assertThat(answer.header("Strict-Transport-Security"))
                    .as("not over HTTP (RFC 6797, section 7.2)")
                    .isEmpty();
        }
    }
}
