package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: what the management API answers about a key is in force on the data plane when it is answered. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class KeyLifeTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"web,web", "mobile,mob", "analytics,ana", "server,srv"})
    void newKeyVerifiesAndIsSeenWithoutItsToken(String type, String tag) {
        Answer made = server.owner.post(
                "/api/v1/keys", "{'name':' Shop ','type':'" + type + "','projectId':'" + server.project + "'}");
        assertThat(made.status()).isEqualTo(201);
        String id = made.at("/key/id");
        String token = made.at("/token");
        assertThat(token).startsWith("kr_" + tag + "_" + id);
        assertThat(made.header("Location")).isEqualTo("/api/v1/keys/" + id);
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.at("/key/masked")).isEqualTo("kr_" + tag + "_" + id + "…");
        assertThat(made.at("/key/name")).isEqualTo("Shop");
        assertThat(made.at("/key/state")).isEqualTo("active");
        assertThat(made.at("/key/source/kind")).isEqualTo("member");
        assertThat(made.at("/key/createdBy/name")).isEqualTo("owner@example.com");
        assertThat(made.json().at("/key/permissions").isNull()).isTrue();
        assertThat(made.json().at("/key/metadata").isEmpty()).isTrue();

        Answer read = server.owner.get(made.header("Location"));
        assertThat(read.json().get("key")).isEqualTo(made.json().get("key"));
        assertThat(read.header("ETag")).isEqualTo(made.header("ETag"));
        assertThat(read.text()).doesNotContain(token.substring(19));

        Answer verdict = server.verify(token);
        assertThat(verdict.at("/code")).isEqualTo("VALID");
        assertThat(verdict.at("/keyId")).isEqualTo(id);
        assertThat(verdict.at("/type")).isEqualTo(type);
        assertThat(verdict.at("/organizationId")).isEqualTo(server.organization);
        assertThat(verdict.at("/projectId")).isEqualTo(server.project);
        assertThat(verdict.json().at("/generation").asInt()).isEqualTo(1);
    }

    @Test
    void newKeyIsWhatItsMakerAskedFor() {
        String expiry = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS) + "";
        Made made = server.make(
                "web",
                ",'permissions':['chat.start','orders.*'],'expiresAt':'" + expiry
                        + "','metadata':{'team':'sales','Größe':'ä ~/'},'source':{'kind':'integration','name':'Reports'}");
        Answer read = server.owner.get(made.path());
        assertThat(read.json().at("/key/permissions").toString()).isEqualTo("[\"chat.start\",\"orders.*\"]");
        assertThat(read.at("/key/expiresAt")).isEqualTo(expiry);
        assertThat(read.at("/key/metadata/team")).isEqualTo("sales");
        assertThat(read.at("/key/metadata/Größe")).isEqualTo("ä ~/");
        assertThat(read.at("/key/source/kind")).isEqualTo("integration");
        assertThat(read.at("/key/source/name")).isEqualTo("Reports");
        assertThat(permitted(made, "chat.start")).isEqualTo("VALID");
        assertThat(permitted(made, "orders.read")).isEqualTo("VALID");
        assertThat(permitted(made, "chat.stop")).isEqualTo("PERMISSION_DENIED");
    }

    private String permitted(Made made, String permission) {
        return server.gate
                .post("/v1/verify", "{'token':'" + made.token() + "','permission':'" + permission + "'}")
                .at("/code");
    }

    @Test
    void nullsOfANewKeyMeanAbsent() {
        Made made = server.make("web", ",'permissions':null,'expiresAt':null,'metadata':null,'source':null");
        assertThat(server.code(made.token())).isEqualTo("VALID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "mobile", "analytics"})
    void onlyServerKeysHaveReservedPermissions(String type) {
        for (String reserved : new String[] {"keys.verify", "keys.replicate"}) {
            Answer refused = server.owner.post(
                    "/api/v1/keys",
                    "{'name':'n','type':'" + type + "','projectId':'" + server.project
                            + "','permissions':['chat.start','" + reserved + "']}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("/permissions/1");
            Made made = server.make(type);
            Answer edit = server.owner.patch(made.path(), "{'permissions':['" + reserved + "']}");
            assertThat(edit.status()).isEqualTo(400);
            assertThat(edit.pointers()).containsExactly("/permissions/0");
            Made asker = server.make("server", ",'permissions':['" + reserved + "']");
            assertThat(permitted(asker, reserved)).isEqualTo("VALID");
        }
    }

    @Test
    void disabledKeyIsRefusedAndWorksAgainOnceEnabled() {
        Made made = server.make("server");
        Answer disabled = server.owner.post(made.path() + "/disable");
        assertThat(server.code(made.token())).isEqualTo("DISABLED");
        assertThat(disabled.status()).isEqualTo(200);
        assertThat(disabled.at("/key/state")).isEqualTo("disabled");
        assertThat(disabled.at("/key/stateChangedBy/name")).isEqualTo("owner@example.com");
        assertThat(disabled.header("ETag")).isEqualTo("\"2\"");
        assertThat(disabled.json().at("/confirmation/sequence").asLong()).isPositive();
        assertThat(disabled.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);

        Answer again = server.owner.post(made.path() + "/disable", "{}");
        assertThat(again.json().get("key")).isEqualTo(disabled.json().get("key"));

        Answer enabled = server.owner.post(made.path() + "/enable");
        assertThat(server.code(made.token())).isEqualTo("VALID");
        assertThat(enabled.at("/key/state")).isEqualTo("active");
        assertThat(server.owner.post(made.path() + "/enable").at("/key/updatedAt"))
                .isEqualTo(enabled.at("/key/updatedAt"));
    }

    /** Also of a key with two tokens, one of which ends by itself. */
    @Test
    void keyIsAnsweredAsItIsReadAfterwards() {
        Made made = server.make("web", ",'metadata':{'team':'sales'},'permissions':['chat.*']");
        server.owner.post(made.path() + "/regenerate", "{'overlapSeconds':600}");
        for (String act : List.of("/disable", "/enable", "")) {
            Answer done = act.isEmpty() ? server.owner.delete(made.path()) : server.owner.post(made.path() + act);
            Answer read = server.owner.get(made.path());
            assertThat(done.status()).isEqualTo(200);
            assertThat(done.json().get("key")).isEqualTo(read.json().get("key"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "server"})
    void formerTokenIsRefusedOnceTheKeyIsRegenerated(String type) {
        Made made = server.make(type);
        Answer regenerated = server.owner.post(made.path() + "/regenerate");
        Answer former = server.verify(made.token());
        String token = regenerated.at("/token");
        assertThat(regenerated.status()).isEqualTo(200);
        assertThat(former.at("/code")).isEqualTo("REVOKED");
        assertThat(former.json().at("/generation").asInt()).isEqualTo(1);
        Answer latter = server.verify(token);
        assertThat(latter.at("/code")).isEqualTo("VALID");
        assertThat(latter.json().at("/generation").asInt()).isEqualTo(2);
        assertThat(regenerated.at("/key/id")).isEqualTo(made.id());
        assertThat(regenerated.json().at("/key/generation").asInt()).isEqualTo(2);
        assertThat(token).isNotEqualTo(made.token()).contains(made.id());
        assertThat(server.owner
                        .post(made.path() + "/regenerate", "{'overlapSeconds':0}")
                        .status())
                .isEqualTo(200);
        assertThat(server.code(token)).isEqualTo("REVOKED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "mobile"})
    void tokenOfAPublishableKeyIsSeenAgain(String type) {
        Made made = server.make(type);
        assertThat(server.owner.post(made.path() + "/reveal").at("/token")).isEqualTo(made.token());
        String next = server.owner.post(made.path() + "/regenerate").at("/token");
        assertThat(server.owner.post(made.path() + "/reveal").at("/token")).isEqualTo(next);
        server.owner.post(made.path() + "/disable");
        assertThat(server.owner.post(made.path() + "/reveal").at("/token")).isEqualTo(next);
        server.owner.delete(made.path());
        assertThat(server.owner.post(made.path() + "/reveal").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"analytics", "server"})
    void tokenOfASecretKeyIsNeverSeenAgain(String type) {
        Made made = server.make(type);
        Answer refused = server.owner.post(made.path() + "/reveal");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("forbidden");
        server.owner.delete(made.path());
        assertThat(server.owner.post(made.path() + "/reveal").status()).isEqualTo(403);
    }

    @Test
    void revokedKeyIsOffForGood() {
        Made made = server.make("mobile");
        Answer revoked = server.owner.delete(made.path());
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.at("/key/state")).isEqualTo("revoked");
        assertThat(revoked.at("/key/revokedAt"))
                .isEqualTo(revoked.at("/confirmation/at").isEmpty() ? "" : revoked.at("/key/stateChangedAt"));
        assertThat(revoked.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
        assertThat(revoked.json().at("/confirmation/leaseExpired").isEmpty()).isTrue();

        Answer again = server.owner.delete(made.path());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("key")).isEqualTo(revoked.json().get("key"));
        assertThat(again.json().at("/confirmation/sequence").asLong())
                .isGreaterThanOrEqualTo(
                        revoked.json().at("/confirmation/sequence").asLong());
        assertThat(server.owner.delete(made.path(), "If-Match", "\"1\"").status())
                .isEqualTo(200);

        for (String act : new String[] {"disable", "enable", "regenerate", "end-overlap", "reveal"}) {
            Answer refused = server.owner.post(made.path() + "/" + act);
            assertThat(refused.status()).as(act).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("conflict");
        }
        assertThat(server.owner.patch(made.path(), "{'name':'New'}").status()).isEqualTo(409);
        assertThat(server.owner.get(made.path()).json().get("key"))
                .isEqualTo(revoked.json().get("key"));
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
    }

    @Test
    void everyTokenOfARevokedKeyIsRefused() {
        Made made = server.make("server");
        String second = server.owner.post(made.path() + "/regenerate").at("/token");
        server.owner.post(made.path() + "/disable");
        server.owner.delete(made.path());
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
        assertThat(server.code(second)).isEqualTo("REVOKED");
    }

    @Test
    void keyExpiresByItselfAndWorksAgainWithANewExpiry() {
        Made made = server.make("server", ",'expiresAt':'" + Instant.now().plusSeconds(1) + "'");
        Instant tooLate = Instant.now().plusSeconds(10);
        while (!server.code(made.token()).equals("EXPIRED")) {
            assertThat(Instant.now()).isBefore(tooLate);
        }
        assertThat(server.owner.get(made.path()).at("/key/state")).isEqualTo("active");
        server.owner.patch(made.path(), "{'expiresAt':'" + Instant.now().plusSeconds(3600) + "'}");
        assertThat(server.code(made.token())).isEqualTo("VALID");
    }

    @Test
    void keyThatExpiresInATimeZoneExpiresAtThatMoment() {
        Made made = server.make("web", ",'expiresAt':'2999-01-01T01:30:00+01:30'");
        assertThat(server.owner.get(made.path()).at("/key/expiresAt")).isEqualTo("2999-01-01T00:00:00Z");
        Made last = server.make("web", ",'expiresAt':'9999-12-31T23:59:59.999999Z'");
        assertThat(server.owner.get(last.path()).at("/key/expiresAt")).isEqualTo("9999-12-31T23:59:59.999999Z");
    }

    @Test
    void changeIsMadeOnlyToTheVersionThatItWasMeantFor() {
        Made made = server.make("web");
        String[] acts = {"disable", "enable", "regenerate", "end-overlap"};
        for (String stale : new String[] {"\"2\"", "\"0\"", "W/\"1\"", "1", "\"1", "\"2\", \"3\""}) {
            Answer edit = server.owner.patch(made.path(), "{'name':'New'}", "If-Match", stale);
            assertThat(edit.status()).as(stale).isEqualTo(412);
            assertThat(edit.code()).isEqualTo("precondition_failed");
            assertThat(server.owner.delete(made.path(), "If-Match", stale).status())
                    .isEqualTo(412);
            for (String act : acts) {
                assertThat(server.owner
                                .post(made.path() + "/" + act, "{}", "If-Match", stale)
                                .status())
                        .isEqualTo(412);
            }
        }
        assertThat(server.code(made.token())).isEqualTo("VALID");
        assertThat(server.owner.get(made.path()).header("ETag")).isEqualTo("\"1\"");
        assertThat(server.owner
                        .patch(made.path(), "{'name':'B'}", "If-Match", "\"7\", \"1\"")
                        .header("ETag"))
                .isEqualTo("\"2\"");
        assertThat(server.owner
                        .patch(made.path(), "{'name':'C'}", "If-Match", "*")
                        .header("ETag"))
                .isEqualTo("\"3\"");
        assertThat(server.owner.delete(made.path(), "If-Match", "\"3\"").at("/key/state"))
                .isEqualTo("revoked");
    }

    @Test
    void editChangesWhatItNamesAndNothingElse() {
        Made made = server.make("web", ",'permissions':['chat.start'],'metadata':{'a':'1','b':'2'}");
        Answer named = server.owner.patch(made.path(), "{'name':'New'}");
        assertThat(named.at("/key/name")).isEqualTo("New");
        assertThat(named.at("/key/metadata/a")).isEqualTo("1");
        assertThat(named.header("ETag")).isEqualTo("\"2\"");

        Answer merged = server.owner.patch(made.path(), "{'metadata':{'a':null,'b':'3','c':'4','absent':null}}");
        assertThat(merged.json().at("/key/metadata").toString()).isEqualTo("{\"b\":\"3\",\"c\":\"4\"}");
        Answer cleared = server.owner.patch(made.path(), "{'metadata':null}");
        assertThat(cleared.json().at("/key/metadata").isEmpty()).isTrue();

        assertThat(permitted(made, "chat.stop")).isEqualTo("PERMISSION_DENIED");
        server.owner.patch(made.path(), "{'permissions':null}");
        assertThat(permitted(made, "chat.stop")).isEqualTo("VALID");
        server.owner.patch(made.path(), "{'permissions':[]}");
        assertThat(permitted(made, "chat.stop")).isEqualTo("PERMISSION_DENIED");
        assertThat(server.code(made.token())).isEqualTo("VALID");
        server.owner.patch(made.path(), "{'permissions':['chat.stop']}");
        assertThat(permitted(made, "chat.stop")).isEqualTo("VALID");
        assertThat(permitted(made, "chat.start")).isEqualTo("PERMISSION_DENIED");

        String expiry = "2999-01-01T00:00:00Z";
        assertThat(server.owner
                        .patch(made.path(), "{'expiresAt':'" + expiry + "'}")
                        .at("/key/expiresAt"))
                .isEqualTo(expiry);
        assertThat(server.owner
                        .patch(made.path(), "{'expiresAt':null}")
                        .json()
                        .at("/key/expiresAt")
                        .isNull())
                .isTrue();
        assertThat(server.owner.post(made.path() + "/reveal").at("/token")).isEqualTo(made.token());
    }

    @Test
    void editThatChangesNothingMakesNoNewVersion() {
        Made made = server.make("web", ",'permissions':['chat.start'],'metadata':{'a':'1'}");
        Answer before = server.owner.get(made.path());
        for (String nothing : new String[] {
            "{}",
            "{'name':'Key'}",
            "{'metadata':{'a':'1'}}",
            "{'metadata':{}}",
            "{'permissions':['chat.start']}",
            "{'expiresAt':null}",
            "{'metadata':{'b':null}}"
        }) {
            Answer same = server.owner.patch(made.path(), nothing);
            assertThat(same.status()).isEqualTo(200);
            assertThat(same.json().get("key"))
                    .as(nothing)
                    .isEqualTo(before.json().get("key"));
            assertThat(same.header("ETag")).isEqualTo("\"1\"");
        }
    }

    @Test
    void editTakesPlainJsonToo() {
        Made made = server.make("web");
        Answer edited = server.owner.send("PATCH", made.path(), "application/json", "{\"name\":\"Plain\"}".getBytes());
        assertThat(edited.at("/key/name")).isEqualTo("Plain");
    }

    @Test
    void boundsOfAKeyAreReachedExactly() {
        String name = "ü".repeat(99) + "😀";
        StringBuilder permissions = new StringBuilder("'p0.a'");
        StringBuilder metadata = new StringBuilder("'m0':'" + "😀".repeat(500) + "'");
        for (int i = 1; i < 200; i++) {
            permissions.append(",'p").append(i).append(".a'");
        }
        for (int i = 1; i < 50; i++) {
            metadata.append(",'m").append(i).append("':''");
        }
        Answer made = server.owner.post(
                "/api/v1/keys",
                "{'name':'" + name + "','type':'web','projectId':'" + server.project + "','permissions':[" + permissions
                        + "],'metadata':{" + metadata + "}}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.at("/key/name")).isEqualTo(name);
        Answer full = server.owner.patch(made.header("Location"), "{'metadata':{'m50':''}}");
        assertThat(full.status()).isEqualTo(400);
        assertThat(full.pointers()).containsExactly("/metadata");
        Answer swap = server.owner.patch(made.header("Location"), "{'metadata':{'m50':'','m0':null}}");
        assertThat(swap.status()).isEqualTo(200);
    }
}
