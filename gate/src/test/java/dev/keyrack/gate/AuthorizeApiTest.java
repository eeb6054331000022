package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a gateway learns the verdict from the status, whichever of the three ways the visitor presented a token. */
@TestInstance(Lifecycle.PER_CLASS)
class AuthorizeApiTest {
    private static final String PATH = "/v1/authorize";

    private TestingGate gate;
    private TestingKeys keys;

    @BeforeAll
    void start() {
        gate = TestingGate.start();
        keys = gate.keys;
    }

    @AfterAll
    void stop() {
        gate.close();
    }

    private static String code(HttpResponse<String> answer) {
        return answer.headers().firstValue("keyrack-code").orElse("");
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("www-authenticate").orElse("");
    }

    @Test
    void validTokenIsAnsweredWithItsKeyInHeaders() {
        HttpResponse<String> answer = gate.get(PATH, "x-api-key", keys.active.token());
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().map())
                .containsEntry("keyrack-key-id", List.of(keys.active.id()))
                .containsEntry("keyrack-key-type", List.of("server"))
                .containsEntry("keyrack-organization", List.of("org_acme"))
                .containsEntry("keyrack-project", List.of("prj_org_acme"))
                .containsEntry("keyrack-generation", List.of("2"))
                .containsEntry("cache-control", List.of("no-store"))
                .doesNotContainKey("keyrack-code");
        HttpResponse<String> head = gate.send(gate.to(PATH)
                .header("x-api-key", keys.active.token())
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(204);
        assertThat(head.headers().firstValue("keyrack-key-id")).contains(keys.active.id());
    }

