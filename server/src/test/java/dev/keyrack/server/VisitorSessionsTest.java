package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.events;
import static dev.keyrack.server.TestingVisitor.fresh;
import static dev.keyrack.server.TestingVisitor.names;
import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.TestingVisitor.Event;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Promise: a visitor's session is worth what the key is at that moment, is the visitor's alone, and ends for thieves. */
@Tag("engines")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VisitorSessionsTest {
    private static final String ONLY_HERE = ",'restrictions':{'websites':['https://example.com']}";

    private final TestingAnswerer answerer = new TestingAnswerer();
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.startAnswering(answerer);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** All tests come from one address, and would be paused. */
    @BeforeEach
    void forgetCounts() {
        server.byHand("DELETE FROM visitor_counts");
        answerer.pieces.clear();
    }

    private static void refused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

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
        answerer.pieces.add(TestingAnswerer.END);
    }

    @Test
    void onlyTheTokenOfAWebKeyOpensASession() {
        for (String token : List.of(
                "",
                "nonsense",
                server.ownerToken,
                server.make("server").token(),
                server.make("mobile").token(),
                server.make("web").token().replaceFirst("......$", "000000"))) {
            refused(new TestingVisitor(server, token, TestingVisitor.PAGE).open(""), 401, "UNKNOWN");
        }
        Made without = server.make("web", ",'permissions':[]");
        refused(new TestingVisitor(server, without.token(), TestingVisitor.PAGE).open(""), 403, "PERMISSION_DENIED");
    }

    @Test
    void keyIsGoodOnItsWebsitesOnly() {
        Made key = server.make("web", ONLY_HERE);
        TestingVisitor.of(server, key.token());
        for (String origin : List.of("https://example.org", "http://example.com", "null", "nonsense")) {
            refused(new TestingVisitor(server, key.token(), origin).open(""), 403, "WEBSITE_NOT_ALLOWED");
        }
        String body = "{'key':'" + key.token() + "'}";
        refused(server.nobody.post("/assistant/v1/sessions", body), 403, "WEBSITE_NOT_ALLOWED");
        refused(
                server.nobody
                        .as("Origin", TestingVisitor.PAGE, "Origin", "https://example.org")
                        .post("/assistant/v1/sessions", body),
                403,
                "WEBSITE_NOT_ALLOWED");
    }

    @Test
    void refusalIsCountedForTheKeysOwner() throws Exception {
        Made key = server.make("web", ONLY_HERE);
        refused(new TestingVisitor(server, key.token(), "https://shop.test").open(""), 403, "WEBSITE_NOT_ALLOWED");
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            Answer refusals = server.owner.get(key.path() + "/refusals");
            if (refusals.text().contains("https://shop.test")) {
                assertThat(refusals.at("/items/0/code")).isEqualTo("WEBSITE_NOT_ALLOWED");
                return;
            }
            assertThat(System.nanoTime()).as(refusals.text()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** What ends a key, or narrows it so that it is no longer good here, and what visitors are told. */
    private Map<String, Callable<Answer>> narrowings(Made key) {
        Map<String, Callable<Answer>> all = new LinkedHashMap<>();
        all.put("DISABLED", () -> server.owner.post(key.path() + "/disable"));
        all.put(
                "WEBSITE_NOT_ALLOWED",
                () -> server.owner.patch(key.path(), "{'restrictions':{'websites':['https://example.org']}}"));
        all.put(
                "NETWORK_NOT_ALLOWED",
                () -> server.owner.patch(key.path(), "{'restrictions':{'networks':['192.0.2.1']}}"));
        all.put("PERMISSION_DENIED", () -> server.owner.patch(key.path(), "{'permissions':[]}"));
        all.put("REVOKED", () -> server.owner.delete(key.path()));
        return all;
    }

    @Test
    void whateverEndsTheKeyEndsTheRunningStreamAndRefusesTheNextCall() throws Exception {
        for (String code : narrowings(new Made("", "")).keySet()) {
            Made key = server.make("web");
            TestingVisitor guest = TestingVisitor.of(server, key.token());
            server.byHand("DELETE FROM visitor_counts");
            String id = guest.start();
            try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
                stream.next();
                assertThat(narrowings(key).get(code).call().status()).isEqualTo(200);
                // Sent after the change was answered: nothing of it may come any more.
                answerer.pieces.add("too late");
                Event ended = stream.next().orElseThrow();
                assertThat(ended.name()).as(code).isEqualTo("ended");
                assertThat(ended.data().at("/code").asString()).isEqualTo(code);
                assertThat(stream.next()).isEmpty();
            }
            refused(guest.client().get(path(id)), 403, code);
            refused(guest.send(id, "echo"), 403, code);
            refused(guest.open(""), 403, code);
            assertThat(server.rows().get("messages").toString()).doesNotContain("too late");
            answerer.pieces.clear();
        }
    }

    @Test
    void suspensionOfTheOrganizationEndsTheRunningStream() {
        Answer made = server.other.post(
                "/api/v1/keys", "{'name':'K','type':'web','projectId':'" + server.otherProject + "'}");
        TestingVisitor guest = TestingVisitor.of(server, made.at("/token"));
        String id = guest.start();
        try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
            stream.next();
            String organization = "/api/v1/organizations/" + server.otherOrganization;
            assertThat(server.owner.post(organization + "/suspend").status()).isEqualTo(200);
            assertThat(stream.next().orElseThrow().data().at("/code").asString())
                    .isEqualTo("SUSPENDED");
            refused(guest.client().get(path(id)), 403, "SUSPENDED");
            assertThat(server.owner.post(organization + "/resume").status()).isEqualTo(200);
            assertThat(guest.client().get(path(id)).status()).isEqualTo(200);
        }
    }

    @Test
    void sessionOfARegeneratedKeyEndsWithTheOverlapOfItsToken() {
        Made key = server.make("web");
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String id = guest.start();
        Answer next = server.owner.post(key.path() + "/regenerate", "{'overlapSeconds':3600}");
        assertThat(guest.client().get(path(id)).status()).isEqualTo(200);
        assertThat(server.owner.post(key.path() + "/end-overlap").status()).isEqualTo(200);
        refused(guest.client().get(path(id)), 403, "REVOKED");
        TestingVisitor after = new TestingVisitor(server, next.at("/token"), TestingVisitor.PAGE);
        after.refresh = guest.refresh;
        assertThat(after.open("").at("/conversation/id"))
                .as("the page has the new token")
                .isEqualTo(id);
        assertThat(after.client().get(path(id)).status()).isEqualTo(200);
    }

    @Test
    void pagesOfOtherSitesMayReadEveryAnswerAndNoCookieGoesAlong() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        for (Answer answer : List.of(
                guest.client().get("/assistant/v1/nothing"),
                guest.client().get(path("none")),
                guest.page().post("/assistant/v1/sessions", "{}"),
                guest.page().send("PUT", "/assistant/v1/sessions", "application/json", new byte[0]),
                guest.send(guest.start(), "echo"),
                new TestingVisitor(server, "none", TestingVisitor.PAGE).open(""))) {
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(TestingVisitor.PAGE);
            assertThat(answer.header("Vary")).contains("Origin");
            assertThat(answer.header("Access-Control-Expose-Headers")).isEqualTo("ETag, Retry-After");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .isEmpty();
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        }
        Answer opaque = new TestingVisitor(server, guest.token, "null").open("");
        assertThat(opaque.header("Access-Control-Allow-Origin")).isEqualTo("null");
        Answer plain = server.nobody.get("/assistant/v1/nothing");
        assertThat(plain.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(plain.header("Vary")).contains("Origin");
        assertThat(server.owner.get("/api/v1/me", "Origin", TestingVisitor.PAGE).header("Access-Control-Allow-Origin"))
                .as("the management API is not for pages of others")
                .isEmpty();
    }

    @Test
    void preflightNamesWhatMayBeSent() throws Exception {
        List<Answer> answers = server.exchange("OPTIONS /assistant/v1/conversations HTTP/1.1\r\nHost: x\r\n"
                + "Origin: https://example.com\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
        Answer answer = answers.getFirst();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://example.com");
        assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST, DELETE");
        assertThat(answer.header("Access-Control-Allow-Headers"))
                .isEqualTo("authorization, content-type, idempotency-key, last-event-id");
        assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("7200");
    }

    @Test
    void sixthConversationInTenMinutesPausesTheAddressForFive() {
        Made key = server.make("web");
        for (int i = 0; i < 5; i++) {
            TestingVisitor.of(server, key.token()).start();
        }
        TestingVisitor sixth = TestingVisitor.of(server, key.token());
        Answer paused = sixth.tryStart();
        refused(paused, 429, "TOO_MANY_CONVERSATIONS");
        assertThat(Integer.parseInt(paused.header("Retry-After"))).isBetween(290, 300);
        Answer again = sixth.tryStart();
        refused(again, 429, "TOO_MANY_CONVERSATIONS");
        assertThat(server.rows().get("visitor_counts").toString())
                .as("addresses are kept as HMAC")
                .doesNotContain("127.0.0.1");
        server.byHand("UPDATE visitor_counts SET paused_until = 1");
        assertThat(sixth.tryStart().status()).isEqualTo(201);
    }

    @Test
    void addressThatOpensTooManySessionsKeepsNobodyFromWriting() throws Exception {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        server.byHand("UPDATE visitor_counts SET count = 120 WHERE subject LIKE 'sa/%'");
        whileSomebodyWrites(() -> {
            Answer over = guest.open("");
            refused(over, 429, "TOO_MANY_SESSIONS");
            assertThat(Integer.parseInt(over.header("Retry-After"))).isBetween(1, 60);
        });
        server.byHand("UPDATE visitor_counts SET began_at = began_at - 60000000");
        assertThat(guest.open("").status()).isEqualTo(201);
    }

    /** Whoever wants to write, or to count, would wait for whoever holds this. */
    private void whileSomebodyWrites(Runnable call) throws Exception {
        try (Connection other = server.database.connect();
                Statement writing = other.createStatement()) {
            other.setAutoCommit(false);
            writing.execute("UPDATE visitor_counts SET count = count");
            call.run();
            other.rollback();
        }
    }

    @Test
    void conversationsAndMessagesOverTheirLimitsKeepNobodyFromWriting() throws Exception {
        Made key = server.make("web");
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String id = guest.start();
        guest.send(id, "echo");
        String reply = guest.client().get(path(id)).at("/messages/1/id");
        String rating = path(id) + "/messages/" + reply + "/rating";
        guest.client().post(rating, "{'rating':'up'}");
        server.byHand(
                "UPDATE visitor_counts SET paused_until = 9000000000000000 WHERE subject LIKE 'ca/%'",
                "UPDATE visitor_counts SET count = 60 WHERE subject LIKE 'ma/%' OR subject LIKE 'rv/%'");
        whileSomebodyWrites(() -> {
            refused(guest.tryStart(), 429, "TOO_MANY_CONVERSATIONS");
            refused(guest.send(id, "echo"), 429, "TOO_MANY_MESSAGES");
            refused(guest.client().post(rating, "{'rating':'down'}"), 429, "TOO_MANY_RATINGS");
        });
        server.owner.patch(key.path() + "/component", "{'messageLimit':{'messages':1,'text':'Enough.'}}");
        whileSomebodyWrites(() -> refused(guest.send(id, "echo"), 403, "MESSAGE_LIMIT_REACHED"));
    }

    @Test
    void whatChangesNothingIsNotWritten() throws Exception {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        guest.send(id, "echo");
        String reply = guest.client().get(path(id)).at("/messages/1/id");
        String rating = path(id) + "/messages/" + reply + "/rating";
        assertThat(guest.client().post(rating, "{'rating':'up'}").status()).isEqualTo(204);
        assertThat(guest.client().post(path(id) + "/end").status()).isEqualTo(204);
        whileSomebodyWrites(() -> {
            assertThat(guest.client().post(path(id) + "/end").status()).isEqualTo(204);
            assertThat(guest.client().post(path(id) + "/cancel").status()).isEqualTo(204);
            assertThat(guest.client().post(rating, "{'rating':'up'}").status()).isEqualTo(204);
        });
    }

    @Test
    void visitorRatesSixtyTimesAMinute() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        guest.send(id, "echo");
        String rating = path(id) + "/messages/" + guest.client().get(path(id)).at("/messages/1/id") + "/rating";
        for (int i = 0; i < 60; i++) {
            assertThat(guest.client()
                            .post(rating, i % 2 == 0 ? "{'rating':'up'}" : "{'rating':null}")
                            .status())
                    .isEqualTo(204);
        }
        refused(guest.client().post(rating, "{'rating':'up'}"), 429, "TOO_MANY_RATINGS");
    }

    @Test
    void manyAtOnceStartNoMoreConversationsThanOneAfterTheOther() throws Exception {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        try (var threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Integer>> tries = IntStream.range(0, 16)
                    .<Callable<Integer>>mapToObj(i -> () -> guest.tryStart().status())
                    .toList();
            assertThat(threads.invokeAll(tries).stream().map(Future::resultNow).filter(s -> s == 201))
                    .hasSize(5);
        }
    }

    @Test
    void visitorSendsTwentyMessagesAMinute() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        for (int i = 0; i < 20; i++) {
            assertThat(guest.send(id, "echo").status()).isEqualTo(200);
        }
        Answer refused = guest.send(id, "echo");
        refused(refused, 429, "TOO_MANY_MESSAGES");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
        assertThat(guest.client().get(path(id)).json().at("/messages").size()).isEqualTo(40);
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

    /** A new session makes a new visitor, and no other address. */
    @Test
    void oneAddressSendsSixtyMessagesAMinuteHoweverManyVisitorsItIs() {
        TestingServer.Made key = server.make("web");
        server.byHand("DELETE FROM visitor_counts");
        for (int visitor = 0; visitor < 4; visitor++) {
            TestingVisitor guest = TestingVisitor.of(server, key.token());
            String id = guest.start();
            for (int i = 0; i < 15; i++) {
                assertThat(guest.send(id, "echo").status()).isEqualTo(200);
            }
        }
        TestingVisitor another = TestingVisitor.of(server, key.token());
        refused(another.send(another.start(), "echo"), 429, "TOO_MANY_MESSAGES");
    }

    @Test
    void noTokenOfAVisitorIsInTheStoreOrTheLog() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        assertThat(names(events(guest.send(id, "echo")))).contains("done");
        guest.open("");
        String rows = server.rows().toString();
        for (String token : List.of(guest.access, guest.refresh)) {
            String secret = token.substring(3, 30);
            assertThat(rows).doesNotContain(secret);
            assertThat(server.log.text()).doesNotContain(secret);
        }
    }
}
