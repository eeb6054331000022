package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.fresh;
import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.TestingVisitor.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Promise: a visitor's session and running stream are worth what their key is at that moment, on the pages where it is. */
class VisitorAndKeyTest extends TestingVisits {
    private static final String ONLY_HERE = ",'restrictions':{'websites':['https://example.com']}";

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
}
