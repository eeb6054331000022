package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.events;
import static dev.keyrack.server.TestingVisitor.fresh;
import static dev.keyrack.server.TestingVisitor.names;
import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.TestingVisitor.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Promise: a visitor's session is the visitor's alone, is bound to its page, and ends for thieves. */
class VisitorSessionsTest extends TestingVisits {
    @Test
    void guestStaysTheSameVisitorThroughTheRefreshToken() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String conversation = guest.start();
        for (int i = 0; i < 3; i++) {
            String before = guest.refresh;
            Answer again = guest.open("");
            assertThat(again.at("/visitor/id")).isEqualTo(visitor);
            assertThat(again.json().at("/visitor/known").asBoolean(true)).isFalse();
            assertThat(again.at("/conversation/id")).isEqualTo(conversation);
            assertThat(guest.refresh).isNotEqualTo(before);
        }
    }

    @Test
    void accessTokenIsGoodForTenToFifteenMinutes() {
        Answer opened = new TestingVisitor(server, server.make("web").token(), TestingVisitor.PAGE).open("");
        assertThat(Instant.parse(opened.at("/accessExpiresAt")))
                .isBetween(
                        Instant.now().plus(9, ChronoUnit.MINUTES), Instant.now().plus(15, ChronoUnit.MINUTES));
    }

    /** What a browser says of it in a header is all that counts. */
    @Test
    void originInABodyIsNeverBelieved() {
        Made key = server.make("web", ",'restrictions':{'websites':['https://shop.example.com']}");
        TestingVisitor elsewhere = new TestingVisitor(server, key.token(), "https://elsewhere.example.com");
        Answer claimed = elsewhere.open(",'origin':'https://shop.example.com'");
        assertThat(claimed.status()).isEqualTo(400);
        assertThat(claimed.pointers()).containsExactly("/origin");
        refused(elsewhere.open(""), 403, "WEBSITE_NOT_ALLOWED");

        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String conversation = guest.start();
        for (String at : List.of("/assistant/v1/conversations", path(conversation) + "/messages")) {
            Answer answer = guest.client()
                    .post(at, "{'text':'x','origin':'https://shop.example.com'}", "Idempotency-Key", fresh());
            assertThat(answer.status()).as(at).isEqualTo(400);
            assertThat(answer.pointers()).as(at).contains("/origin");
        }
    }

    @Test
    void bodiesOfMoreThanAMebibyteAreNotTakenIn() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String conversation = guest.start();
        String large = "{'text':'" + "x".repeat(1 << 20) + "'}";
        for (String at :
                List.of("/assistant/v1/sessions", "/assistant/v1/conversations", path(conversation) + "/messages")) {
            assertThat(guest.client()
                            .post(at, large, "Idempotency-Key", fresh())
                            .status())
                    .as(at)
                    .isEqualTo(413);
        }
    }

    @Test
    void twoTabsThatRefreshAtOnceEndUpWithTheSameToken() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String shared = guest.refresh;
        guest.open("");
        String first = guest.refresh;
        guest.refresh = shared;
        guest.open("");
        assertThat(guest.refresh).isEqualTo(first);
    }

    @Test
    void stolenRefreshTokenEndsTheSessionForBoth() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String stolen = guest.refresh;
        guest.open("");
        guest.open("");
        String good = guest.refresh;
        String access = guest.access;
        TestingVisitor thief = new TestingVisitor(server, guest.token, TestingVisitor.PAGE);
        thief.refresh = stolen;
        assertThat(thief.open("").at("/visitor/id")).isNotEqualTo(visitor);
        guest.access = access;
        refused(guest.tryStart(), 401, "SESSION_ENDED");
        guest.refresh = good;
        assertThat(guest.open("").at("/visitor/id")).isNotEqualTo(visitor);
    }

    /** Nobody has got the answer with the new token; much time passes. */
    private static void unheard(TestingServer server, TestingVisitor guest) {
        String former = guest.refresh;
        String access = guest.access;
        assertThat(guest.open("").status()).isEqualTo(201);
        server.byHand("UPDATE visitor_sessions SET former_until = 1");
        guest.refresh = former;
        guest.access = access;
    }

    @Test
    void answerThatNobodyHeardLosesNothingHoweverLate() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String id = guest.start();
        for (int i = 0; i < 3; i++) {
            unheard(server, guest);
            assertThat(guest.client().get(path(id)).status())
                    .as("what came before says nothing of the new token")
                    .isEqualTo(200);
        }
        Answer again = guest.open("");
        assertThat(again.at("/visitor/id")).isEqualTo(visitor);
        assertThat(again.at("/conversation/id")).isEqualTo(id);
        assertThat(guest.client().get(path(id)).status()).isEqualTo(200);
    }

    @Test
    void formerRefreshTokenEndsTheSessionOnceAccessThatCameWithTheNewOneWasUsed() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String id = guest.start();
        unheard(server, guest);
        String former = guest.refresh;
        guest.open("");
        assertThat(guest.client().get(path(id)).status()).isEqualTo(200);
        String good = guest.access;
        guest.refresh = former;
        assertThat(guest.open("").at("/visitor/id")).isNotEqualTo(visitor);
        guest.access = good;
        refused(guest.client().get(path(id)), 401, "SESSION_ENDED");
    }

    @Test
    void formerRefreshTokenEndsTheSessionOnceTheNewOneWasUsed() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        unheard(server, guest);
        String former = guest.refresh;
        guest.open("");
        guest.open("");
        String good = guest.refresh;
        guest.refresh = former;
        assertThat(guest.open("").at("/visitor/id")).isNotEqualTo(visitor);
        guest.refresh = good;
        assertThat(guest.open("").at("/visitor/id")).isNotEqualTo(visitor);
    }

    @Test
    void formerRefreshTokenIsGoodForAMinuteAlsoAfterTheNewOneWasUsed() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String id = guest.start();
        String former = guest.refresh;
        guest.open("");
        assertThat(guest.client().get(path(id)).status()).isEqualTo(200);
        guest.refresh = former;
        assertThat(guest.open("").at("/visitor/id")).isEqualTo(visitor);
    }

    @Test
    void refreshTokenThatIsNoneOfThisPageAndKeyMakesANewGuestAndEndsNothing() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String good = guest.refresh;
        List<TestingVisitor> others = new ArrayList<>();
        others.add(new TestingVisitor(server, guest.token, "https://elsewhere.example"));
        others.add(new TestingVisitor(server, server.make("web").token(), TestingVisitor.PAGE));
        for (TestingVisitor other : others) {
            other.refresh = good;
            assertThat(other.open("").at("/visitor/id")).isNotEqualTo(visitor);
        }
        TestingVisitor forger = new TestingVisitor(server, guest.token, TestingVisitor.PAGE);
        for (String forged : List.of(
                "",
                "x",
                good + "x",
                good.replaceFirst("\\.[0-9]+\\.", ".0."),
                good.replaceFirst("\\.[0-9]+\\.", ".9."))) {
            forger.refresh = "";
            assertThat(forger.open(",'visitor':'" + forged + "'").at("/visitor/id"))
                    .isNotEqualTo(visitor);
        }
        assertThat(guest.open("").at("/visitor/id")).isEqualTo(visitor);
    }

    @Test
    void accessTokenIsBoundToItsPage() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        for (TestingClient elsewhere : List.of(
                server.nobody.as("Origin", "https://elsewhere.example", "Authorization", "Bearer " + guest.access),
                server.nobody.as("Authorization", "Bearer " + guest.access),
                server.nobody.as("Origin", TestingVisitor.PAGE, "Authorization", "Bearer x"),
                server.nobody.as("Origin", TestingVisitor.PAGE, "Authorization", "Bearer " + guest.refresh),
                server.nobody.as("Origin", TestingVisitor.PAGE))) {
            refused(elsewhere.get(path(id)), 401, "SESSION_ENDED");
        }
        server.byHand("UPDATE visitor_access SET ends_at = 1");
        refused(guest.client().get(path(id)), 401, "SESSION_ENDED");
    }

    @Test
    void logoutEndsTheSessionWithAllItsTokens() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String visitor = guest.visitor;
        String first = guest.access;
        guest.open("");
        assertThat(guest.client().delete("/assistant/v1/sessions/current").status())
                .isEqualTo(204);
        refused(guest.tryStart(), 401, "SESSION_ENDED");
        guest.access = first;
        refused(guest.tryStart(), 401, "SESSION_ENDED");
        assertThat(guest.open("").at("/visitor/id")).isNotEqualTo(visitor);
    }

    @Test
    void logoutByTheRefreshTokenEndsTheSessionAlsoAfterItsAccessAndWithAKeyThatIsOff() {
        Made key = server.make("web");
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String visitor = guest.visitor;
        String older = guest.refresh;
        guest.open("");
        server.byHand("UPDATE visitor_access SET ends_at = 1");
        assertThat(server.owner.post(key.path() + "/disable").status()).isEqualTo(200);
        TestingClient elsewhere =
                server.nobody.as("Origin", "https://elsewhere.example", "Authorization", "Bearer " + guest.refresh);
        refused(elsewhere.delete("/assistant/v1/sessions/current"), 401, "SESSION_ENDED");
        TestingClient forged = server.nobody.as(
                "Origin", TestingVisitor.PAGE, "Authorization", "Bearer " + guest.refresh.replaceFirst("\\..*", ""));
        refused(forged.delete("/assistant/v1/sessions/current"), 401, "SESSION_ENDED");
        TestingClient page = server.nobody.as("Origin", TestingVisitor.PAGE, "Authorization", "Bearer " + older);
        assertThat(page.delete("/assistant/v1/sessions/current").status()).isEqualTo(204);
        refused(page.delete("/assistant/v1/sessions/current"), 401, "SESSION_ENDED");
        assertThat(server.owner.post(key.path() + "/enable").status()).isEqualTo(200);
        assertThat(guest.open("").at("/visitor/id")).isNotEqualTo(visitor);
    }

    /** A browser keeps it when its visitor has left, and whoever comes next could read it there. */
    @Test
    void leavingTokenEndsTheSessionAndDoesNothingElse() {
        Made key = server.make("web");
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String leave = guest.open("").at("/leave");
        String id = guest.start();
        TestingClient left = server.nobody.as("Origin", TestingVisitor.PAGE, "Authorization", "Bearer " + leave);
        refused(left.get(TestingVisitor.path(id)), 401, "SESSION_ENDED");
        Answer other =
                guest.page().post("/assistant/v1/sessions", "{'key':'" + key.token() + "','visitor':'" + leave + "'}");
        assertThat(other.at("/visitor/id")).isNotEqualTo(guest.visitor);
        for (String wrong : List.of(
                leave.substring(0, leave.length() - 2) + "AA",
                leave.replace(leave.substring(3, 9), "AAAAAA"),
                leave.substring(0, leave.indexOf('.')))) {
            TestingClient forged = server.nobody.as("Origin", TestingVisitor.PAGE, "Authorization", "Bearer " + wrong);
            refused(forged.delete("/assistant/v1/sessions/current"), 401, "SESSION_ENDED");
        }
        TestingClient elsewhere =
                server.nobody.as("Origin", "https://elsewhere.example", "Authorization", "Bearer " + leave);
        refused(elsewhere.delete("/assistant/v1/sessions/current"), 401, "SESSION_ENDED");
        assertThat(guest.client().get(TestingVisitor.path(id)).status()).isEqualTo(200);
        assertThat(left.delete("/assistant/v1/sessions/current").status()).isEqualTo(204);
        refused(guest.client().get(TestingVisitor.path(id)), 401, "SESSION_ENDED");
        refused(left.delete("/assistant/v1/sessions/current"), 401, "SESSION_ENDED");
    }

    @Test
    void streamOfASessionThatEndedEndsSoon() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
            stream.next();
            assertThat(guest.client().delete("/assistant/v1/sessions/current").status())
                    .isEqualTo(204);
            Event ended = stream.next().orElseThrow();
            assertThat(ended.data().at("/code").asString()).isEqualTo("SESSION_ENDED");
            assertThat(stream.next()).isEmpty();
        }
    }

    @Test
    void visitThatComesToNothingIsForgottenAfterADayAndAConversationAfterThirty() {
        server.byHand("DELETE FROM visitor_counts", "DELETE FROM visitor_access", "DELETE FROM visitor_sessions");
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        long silent = onlySessionEnds();
        guest.start();
        assertThat(Duration.of(onlySessionEnds() - silent, ChronoUnit.MICROS))
                .isBetween(Duration.ofDays(29), Duration.ofDays(29).plusMinutes(5));
    }

    /** In microseconds since 1970. */
    private long onlySessionEnds() {
        List<List<Object>> sessions = server.rows().get("visitor_sessions");
        assertThat(sessions).hasSize(1);
        return ((Number) sessions.getFirst().get(9)).longValue();
    }

    @Test
    void noTokenOfAVisitorIsInTheStoreOrTheLog() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        assertThat(names(events(guest.send(id, "echo")))).contains("done");
        guest.open("");
        String rows = server.rows().toString();
        // What comes before it there is a digest, by which the session is found.
        String leave = guest.leave.substring(guest.leave.indexOf('.') + 1);
        assertThat(leave).hasSize(43);
        for (String secret : List.of(guest.access.substring(3, 30), guest.refresh.substring(3, 30), leave)) {
            assertThat(rows).doesNotContain(secret);
            assertThat(server.log.text()).doesNotContain(secret);
        }
    }
}
