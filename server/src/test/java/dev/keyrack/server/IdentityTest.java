package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyrack.server.TestingServer.Made;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Promise: nobody passes for a customer whom the host's backend did not vouch for, and no guest becomes one. */
@Tag("engines")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityTest {
    private TestingServer server;
    private Made key;
    private String kid;
    private String secret;

    @BeforeAll
    void start() {
        server = TestingServer.startAnswering(new TestingAnswerer());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void makeKey() {
        server.byHand("DELETE FROM visitor_counts");
        key = server.make("web");
        Answer made = make(key);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        kid = made.at("/identityKey/kid");
        secret = made.at("/secret");
    }

    private Answer make(Made of) {
        return server.owner.post(of.path() + "/identity-keys", "{}");
    }

    private JWTClaimsSet.Builder claims(String customer) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .audience(key.id())
                .subject(customer)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
                .jwtID(UUID.randomUUID().toString());
    }

    private String signed(JWTClaimsSet claims) {
        return signed(JWSAlgorithm.HS256, kid, secret, claims);
    }

    private static String signed(JWSAlgorithm algorithm, String kid, String secret, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(algorithm)
                            .type(JOSEObjectType.JWT)
                            .keyID(kid)
                            .build(),
                    claims);
            jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer open(TestingVisitor visitor, String token) {
        return visitor.open(",'identity':'" + token + "'");
    }

    private TestingVisitor known(String customer) {
        TestingVisitor visitor = new TestingVisitor(server, key.token(), TestingVisitor.PAGE);
        Answer opened = open(visitor, signed(claims(customer).build()));
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        assertThat(opened.json().at("/visitor/known").asBoolean()).isTrue();
        return visitor;
    }

    private void refused(String what, String token) {
        Answer answer = open(new TestingVisitor(server, key.token(), TestingVisitor.PAGE), token);
        assertThat(answer.status()).as(what + ": " + answer.text()).isEqualTo(401);
        assertThat(answer.code()).as(what).isEqualTo("IDENTITY_REFUSED");
    }

    /** So that a backend can change from one to the other at its own pace. */
    @Test
    void whatEitherOfTwoKeysSignsIsGoodUntilThatKeyEnds() {
        Answer newer = make(key);
        assertThat(newer.status()).as(newer.text()).isEqualTo(201);
        String newerKid = newer.at("/identityKey/kid");
        UnaryOperator<String> byNewer = customer -> signed(
                JWSAlgorithm.HS256,
                newerKid,
                newer.at("/secret"),
                claims(customer).build());
        for (String token : List.of(signed(claims("older").build()), byNewer.apply("newer"))) {
            Answer opened = open(new TestingVisitor(server, key.token(), TestingVisitor.PAGE), token);
            assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        }
        refused(
                "the newer key's id, the older one's secret",
                signed(JWSAlgorithm.HS256, newerKid, secret, claims("mixed").build()));

        assertThat(server.owner.delete(key.path() + "/identity-keys/" + kid).status())
                .isEqualTo(200);

        refused("signed by a key that has ended", signed(claims("older").build()));
        Answer opened = open(new TestingVisitor(server, key.token(), TestingVisitor.PAGE), byNewer.apply("again"));
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
    }

    @Test
    void customerIsTheSameVisitorInAnotherBrowserAndAfterRefresh() {
        TestingVisitor first = known("customer-1");
        String id = first.start();
        TestingVisitor second = known("customer-1");
        assertThat(second.visitor).isEqualTo(first.visitor);
        assertThat(second.client().get(path(id)).status()).isEqualTo(200);
        assertThat(known("customer-2").visitor).isNotEqualTo(first.visitor);
        assertThat(first.open("").json().at("/visitor/known").asBoolean()).isTrue();
        assertThat(first.open("").at("/visitor/id")).isEqualTo(second.visitor);
    }

    @Test
    void guestsConversationDoesNotBecomeTheCustomers() {
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String guestly = guest.visitor;
        String refresh = guest.refresh;
        String id = guest.start();
        assertThat(open(guest, signed(claims("customer-1").build())).status()).isEqualTo(201);
        assertThat(guest.visitor).isNotEqualTo(guestly);
        assertThat(guest.client().get(path(id)).status()).isEqualTo(404);
        TestingVisitor again = new TestingVisitor(server, key.token(), TestingVisitor.PAGE);
        again.refresh = refresh;
        again.open("");
        assertThat(again.visitor).as("the guest's session was left behind").isNotIn(guestly, guest.visitor);
    }

    @Test
    void whatTheHostDidNotSignIsRefused() {
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> claims = new LinkedHashMap<>();
        Instant now = Instant.now();
        claims.put("wrong audience", c -> c.audience("AAAAAAAAAAA"));
        claims.put("two audiences", c -> c.audience(List.of(key.id(), "AAAAAAAAAAA")));
        claims.put("no audience", c -> c.audience((String) null));
        claims.put("no subject", c -> c.subject(null));
        claims.put("empty subject", c -> c.subject(""));
        claims.put("long subject", c -> c.subject("x".repeat(201)));
        claims.put("control character", c -> c.subject("a\nb"));
        claims.put("far expiry", c -> c.expirationTime(Date.from(now.plus(Duration.ofHours(1)))));
        claims.put("expired", c -> c.expirationTime(Date.from(now.minus(Duration.ofSeconds(1)))));
        claims.put("no expiry", c -> c.expirationTime(null));
        claims.put("no time of issue", c -> c.issueTime(null));
        claims.put("issued later", c -> c.issueTime(Date.from(now.plus(Duration.ofMinutes(3)))));
        claims.put("not yet", c -> c.notBeforeTime(Date.from(now.plus(Duration.ofMinutes(3)))));
        claims.put("no id", c -> c.jwtID(null));
        claims.put("long name", c -> c.claim("name", "x".repeat(101)));
        claims.put("name that is no text", c -> c.claim("name", 7));
        claims.forEach((what, change) ->
                refused(what, signed(change.apply(claims("customer-1")).build())));

        JWTClaimsSet good = claims("customer-1").build();
        String token = signed(good);
        refused("another secret", signed(JWSAlgorithm.HS256, kid, "x".repeat(43), good));
        refused("unknown kid", signed(JWSAlgorithm.HS256, "idk_0000000000000000", secret, good));
        refused("no kid", signed(JWSAlgorithm.HS256, null, secret, good));
        refused("HS384", signed(JWSAlgorithm.HS384, kid, secret + secret, good));
        refused("alg none", header("{\"alg\":\"none\",\"kid\":\"" + kid + "\"}", token, false));
        refused("alg none with a signature", header("{\"alg\":\"none\",\"kid\":\"" + kid + "\"}", token, true));
        refused("RS256", header("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", token, true));
        refused(
                "critical",
                header("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1,\"kid\":\"" + kid + "\"}", token, true));
        refused("cut", token.substring(0, token.length() - 1));
        refused("no token", "nonsense");
        refused(
                "huge",
                signed(claims("customer-1").claim("more", "x".repeat(5_000)).build()));
        Made second = server.make("web");
        refused("another key's", signed(JWSAlgorithm.HS256, make(second).at("/identityKey/kid"), secret, good));

        TestingVisitor elsewhere = new TestingVisitor(server, second.token(), TestingVisitor.PAGE);
        assertThat(open(elsewhere, token).code()).as("with another web key").isEqualTo("IDENTITY_REFUSED");
        assertThat(open(new TestingVisitor(server, key.token(), TestingVisitor.PAGE), token)
                        .status())
                .as("and after all that it is still unused")
                .isEqualTo(201);
        refused("used before", token);
    }

    @Test
    void everyIdentityThatIsRefusedCountsAgainstTheAddressSoThatNobodyTriesForEver() {
        JWTClaimsSet good = claims("customer-1").build();
        String used = signed(good);
        assertThat(open(new TestingVisitor(server, key.token(), TestingVisitor.PAGE), used)
                        .status())
                .isEqualTo(201);
        Date past = Date.from(Instant.now().minus(Duration.ofSeconds(1)));
        Map<String, String> all = Map.of(
                "used before", used,
                "no token", "nonsense",
                "another secret", signed(JWSAlgorithm.HS256, kid, "x".repeat(43), good),
                "unknown kid", signed(JWSAlgorithm.HS256, "idk_0000000000000000", secret, good),
                "expired", signed(claims("customer-1").expirationTime(past).build()));
        all.forEach((what, token) -> {
            server.byHand("DELETE FROM visitor_counts");
            refused(what, token);
            // Two hundred of them later, and with nothing else from there.
            server.byHand("UPDATE visitor_counts SET count = 200 WHERE subject LIKE 'sa/%'");
            Answer over = open(new TestingVisitor(server, key.token(), TestingVisitor.PAGE), token);
            assertThat(over.code()).as(what).isEqualTo("TOO_MANY_SESSIONS");
        });
        server.byHand("DELETE FROM visitor_counts");
    }

    private static String header(String header, String token, boolean signature) {
        String[] parts = token.split("\\.", -1);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + parts[1] + "." + (signature ? parts[2] : "");
    }

    private TestingVisitor holding(String refresh) {
        TestingVisitor visitor = new TestingVisitor(server, key.token(), TestingVisitor.PAGE);
        visitor.refresh = refresh;
        return visitor;
    }

    private static List<Answer> atOnce(List<Callable<Answer>> calls) throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(calls.size())) {
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }

    @Test
    void identityIsUsedOnceHoweverManyShowItAtOnce() throws Exception {
        String token = signed(claims("customer-1").build());
        List<Callable<Answer>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            TestingVisitor visitor = i % 2 == 0 ? holding("") : holding(TestingVisitor.of(server, key.token()).refresh);
            tries.add(() -> open(visitor, token));
        }
        assertThat(atOnce(tries).stream().filter(answer -> answer.status() == 201))
                .hasSize(1);
    }

    /** As a browser repeats it that has not got the answer, with whatever it held before. */
    @Test
    void identityThatIsShownAgainByTheSameGuestOpensTheSameSessionHoweverManyDoItAtOnce() throws Exception {
        String token = signed(claims("customer-1").build());
        String guest = TestingVisitor.of(server, key.token()).refresh;
        List<Callable<Answer>> tries = IntStream.range(0, 8)
                .<Callable<Answer>>mapToObj(i -> () -> open(holding(guest), token))
                .toList();
        List<Answer> answers = new ArrayList<>(atOnce(tries));
        answers.add(open(holding(guest), token));
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
        assertThat(answers.stream().map(answer -> answer.at("/refresh")).distinct())
                .hasSize(1);
        assertThat(answers.stream().map(answer -> answer.at("/visitor/id")).distinct())
                .hasSize(1);
        assertThat(answers.getFirst().json().at("/visitor/known").asBoolean()).isTrue();
        TestingVisitor customer = holding(answers.getLast().at("/refresh"));
        customer.access = answers.getLast().at("/access");
        assertThat(customer.tryStart().status()).isEqualTo(201);
        assertThat(server.rows().toString()).doesNotContain(customer.refresh.split("\\.")[0]);
    }

    @Test
    void identityThatIsShownAgainByTheSessionThatItOpenedChangesNothing() {
        String token = signed(claims("customer-1").build());
        for (String before : List.of("", TestingVisitor.of(server, key.token()).refresh)) {
            String shown =
                    before.isEmpty() ? token : signed(claims("customer-1").build());
            TestingVisitor visitor = holding(before);
            assertThat(open(visitor, shown).status()).isEqualTo(201);
            String id = visitor.start();
            assertThat(open(visitor, shown).status()).isEqualTo(201);
            assertThat(visitor.client().get(path(id)).status()).isEqualTo(200);
            // And by a customer whom another one said before.
            String second = signed(claims("customer-1").build());
            String refresh = visitor.refresh;
            assertThat(open(visitor, second).status()).isEqualTo(201);
            visitor.refresh = refresh;
            assertThat(open(visitor, second).status()).as("the answer was lost").isEqualTo(201);
            assertThat(visitor.client().get(path(id)).status()).isEqualTo(200);
        }
    }

    @Test
    void identityThatWasUsedIsRefusedToWhoeverElseShowsIt() {
        String token = signed(claims("customer-1").build());
        String guest = TestingVisitor.of(server, key.token()).refresh;
        TestingVisitor customer = holding(guest);
        assertThat(open(customer, token).status()).isEqualTo(201);
        refused("with nothing", token);
        for (TestingVisitor other : List.of(TestingVisitor.of(server, key.token()), known("customer-1"))) {
            assertThat(open(other, token).code()).isEqualTo("IDENTITY_REFUSED");
        }
        TestingVisitor elsewhere = new TestingVisitor(server, key.token(), "https://elsewhere.example");
        elsewhere.refresh = guest;
        assertThat(open(elsewhere, token).code()).as("on another page").isEqualTo("IDENTITY_REFUSED");
        // Once somebody has gone on with the session, and a minute is over, what was before it is worth nothing.
        assertThat(customer.tryStart().status()).isEqualTo(201);
        server.byHand("UPDATE visitor_sessions SET former_until = 1");
        assertThat(open(holding(guest), token).code()).isEqualTo("IDENTITY_REFUSED");
        assertThat(customer.tryStart().status()).as("and it goes on").isEqualTo(201);
        customer.client().delete("/assistant/v1/sessions/current");
        assertThat(open(holding(guest), token).code()).as("after logout").isEqualTo("IDENTITY_REFUSED");
    }

    @Test
    void endedIdentityKeyOpensNothingAndEndsWhatItOpened() {
        TestingVisitor customer = known("customer-1");
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String unused = signed(claims("customer-1").build());
        String address = key.path() + "/identity-keys/" + kid;
        Answer ended = server.owner.delete(address);
        assertThat(ended.json().at("/sessionsEnded").asInt()).isEqualTo(1);
        refused("ended", unused);
        assertThat(customer.tryStart().code()).isEqualTo("SESSION_ENDED");
        String visitor = customer.visitor;
        assertThat(customer.open("").at("/visitor/id")).isNotEqualTo(visitor);
        assertThat(guest.tryStart().status()).isEqualTo(201);
        assertThat(server.owner.delete(address).json().at("/sessionsEnded").asInt())
                .isZero();
        assertThat(server.owner.get(key.path() + "/identity-keys").items("/kid"))
                .isEmpty();
    }

    @Test
    void keyHasTwoIdentityKeysAtMostHoweverManyAskAtOnce() throws Exception {
        Made fresh = server.make("web");
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> tries = IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(i -> () -> make(fresh).status())
                    .toList();
            assertThat(threads.invokeAll(tries).stream().map(Future::resultNow).filter(s -> s == 201))
                    .hasSize(2);
        }
        List<String> kids = server.owner.get(fresh.path() + "/identity-keys").items("/kid");
        assertThat(kids).hasSize(2);
        server.owner.delete(fresh.path() + "/identity-keys/" + kids.getFirst());
        assertThat(make(fresh).status()).isEqualTo(201);
    }

    @Test
    void secretIsShownOnceAndAuditedWithoutIt() {
        assertThat(secret).hasSize(43);
        assertThat(server.owner.get(key.path() + "/identity-keys").text())
                .contains(kid)
                .doesNotContain(secret);
        assertThat(server.rows().toString()).doesNotContain(secret);
        assertThat(server.log.text()).doesNotContain(secret);
        List<String> actions =
                new ArrayList<>(server.owner.get(key.path() + "/events").items("/action"));
        assertThat(actions).contains("key.identity-key-created");
        server.owner.delete(key.path() + "/identity-keys/" + kid);
        assertThat(server.owner.get(key.path() + "/events").items("/action")).contains("key.identity-key-ended");
    }

    @Test
    void onlyAWebKeyHasIdentityKeysAndNoneThatIsRevoked() {
        assertThat(make(server.make("server")).status()).isEqualTo(404);
        server.owner.delete(key.path());
        assertThat(make(key).status()).isEqualTo(409);
    }
}
