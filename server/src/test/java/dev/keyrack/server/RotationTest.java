package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Promise: a key is given a new token while the former one goes on for a chosen time, and nobody is surprised by its end. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class RotationTest {
    private static final String HOUR = "{'overlapSeconds':3600}";

    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer regenerate(Made made, String body) {
        Answer answer = server.owner.post(made.path() + "/regenerate", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private Answer endOverlap(Made made) {
        return server.owner.post(made.path() + "/end-overlap");
    }

    private List<Integer> generations(Answer answer) {
        return answer.json()
                .at("/key/tokens")
                .valueStream()
                .map(token -> token.get("generation").asInt())
                .toList();
    }

    private long narrowings() {
        return server.rows().get("feed_entries").stream()
                .filter(row -> ((Number) row.get(4)).longValue() == 1)
                .count();
    }

    private long ciphertexts(Made made) {
        return server.rows().get("key_tokens").stream()
                .filter(row -> row.getFirst().equals(made.id()) && row.get(3) != null)
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "server"})
    void bothTokensWorkDuringTheOverlapAndVerdictsSayWhichWasUsed(String type) {
        Made made = server.make(type);
        assertThat(generations(server.owner.get(made.path()))).containsExactly(1);
        Answer regenerated = regenerate(made, HOUR);
        Answer latter = server.verify(regenerated.at("/token"));
        Answer former = server.verify(made.token());
        assertThat(latter.at("/code")).isEqualTo("VALID");
        assertThat(latter.json().at("/generation").asInt()).isEqualTo(2);
        assertThat(latter.json().has("tokenEndsAt")).isFalse();
        assertThat(former.at("/code")).isEqualTo("VALID");
        assertThat(former.json().at("/generation").asInt()).isEqualTo(1);

        JsonNode tokens = regenerated.json().at("/key/tokens");
        assertThat(generations(regenerated)).containsExactly(2, 1);
        assertThat(tokens.get(0).has("endsAt")).isFalse();
        assertThat(former.at("/tokenEndsAt"))
                .isEqualTo(tokens.get(1).get("endsAt").asString());
        Instant since = Instant.parse(tokens.get(0).get("createdAt").asString());
        Instant until = Instant.parse(tokens.get(1).get("endsAt").asString());
        assertThat(Duration.between(since, until)).isEqualTo(Duration.ofHours(1));
        assertThat(server.owner.get(made.path()).json().get("key"))
                .isEqualTo(regenerated.json().get("key"));
        assertThat(server.owner.get("/api/v1/keys?search=" + made.id()).json().at("/items/0"))
                .isEqualTo(regenerated.json().get("key"));

        Answer authorized = server.gate.get("/v1/authorize", "x-api-key", made.token());
        assertThat(authorized.header("Deprecation")).isEqualTo("@" + since.getEpochSecond());
        assertThat(authorized.header("Sunset")).endsWith(" GMT");
        assertThat(authorized.header("Keyrack-Generation")).isEqualTo("1");
        assertThat(server.gate
                        .get("/v1/authorize", "x-api-key", regenerated.at("/token"))
                        .headers()
                        .map())
                .doesNotContainKeys("deprecation", "sunset");
    }

    @Test
    void overlapEndsByItselfAtItsTime() {
        Made made = server.make("web");
        Answer regenerated = regenerate(made, "{'overlapSeconds':1}");
        Instant end = Instant.parse(regenerated.at("/key/tokens/1/endsAt"));
        Instant asked;
        Answer verdict;
        do {
            asked = Instant.now();
            verdict = server.verify(made.token());
            if (verdict.at("/code").equals("VALID")) {
                assertThat(asked).as("asked more than 1 s after the end").isBefore(end.plusSeconds(1));
            }
        } while (verdict.at("/code").equals("VALID"));
        assertThat(verdict.at("/code")).isEqualTo("REVOKED");
        assertThat(verdict.json().at("/generation").asInt()).isEqualTo(1);
        assertThat(verdict.json().has("tokenEndsAt")).isFalse();
        assertThat(server.code(regenerated.at("/token"))).isEqualTo("VALID");
        Answer refused = server.gate.get("/v1/authorize", "x-api-key", made.token());
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.headers().map()).doesNotContainKeys("deprecation", "sunset");
        while (generations(server.owner.get(made.path())).size() > 1) {
            assertThat(Instant.now()).isBefore(end.plusSeconds(20));
        }
        assertThat(endOverlap(made).header("ETag")).as("nothing is left to end").isEqualTo(regenerated.header("ETag"));
    }

    @Test
    void overlapIsEndedAtOnceAndARepetitionChangesNothing() {
        Made made = server.make("mobile");
        Answer regenerated = regenerate(made, HOUR);
        long before = narrowings();
        Answer ended = endOverlap(made);
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
        assertThat(server.code(regenerated.at("/token"))).isEqualTo("VALID");
        assertThat(ended.status()).isEqualTo(200);
        assertThat(generations(ended)).containsExactly(2);
        assertThat(ended.header("ETag")).isEqualTo("\"3\"");
        assertThat(ended.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
        assertThat(narrowings()).isEqualTo(before + 1);

        Answer again = endOverlap(made);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("key")).isEqualTo(ended.json().get("key"));
        assertThat(again.json().at("/confirmation/sequence").asLong())
                .isGreaterThanOrEqualTo(
                        ended.json().at("/confirmation/sequence").asLong());
        assertThat(narrowings()).isEqualTo(before + 1);
        assertThat(endOverlap(server.make("server")).status())
                .as("a key without an overlap")
                .isEqualTo(200);
    }

    /** Else a node that missed it would say yes beyond the end. */
    @Test
    void alsoAnEndThatLiesAheadIsOneThatEveryNodeMustKnow() {
        Made made = server.make("server");
        long before = narrowings();
        Answer regenerated = regenerate(made, HOUR);
        assertThat(narrowings()).isEqualTo(before + 1);
        assertThat(regenerated.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
    }

    @Test
    void keyHasTwoTokensThatWorkAtMost() {
        Made made = server.make("server");
        String second = regenerate(made, HOUR).at("/token");
        Answer third = regenerate(made, "{'overlapSeconds':2592000}");
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
        assertThat(server.code(second)).isEqualTo("VALID");
        assertThat(server.code(third.at("/token"))).isEqualTo("VALID");
        assertThat(generations(third)).containsExactly(3, 2);
        Answer fourth = regenerate(made, "{}");
        assertThat(server.code(second)).isEqualTo("REVOKED");
        assertThat(server.code(third.at("/token"))).isEqualTo("REVOKED");
        assertThat(generations(fourth)).containsExactly(4);
    }

    @Test
    void whatTurnsAKeyOffTurnsBothTokensOff() {
        Made made = server.make("server");
        String second = regenerate(made, HOUR).at("/token");
        server.owner.post(made.path() + "/disable");
        assertThat(server.code(made.token())).isEqualTo("DISABLED");
        assertThat(server.code(second)).isEqualTo("DISABLED");
        server.owner.post(made.path() + "/enable");
        assertThat(server.code(made.token())).isEqualTo("VALID");
        Answer revoked = server.owner.delete(made.path());
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
        assertThat(server.code(second)).isEqualTo("REVOKED");
        assertThat(revoked.json().at("/key/tokens").isEmpty()).isTrue();
        assertThat(endOverlap(made).status()).isEqualTo(409);
        assertThat(server.owner.post(made.path() + "/regenerate", HOUR).status())
                .isEqualTo(409);
    }

    @Test
    void ciphertextStaysWhileItsTokenWorksAndTheNewestIsRevealed() {
        Made made = server.make("web");
        String second = regenerate(made, HOUR).at("/token");
        assertThat(ciphertexts(made)).isEqualTo(2);
        assertThat(server.owner.post(made.path() + "/reveal").at("/token")).isEqualTo(second);
        endOverlap(made);
        assertThat(ciphertexts(made)).isEqualTo(1);
        assertThat(server.owner.post(made.path() + "/reveal").at("/token")).isEqualTo(second);
    }

    @Test
    void answerThatHoldsTheFormerTokenIsGoneThoughTheTokenWorks() {
        String body = "{'name':'n','type':'server','projectId':'" + server.project + "'}";
        Answer made = server.owner.post("/api/v1/keys", body, "Idempotency-Key", "rotation-1");
        String path = made.header("Location") + "/regenerate";
        Answer first = server.owner.post(path, HOUR, "Idempotency-Key", "rotation-2");
        assertThat(server.owner
                        .post("/api/v1/keys", body, "Idempotency-Key", "rotation-1")
                        .status())
                .isEqualTo(410);
        Answer again = server.owner.post(path, HOUR, "Idempotency-Key", "rotation-2");
        assertThat(again.json().get("key")).isEqualTo(first.json().get("key"));
        assertThat(again.at("/token")).isEqualTo(first.at("/token"));
        assertThat(server.owner
                        .post(path, "{'overlapSeconds':1}", "Idempotency-Key", "rotation-2")
                        .status())
                .as("another overlap is another call")
                .isEqualTo(422);
    }

    @Test
    void eachActHasItsEventAndTheKeyListsThem() {
        Made made = server.make("server");
        String formerEnds = regenerate(made, HOUR).at("/key/tokens/1/endsAt");
        String secondEnds = regenerate(made, "{'overlapSeconds':60}").at("/key/tokens/1/endsAt");
        endOverlap(made);
        endOverlap(made);
        String path = made.path() + "/events";
        Answer events = server.owner.get(path);
        assertThat(events.items("/action"))
                .containsExactly("key.overlap-ended", "key.regenerated", "key.regenerated", "key.created");
        assertThat(events.items("/target/id")).containsOnly(made.id());
        JsonNode ended = events.json().at("/items/0");
        assertThat(ended.get("before").toString()).isEqualTo("{\"generation\":2,\"endsAt\":\"" + secondEnds + "\"}");
        assertThat(ended.get("after").toString())
                .isEqualTo("{\"generation\":2,\"endsAt\":\"" + ended.get("at").asString() + "\"}");
        JsonNode second = events.json().at("/items/1");
        assertThat(second.get("before").toString())
                .isEqualTo("{\"generation\":2,\"formerEndsAt\":\"" + formerEnds + "\"}");
        assertThat(second.get("after").toString())
                .isEqualTo("{\"generation\":3,\"formerEndsAt\":\"" + secondEnds + "\"}");

        Answer first = server.owner.get(path + "?limit=3");
        Answer rest = server.owner.get(path + "?limit=3&cursor=" + first.at("/next"));
        assertThat(first.items("/id")).isEqualTo(events.items("/id").subList(0, 3));
        assertThat(rest.items("/id")).isEqualTo(events.items("/id").subList(3, 4));
        assertThat(server.owner.get(path + "?target=x").pointers()).containsExactly("?target");
    }

    @Test
    void expiryIsSetLaterMovedAndRemovedButNeverIntoThePast() {
        Made made = server.make("server");
        Answer past = server.owner.patch(made.path(), "{'expiresAt':'2020-01-01T00:00:00Z'}");
        assertThat(past.status()).isEqualTo(400);
        assertThat(past.pointers()).containsExactly("/expiresAt");
        assertThat(past.text()).contains("future");
        assertThat(server.code(made.token())).isEqualTo("VALID");
        assertThat(server.owner
                        .patch(made.path(), "{'expiresAt':'2999-01-01T00:00:00Z'}")
                        .at("/key/expiresAt"))
                .isEqualTo("2999-01-01T00:00:00Z");
        Answer removed = server.owner.patch(made.path(), "{'expiresAt':null}");
        assertThat(removed.json().at("/key/expiresAt").isNull()).isTrue();
    }
}
