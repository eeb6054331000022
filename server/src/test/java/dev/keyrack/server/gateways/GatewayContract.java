package dev.keyrack.server.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.gateways.TestingKeyrack.Issued;
import dev.keyrack.verifier.TokenFormat;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every gateway sample promises, with Keyrack behind it and a back end that remembers what reached it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayContract {
    private static final String NO_TOKEN = "no-token";
    private static final String[] PREFLIGHT = {
        "Origin", "https://shop.example.com", "Access-Control-Request-Method", "PUT"
    };

    private final Sample sample;
    TestingKeyrack keyrack;
    TestingBackEnd backEnd;
    Gateway gateway;
    Visitor visitor;
    Issued key;

    GatewayContract(Sample sample) {
        this.sample = sample;
    }

    @BeforeAll
    void start() {
        keyrack = new TestingKeyrack();
        backEnd = new TestingBackEnd();
        gateway = Gateway.start(sample, keyrack.gatePort(), backEnd.port());
        visitor = new Visitor(gateway);
        key = keyrack.issue("server", List.of("chat.start"));
    }

    @AfterAll
    void stop() {
        visitor.close();
        gateway.close();
        backEnd.close();
        keyrack.close();
    }

    @BeforeEach
    void forget() {
        backEnd.forget();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "mobile", "analytics", "server"})
    void aGoodTokenReachesTheBackEndWithTheNameOfItsKeyAndWithoutTheTokenHoweverItIsPresented(String type) {
        Issued mine = keyrack.issue(type, List.of("chat.start"));
        for (String[] presented : List.of(
                new String[] {"x-api-key", mine.token()},
                new String[] {"Authorization", "Bearer " + mine.token()},
                new String[] {"Authorization", Visitor.basic(TestingKeyrack.SUBDOMAIN, mine.token())},
                new String[] {"Authorization", Visitor.basic(mine.id(), mine.token())})) {
            backEnd.forget();

            HttpResponse<String> answer = visitor.get("/api/chats?page=2", presented);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(TestingBackEnd.ANSWER);
            TestingBackEnd.Received received = theOnlyReceived();
            assertThat(received.target()).isEqualTo("/api/chats?page=2");
            assertNames(received, mine);
            assertThat(received.header("x-api-key")).isEmpty();
            assertThat(received.header("Authorization")).isEmpty();
        }
    }

    @Test
    void aTokenThatIsNotGoodIsRefusedBeforeTheBackEndAndTheClientLearnsWhy() {
        Issued disabled = keyrack.issue("web", List.of());
        keyrack.disable(disabled);
        Issued revoked = keyrack.issue("web", List.of());
        keyrack.revoke(revoked);
        String unknown =
                TokenFormat.mint("kr", "srv", new SecureRandom()).token().reveal();

        assertRefused("DISABLED", visitor.get("/", "x-api-key", disabled.token()));
        assertRefused("REVOKED", visitor.get("/", "Authorization", "Bearer " + revoked.token()));
        assertRefused("UNKNOWN", visitor.get("/", "x-api-key", unknown));
        assertRefused("UNKNOWN", visitor.get("/", "Authorization", Visitor.basic("other", key.token())));
        assertRefused("MALFORMED", visitor.get("/", "x-api-key", NO_TOKEN));
        assertRefused("MALFORMED", visitor.get("/", "Authorization", "Bearer " + key.token() + "x"));
        assertRefused("MALFORMED", visitor.get("/", "Authorization", "Basic !"));
        assertRefused("MALFORMED", visitor.get("/"));
        assertThat(visitor.rawStatus("/", "x-api-key: ä" + key.token())).isEqualTo(401);
        assertThat(backEnd.received()).isEmpty();

        keyrack.enable(disabled);
        assertThat(visitor.get("/", "x-api-key", disabled.token()).statusCode()).isEqualTo(200);
    }

    @Test
    void theClientOfASupersededTokenLearnsSinceWhenAndUntilWhenAndTheBackEndDoesNot() {
        Issued former = keyrack.issue("server", List.of("chat.read"));
        Issued newest = keyrack.rotate(former);

        HttpResponse<String> good = visitor.get("/other", "x-api-key", former.token());
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(good.headers().allValues("Deprecation"))
                .singleElement()
                .asString()
                .matches("@[0-9]+");
        assertThat(good.headers().allValues("Sunset"))
                .singleElement()
                .asString()
                .endsWith(" GMT");
        assertNames(theOnlyReceived(), former);
        assertThat(theOnlyReceived().headers()).doesNotContainKeys("deprecation", "sunset");

        HttpResponse<String> elsewhere = visitor.get("/api/", "x-api-key", former.token());
        assertThat(elsewhere.statusCode()).isEqualTo(403);
        assertThat(elsewhere.headers().allValues("Deprecation"))
                .isEqualTo(good.headers().allValues("Deprecation"));
        assertThat(elsewhere.headers().allValues("Sunset"))
                .isEqualTo(good.headers().allValues("Sunset"));

        for (String path : List.of("/other", "/api/")) {
            assertThat(visitor.get(
                                    path,
                                    "x-api-key",
                                    newest.token(),
                                    "Keyrack-Deprecation",
                                    "@1",
                                    "Keyrack-Sunset",
                                    "x")
                            .headers()
                            .map())
                    .doesNotContainKeys("deprecation", "sunset");
        }
    }

    @Test
    void whatTheBackEndSaysOfItsOwnDeprecationStands() {
        Issued former = keyrack.issue("server", List.of("chat.start"));
        keyrack.rotate(former);
        HttpResponse<String> answer = visitor.get("/deprecated", "x-api-key", former.token());
        assertThat(answer.headers().allValues("Deprecation")).containsExactly(TestingBackEnd.DEPRECATION);
        assertThat(answer.headers().firstValue("Sunset")).isEmpty();
    }

    @Test
    void aRefusedBasicTokenIsChallengedForBasic() {
        HttpResponse<String> answer = visitor.get("/", "Authorization", Visitor.basic("shop", NO_TOKEN));

        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .containsExactly("Basic realm=\"keyrack\", charset=\"UTF-8\"");
    }

    /** The main job: once the call has returned, the token is off at every gateway. */
    @Test
    void theVeryNextRequestAfterARevocationIsRefused() {
        for (int round = 0; round < 20; round++) {
            Issued mine = keyrack.issue("server", List.of("chat.start"));
            assertThat(visitor.get("/api/", "x-api-key", mine.token()).statusCode())
                    .isEqualTo(200);
            backEnd.forget();

            keyrack.revoke(mine);

            assertRefused("REVOKED", visitor.get("/api/", "x-api-key", mine.token()));
            assertThat(backEnd.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/chats", "/x/../api/chats", "//api/chats", "/%61pi/chats", "/x/%2e%2e/api/chats"})
    void thePermissionOfAPathIsAskedForHoweverThePathIsSpelled(String path) {
        Issued without = keyrack.issue("server", List.of("chat.read"));

        HttpResponse<String> answer = visitor.get(path, "x-api-key", without.token());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Keyrack-Code")).hasValue("PERMISSION_DENIED");
        assertThat(code(answer)).isEqualTo("PERMISSION_DENIED");
        assertThat(backEnd.received()).isEmpty();
        assertThat(visitor.get(path, "x-api-key", key.token()).statusCode()).isEqualTo(200);
        assertThat(visitor.get("/other", "x-api-key", without.token()).statusCode())
                .isEqualTo(200);
    }

    /** Each of these would be another verdict, or no verdict at all, if the gate saw it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "?permission=chat.never",
                "?permission=",
                "?app=x&cost=none",
                "?unknown=1",
                "?&permission=a.b",
                "?%25"
            })
    void theClientsQueryReachesTheBackEndAndNeverTheGate(String query) {
        Issued without = keyrack.issue("server", List.of());

        assertThat(visitor.rawStatus("/other" + query, "x-api-key: " + without.token()))
                .isEqualTo(200);
        assertThat(visitor.rawStatus("/api/" + query, "x-api-key: " + key.token()))
                .isEqualTo(200);
        assertThat(visitor.rawStatus("/api/" + query, "x-api-key: " + without.token()))
                .isEqualTo(403);
        assertThat(backEnd.received())
                .extracting(TestingBackEnd.Received::target)
                .containsExactly("/other" + query, "/api/" + query);
    }

    @Test
    void theGatesAddressInsideTheGatewayIsNotOpenToClients() {
        assertThat(visitor.get("/_keyrack", "x-api-key", NO_TOKEN).statusCode()).isIn(401, 404);
        assertThat(backEnd.received()).isEmpty();
    }

    @Test
    void theBackEndsOwnAnswersPassUnchanged() {
        for (int status : new int[] {400, 401, 403, 404, 429, 431, 500, 502, 503}) {
            HttpResponse<String> answer = visitor.get("/api/answers/" + status, "x-api-key", key.token());

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(TestingBackEnd.ANSWER);
            assertThat(answer.headers().firstValue("Back-End")).hasValue("yes");
            assertThat(answer.headers().firstValue("Keyrack-Code")).isEmpty();
            assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    @Test
    void corsPreflightsReachTheBackEndWithoutATokenAndWithoutAName() {
        for (String path : List.of("/api/chats", "/other")) {
            backEnd.forget();
            String[] headers = Arrays.copyOf(PREFLIGHT, PREFLIGHT.length + 2);
            headers[PREFLIGHT.length] = "Keyrack-Key-Id";
            headers[PREFLIGHT.length + 1] = key.id();

            assertThat(visitor.send("OPTIONS", path, BodyPublishers.noBody(), headers)
                            .statusCode())
                    .isEqualTo(200);

            assertThat(theOnlyReceived().method()).isEqualTo("OPTIONS");
            assertThat(theOnlyReceived().headers().keySet()).noneMatch(name -> name.startsWith("keyrack"));
        }
    }

    @Test
    void whatIsNoPreflightNeedsAToken() {
        assertRefused("MALFORMED", visitor.send("OPTIONS", "/api/", BodyPublishers.noBody()));
        assertRefused(
                "MALFORMED", visitor.send("OPTIONS", "/api/", BodyPublishers.noBody(), Arrays.copyOf(PREFLIGHT, 2)));
        assertRefused(
                "MALFORMED",
                visitor.send("OPTIONS", "/api/", BodyPublishers.noBody(), Arrays.copyOfRange(PREFLIGHT, 2, 4)));
        for (String method : List.of("GET", "PUT", "POST", "DELETE", "PROPFIND")) {
            assertRefused("MALFORMED", visitor.send(method, "/api/", BodyPublishers.noBody(), PREFLIGHT));
        }
        assertThat(backEnd.received()).isEmpty();
    }

    /** Behind CGI, WSGI or PHP the last ones are the first ones. */
    @Test
    void aClientsOwnKeyrackHeadersNeverReachTheBackEnd() {
        HttpResponse<String> answer = visitor.get(
                "/api/",
                "x-api-key",
                key.token(),
                "Keyrack-Key-Id",
                "forged",
                "KEYRACK-KEY-TYPE",
                "forged",
                "keyrack-organization",
                "forged",
                "keyrack-organization",
                "forged again",
                "Keyrack-Project",
                "forged",
                "Keyrack-Generation",
                "forged",
                "Keyrack-Code",
                "forged",
                "Keyrack-Verifier",
                "forged",
                "Keyrack_Key_Id",
                "forged",
                "keyrack_organization",
                "forged",
                "Keyrack-Key_Id",
                "forged",
                "Keyrack.Key.Id",
                "forged",
                "KEYRACK_PROJECT",
                "forged");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertNames(theOnlyReceived(), key);
        assertThat(theOnlyReceived().headers().toString()).doesNotContain("forged");
    }

    @Test
    void aBodyReachesTheBackEndWholeWithItsLengthOrInChunks() {
        byte[] body = new byte[20 << 20];
        new Random(1).nextBytes(body);
        String sha256 = HexFormat.of().formatHex(TestingBackEnd.sha256().digest(body));

        for (var publisher : List.of(
                BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            backEnd.forget();

            assertThat(visitor.send("POST", "/api/", publisher, "x-api-key", key.token())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(theOnlyReceived().length()).isEqualTo(body.length);
            assertThat(theOnlyReceived().sha256()).isEqualTo(sha256);
        }
    }

    TestingBackEnd.Received theOnlyReceived() {
        assertThat(backEnd.received()).hasSize(1);
        return backEnd.received().getFirst();
    }

    private static void assertNames(TestingBackEnd.Received received, Issued issued) {
        assertThat(received.header("Keyrack-Key-Id")).containsExactly(issued.id());
        assertThat(received.header("Keyrack-Key-Type")).containsExactly(issued.type());
        assertThat(received.header("Keyrack-Organization")).containsExactly(issued.organization());
        assertThat(received.header("Keyrack-Project")).containsExactly(issued.project());
        assertThat(received.headers().keySet().stream().filter(name -> name.startsWith("keyrack")))
                .hasSize(4);
    }

    private static void assertRefused(String code, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("Keyrack-Code")).containsExactly(code);
        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .contains("realm=");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(code(answer)).isEqualTo(code);
    }

    private static String code(HttpResponse<String> answer) {
        JsonNode problem = JsonMapper.shared().readTree(answer.body());
        assertThat(problem.get("status").intValue()).isEqualTo(answer.statusCode());
        return problem.get("code").stringValue();
    }
}
