package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Promise: a session of the portal begins with a sign-in, ends by itself, by signing out and by its owner's hand, and what is
 * kept of it opens nothing.
 */
class PortalSessionsTest extends TestingDoors {
    @Test
    void cookieIsNewAtEverySignInAndNeverTheOneThatWasBrought() {
        String brought = COOKIE + "=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        TestingReader victim = visitor().with(brought);
        victim.open("/sign-in");
        Answer in = signIn(victim, OWNER, TestingReader.PASSWORD);
        assertThat(in.status()).as(in.text()).isEqualTo(303);
        String first = TestingReader.cookie(in, COOKIE);
        assertThat(first).isNotEqualTo(brought);
        requireOut(visitor().with(brought));
        TestingReader again = visitor().with(first);
        again.open("/sign-in");
        String second = TestingReader.cookie(signIn(again, OWNER, TestingReader.PASSWORD), COOKIE);
        assertThat(second).isNotEqualTo(first);
        requireIn(visitor().with(second));
    }

    @Test
    void storeHoldsNothingThatOpensASession() {
        String code = TestingReader.cookie(signIn(), COOKIE).replaceFirst(".*=", "");
        assertThat(server.rows().toString() + server.log.text()).doesNotContain(code);
        for (List<Object> row : server.rows().get("portal_sessions")) {
            row.forEach(value -> requireOut(visitor().with(COOKIE + "=" + value)));
        }
    }

    @Test
    void cookiesAreOutOfReachOfScriptsAndOtherSites() {
        List<String> cookies = signIn().headers().allValues("Set-Cookie");
        assertThat(cookies)
                .hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie)
                        .contains("HttpOnly", "SameSite=Lax", "Path=/")
                        .doesNotContain("Domain", "Secure"));
        assertThat(cookies.getFirst()).startsWith(COOKIE + "=").doesNotContain("Max-Age", "Expires");
    }

    @Test
    void sessionEndsAnHourAfterItWasUsedLast() {
        TestingReader reader = session();
        server.byHand("UPDATE portal_sessions SET seen_at = seen_at - 3590000000");
        requireIn(reader);
        server.byHand("UPDATE portal_sessions SET seen_at = seen_at - 3590000000");
        requireIn(reader);
        server.byHand("UPDATE portal_sessions SET seen_at = seen_at - 3600000000");
        requireOut(reader);
        server.byHand("UPDATE portal_sessions SET seen_at = seen_at + 3600000000");
        requireIn(reader);
    }

    @Test
    void sessionEndsTwelveHoursAfterItWasBegunHoweverMuchItIsUsed() {
        TestingReader reader = session();
        server.byHand(
                "UPDATE portal_sessions SET ends_at = ends_at - 43190000000, created_at = created_at - 43190000000");
        requireIn(reader);
        server.byHand("UPDATE portal_sessions SET ends_at = ends_at - 10000000");
        requireOut(reader);
        reader.open("/sign-in");
        assertThat(reader.send("/account/profile", "name", "X").status()).isEqualTo(303);
        assertThat(server.owner.get("/api/v1/me").at("/member/name")).isNotEqualTo("X");
    }

    @Test
    void signingOutEndsTheSessionOnTheServer() {
        TestingReader reader = session();
        TestingReader other = session();
        requireIn(reader);
        Answer out = reader.send("/sign-out");
        assertThat(out.status()).isEqualTo(303);
        assertThat(out.header("Location")).isEqualTo("/sign-in?done=signed-out");
        assertThat(out.header("Set-Cookie")).startsWith(COOKIE + "=;").contains("Max-Age=0");
        assertThat(out.header("Clear-Site-Data")).contains("cache");
        requireOut(reader);
        requireIn(other);
    }

    @Test
    void sessionsAreListedAndEndedByTheirOwnerOnly() {
        server.byHand("DELETE FROM portal_sessions");
        TestingReader one = session();
        TestingReader two = session();
        TestingReader three = session();
        TestingReader stranger = TestingReader.signedIn(server, "owner@example.org");
        Answer list = one.open("/account/sessions");
        List<String> ends = java.util.regex.Pattern.compile("/account/sessions/([^/\"]+)/end\"")
                .matcher(list.text())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(ends).as("all but this one").hasSize(2);
        stranger.open("/account/sessions");
        for (String id : ends) {
            stranger.send("/account/sessions/" + id + "/end");
        }
        requireIn(two);
        requireIn(three);
        one.open("/account/sessions");
        assertThat(one.send("/account/sessions/" + ends.getFirst() + "/end").header("Location"))
                .isEqualTo("/account/sessions?done=session-ended");
        requireOut(three);
        requireIn(two);
        one.open("/account/sessions");
        one.send("/account/sessions/end-others");
        requireOut(two);
        requireIn(one);
        requireIn(stranger);
        assertThat(server.owner.get("/api/v1/audit").items("/action")).contains("session.begun", "session.ended");
    }

    @Test
    void sessionThatIsOverIsNotListed() {
        TestingReader one = session();
        session();
        server.byHand("UPDATE portal_sessions SET seen_at = seen_at - 3600000000");
        TestingReader now = session();
        assertThat(now.open("/account/sessions").text())
                .doesNotContain("/end\"")
                .contains("This one");
        requireOut(one);
    }
}