    @Test
    void tokenInItsOverlapIsToldSinceWhenItIsSupersededAndUntilWhenItWorks() {
        HttpResponse<String> answer = gate.get(PATH, "x-api-key", keys.overlapping);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().map())
                .containsEntry("keyrack-generation", List.of("1"))
                .containsEntry("deprecation", List.of("@1799996400"))
                .containsEntry("sunset", List.of("Fri, 15 Jan 2027 09:00:00 GMT"));
        HttpResponse<String> elsewhere = gate.get(PATH + "?permission=chat.stop", "x-api-key", keys.overlapping);
        assertThat(elsewhere.statusCode()).isEqualTo(403);
        assertThat(elsewhere.headers().map())
                .containsEntry("deprecation", List.of("@1799996400"))
                .containsEntry("sunset", List.of("Fri, 15 Jan 2027 09:00:00 GMT"));
    }

    @Test
    void tokenInItsOverlapIsNotToldToWorkLongerThanItsKey() {
        assertThat(gate.get(PATH, "x-api-key", keys.overlappingExpiringSoon)
                        .headers()
                        .map())
                .containsEntry("deprecation", List.of("@1799996400"))
                .containsEntry("sunset", List.of("Fri, 15 Jan 2027 08:30:00 GMT"));
        assertThat(gate.get(PATH, "x-api-key", keys.overlappingExpiring)
                        .headers()
                        .map())
                .as("a key that expires after it")
                .containsEntry("sunset", List.of("Fri, 15 Jan 2027 09:00:00 GMT"));
    }

    @Test
    void otherTokensAreNotDeprecated() {
        for (String token : List.of(
                keys.rotated.token(), keys.active.token(), keys.superseded, keys.overlappingDisabled, keys.unknown)) {
            assertThat(gate.get(PATH, "x-api-key", token).headers().map()).doesNotContainKeys("deprecation", "sunset");
        }
        assertThat(gate.get(PATH + "?permission=chat.stop", "x-api-key", keys.rotated.token())
                        .headers()
                        .map())
                .doesNotContainKeys("deprecation", "sunset");
    }

    @Test
    void threeWaysToPresentATokenGiveTheSameVerdict() {
        Map<String, String> verdicts = Map.of(
                keys.active.token(),
                "",
                keys.revoked.token(),
                "REVOKED",
                keys.expired.token(),
                "EXPIRED",
                keys.disabled.token(),
                "DISABLED",
                keys.superseded,
                "REVOKED",
                keys.unknown,
                "UNKNOWN",
                keys.personal,
                "UNKNOWN",
                "nonsense",
                "MALFORMED");
        verdicts.forEach((token, code) -> {
            for (String[] way : new String[][] {
                {"x-api-key", token},
                {"X-API-Key", token},
                {"Authorization", "Bearer " + token},
                {"Authorization", "bEARER   " + token},
                {"Authorization", TestingGate.basic("acme", token)},
                {"Authorization", TestingGate.basic("acme", token).replace("Basic", "bASIC ")},
                {"Authorization", TestingGate.basic("acme", token), "x-api-key", token}
            }) {
                HttpResponse<String> answer = gate.get(PATH, way);
                assertThat(code(answer)).as(way[0] + " " + code).isEqualTo(code);
                assertThat(answer.statusCode()).isEqualTo(code.isEmpty() ? 204 : 401);
                assertThat(answer.headers().firstValue("keyrack-key-id").isPresent())
                        .isEqualTo(code.isEmpty());
            }
        });
        assertThat(code(gate.get(PATH, "x-api-key", keys.suspended.token()))).isEqualTo("SUSPENDED");
    }

    @Test
    void basicNeedsTheSubdomainOrTheKeysIdAsUserName() {
        String token = keys.active.token();
        assertThat(basic("acme", token).statusCode()).isEqualTo(204);
        assertThat(basic(keys.active.id(), token).statusCode()).isEqualTo(204);
        for (String user : new String[] {"", "other", "ACME", "org_acme", keys.others.id(), "bücher"}) {
            HttpResponse<String> answer = basic(user, token);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(code(answer)).isEqualTo("UNKNOWN");
            assertThat(challenge(answer)).startsWith("Basic realm=\"keyrack\"");
        }
    }

    private HttpResponse<String> basic(String user, String token) {
        return gate.get(PATH, "Authorization", TestingGate.basic(user, token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Basic", "Basic ", "Basic !!!", "Basic YWNtZQ==", "Basic /zp4", "Bearer", "Bearer ", "Bearer a b"
            })
    void whatCannotBeReadAsATokenIsMalformed(String authorization) {
        HttpResponse<String> answer = gate.get(PATH, "Authorization", authorization);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(code(answer)).isEqualTo("MALFORMED");
        assertThat(challenge(answer)).startsWith(authorization.startsWith("Basic") ? "Basic " : "Bearer ");
    }

    @Test
    void missingTokenIsAskedForWithoutAnError() {
        for (String[] none : new String[][] {{"x-other", "a"}, {"Authorization", "Digest username=a"}}) {
            HttpResponse<String> answer = gate.get(PATH, none);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(code(answer)).isEqualTo("MALFORMED");
            assertThat(challenge(answer)).isEqualTo("Bearer realm=\"keyrack\"");
        }
        assertThat(challenge(gate.get(PATH, "x-api-key", keys.unknown))).contains("error=\"invalid_token\"");
    }

    @Test
    void severalTokensThatDifferAreAmbiguousAndRefused() {
        String good = keys.active.token();
        for (String[] several : new String[][] {
            {"x-api-key", good, "x-api-key", keys.limited.token()},
            {"x-api-key", good, "Authorization", "Bearer " + keys.limited.token()},
            {"x-api-key", "", "Authorization", "Bearer " + good},
            {"Authorization", "Bearer " + good, "Authorization", "Bearer " + keys.limited.token()},
            {"Authorization", TestingGate.basic("acme", good), "Authorization", TestingGate.basic("other", good)},
            {"Authorization", "Bearer " + good, "Authorization", TestingGate.basic("acme", keys.limited.token())}
        }) {
            HttpResponse<String> answer = gate.get(PATH, several);
            assertThat(answer.statusCode()).as(several[2]).isEqualTo(401);
            assertThat(code(answer)).isEqualTo("MALFORMED");
        }
        assertThat(gate.get(PATH, "x-api-key", good, "x-api-key", good).statusCode())
                .isEqualTo(204);
        assertThat(gate.get(PATH, "x-api-key", good, "Authorization", TestingGate.basic("other", good))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void permissionComesFromTheQueryOnly() {
        String token = keys.limited.token();
        assertThat(gate.get(PATH + "?permission=chat.start", "x-api-key", token).statusCode())
                .isEqualTo(204);
        assertThat(gate.get(PATH + "?permission=%63hat.start&cost=2&app=com.example", "x-api-key", token)
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> denied =
                gate.get(PATH + "?permission=chat.delete", "x-api-key", token, "permission", "chat.start");
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(code(denied)).isEqualTo("PERMISSION_DENIED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permission=*.*",
                "permission=",
                "permission",
                "permission=chat.start&permission=chat.start",
                "permissions=chat.start",
                "token=kr_srv_abc",
                "permission=chat.start%",
                "permission=chat.start%4",
                "permission=chat.start%zz",
                "permission=%ff",
                "permission=chat+start.x",
                "cost=-1",
                "cost=1.5",
                "cost=a",
                "cost=",
                "cost=1000000001",
                "cost=99999999999",
                "app=",
                "Permission=chat.start",
                "a%00b=c"
            })
    void queryThatIsNotUnderstoodWholeIsRefused(String query) {
        String answer = raw("GET " + PATH + "?" + query + " HTTP/1.1", "x-api-key: " + keys.active.token());
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("invalid_request")
                .doesNotContain("kr_srv");
    }

    @Test
    void bodyIsIgnoredAndDoesNotBecomeTheNextRequest() throws java.io.IOException {
        String token = "x-api-key: " + keys.active.token();
        String smuggled = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        String answer = raw("GET " + PATH + " HTTP/1.1", token, "Content-Length: " + smuggled.length(), smuggled);
        assertThat(answer).startsWith("HTTP/1.1 204 ").doesNotContain("HTTP/1.1 200");
        String next = "GET " + PATH + " HTTP/1.1\r\nHost: x\r\n" + token + "\r\nContent-Length: 2\r\n\r\n{}";
        assertThat(gate.exchange(next + smuggled).split("HTTP/1.1 ", -1)).hasSize(2);
        String unsent = raw("GET " + PATH + " HTTP/1.1", token, "Content-Length: 1000000");
        assertThat(unsent).startsWith("HTTP/1.1 204 ");
    }

    /** Sends the lines, then ends the sending side, and returns all that comes back. */
    private String raw(String start, String... lines) {
        StringBuilder request = new StringBuilder(start).append("\r\nHost: x\r\n");
        String body = "";
        for (String line : lines) {
            if (line.contains("\r\n")) {
                body = line;
            } else {
                request.append(line).append("\r\n");
            }
        }
        return gate.exchangeAndEnd(request + "\r\n" + body);
    }

    @Test
    void staleIsAnsweredWith503() {
        try (TestingGate empty = TestingGate.startEmpty()) {
            HttpResponse<String> answer = empty.get(PATH, "x-api-key", empty.keys.active.token());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(code(answer)).isEqualTo("STALE");
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
        }
    }

    @Test
    void otherMethodsAreRefused() {
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
            HttpResponse<String> answer = gate.send(gate.to(PATH)
                    .header("x-api-key", keys.active.token())
                    .method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
        }
    }
}
