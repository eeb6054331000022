package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: only a member's own token opens the management API, in each of the three ways, and only while it is theirs. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class AuthenticationTest {
    private static final String ME = "/api/v1/me";

    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private void accepted(String... headers) {
        assertThat(server.nobody.get(ME, headers).at("/member/email")).isEqualTo("owner@example.com");
    }

    private Answer refused(String... headers) {
        Answer answer = server.nobody.get(ME, headers);
        assertThat(answer.status()).as(String.join(" ", headers)).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("unauthenticated");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=");
        return answer;
    }

    @Test
    void tokenIsTakenInEachOfTheThreeWays() {
        String token = server.ownerToken;
        accepted("x-api-key", token);
        accepted("X-API-Key", token);
        accepted("Authorization", "Bearer " + token);
        accepted("Authorization", "bearer  " + token);
        accepted("Authorization", basic("acme", token));
        accepted("Authorization", basic(token.substring(7, 18), token).replace("Basic", "BASIC"));
    }

    @Test
    void basicNeedsTheUserNameOfTheTokensOwnOrganization() {
        for (String user : List.of("", "other", "ACME", "owner@example.com", "acme ", server.organization)) {
            refused("Authorization", basic(user, server.ownerToken));
        }
        refused("Authorization", basic(server.otherToken.substring(7, 18), server.ownerToken));
        refused("Authorization", "Basic " + server.ownerToken);
        refused("Authorization", "Basic");
        refused("Authorization", "Basic =");
        refused("Authorization", "Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, ':', 'a'}));
        refused("Authorization", "Basic " + Base64.getEncoder().encodeToString("nocolon".getBytes()));
    }

    @Test
    void callWithoutACredentialIsToldHowToSendOne() {
        assertThat(refused().at("/detail")).contains("x-api-key", "Bearer");
        refused("Authorization", "");
        refused("Authorization", "Bearer");
        refused("Authorization", "Digest " + server.ownerToken);
        refused("x-api-key", "");
        refused("Cookie", "x-api-key=" + server.ownerToken);
        assertThat(server.nobody.get(ME + "?x-api-key=nothing").status()).isIn(400, 401);
    }

    @Test
    void allTokensThatAreNotGoodGetTheSameAnswer() {
        Made key = server.make("server", ",'permissions':['keys.verify']");
        String good = server.ownerToken;
        char last = good.charAt(good.length() - 1);
        String mistyped = good.substring(0, good.length() - 1) + (last == 'a' ? 'b' : 'a');
        KeyId id = new KeyId(good.substring(7, 18));
        SecureRandom random = new SecureRandom();
        String otherSecret = TokenFormat.mint("kr", "pat", id, random).token().reveal();
        String otherType = TokenFormat.mint("kr", "srv", id, random).token().reveal();
        String neverMade = TokenFormat.mint("kr", "pat", random).token().reveal();
        String detail = refused("x-api-key", mistyped).at("/detail");
        for (String bad : List.of(
                otherSecret,
                otherType,
                neverMade,
                key.token(),
                server.make("web").token(),
                "x",
                good + "a",
                good.toUpperCase(),
                "😀",
                good.replace("kr_", "xx_"),
                "a".repeat(8_000))) {
            if (bad.chars().allMatch(c -> c < 0x80)) {
                assertThat(refused("x-api-key", bad).at("/detail")).isEqualTo(detail);
                assertThat(refused("Authorization", "Bearer " + bad).at("/detail"))
                        .isEqualTo(detail);
            }
            assertThat(refused("Authorization", basic("acme", bad)).at("/detail"))
                    .isEqualTo(detail);
        }
    }

    @Test
    void twoCredentialsAreNoneEvenWhenBothAreGood() {
        refused("x-api-key", server.ownerToken, "Authorization", "Bearer " + server.ownerToken);
        refused("x-api-key", server.ownerToken, "x-api-key", server.ownerToken);
        refused("Authorization", "Bearer " + server.ownerToken, "Authorization", "Bearer " + server.otherToken);
        refused("x-api-key", server.ownerToken, "Authorization", "Bearer nonsense");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/keys",
                "POST /api/v1/keys",
                "GET /api/v1/keys/00000000000",
                "PATCH /api/v1/keys/00000000000",
                "DELETE /api/v1/keys/00000000000",
                "POST /api/v1/keys/00000000000/disable",
                "POST /api/v1/keys/00000000000/enable",
                "POST /api/v1/keys/00000000000/regenerate",
                "POST /api/v1/keys/00000000000/end-overlap",
                "GET /api/v1/keys/00000000000/events",
                "POST /api/v1/keys/00000000000/reveal",
                "GET /api/v1/projects",
                "POST /api/v1/projects",
                "GET /api/v1/projects/x",
                "PATCH /api/v1/projects/x",
                "POST /api/v1/setup",
                "GET /api/v1/organizations",
                "POST /api/v1/organizations",
                "GET /api/v1/organizations/x",
                "PATCH /api/v1/organizations/x",
                "GET /api/v1/me",
                "POST /api/v1/me/token",
                "DELETE /api/v1/me/token",
                "GET /api/v1/audit",
                "GET /api/v1/audit/anchors",
                "POST /api/v1/audit/verify"
            })
    void everyAddressNeedsACredentialBeforeItLooksAtAnythingElse(String call) {
        String method = call.replaceFirst(" .*", "");
        String path = call.replaceFirst(".* ", "");
        byte[] bad = "{\"nonsense\":".getBytes(StandardCharsets.UTF_8);
        for (TestingClient stranger : List.of(
                server.nobody,
                server.nobody.as("x-api-key", server.make("server").token()))) {
            Answer answer = method.equals("POST") || method.equals("PATCH")
                    ? stranger.send(method, path, "application/json", bad)
                    : method.equals("GET") ? stranger.get(path) : stranger.delete(path);
            assertThat(answer.status()).isEqualTo(401);
        }
    }

    @Test
    void replacedPersonalTokenStopsAtOnceAndTheNewOneWorks() {
        Answer founded = server.owner.post(
                "/api/v1/organizations", "{'name':'Org','subdomain':'tokens','ownerEmail':'o@example.com'}");
        String first = founded.at("/token");
        Answer replaced = server.nobody.as("x-api-key", first).post("/api/v1/me/token");
        refused("x-api-key", first);
        String second = replaced.at("/token");
        TestingClient member = server.nobody.as("x-api-key", second);
        assertThat(member.get(ME).at("/member/id")).isEqualTo(founded.at("/owner/id"));
        assertThat(member.delete("/api/v1/me/token").status()).isEqualTo(204);
        refused("x-api-key", second);
        refused("x-api-key", first);
    }

    @Test
    void personalTokenIsNoKeyOnTheDataPlane() {
        assertThat(server.code(server.ownerToken)).isEqualTo("UNKNOWN");
    }
}
