package dev.keyrack.server;

import static dev.keyrack.server.IdempotencyTest.assertRefused;
import static dev.keyrack.server.IdempotencyTest.assertStillRunning;
import static dev.keyrack.server.IdempotencyTest.replayed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.Repeatable.Call;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Promise: an answer is not given again to whoever may no longer make the call, nor once the token in it has ended; and
 * nothing is made instead.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class IdempotencyEndTest {
    private static final String HEADER = "Idempotency-Key";
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }

    @Test
    void callerWhoseTokenEndsWhileTheCallIsUnderWayIsRefused() throws Exception {
        Answer made = server.owner.post(
                "/api/v1/organizations", "{'name':'Org','subdomain':'leaver','ownerEmail':'o@example.com'}");
        TestingClient leaver = server.nobody.as("x-api-key", made.at("/token"));
        String key = fresh();
        try (TwoCalls two =
                TwoCalls.begin(server, () -> leaver.post("/api/v1/projects", "{'name':'P'}", HEADER, key))) {
            assertStillRunning(two.refused());
            two.releaseWith("DELETE FROM personal_tokens WHERE member_id = '" + made.at("/owner/id") + "'");
            assertRefused(two.waiting(), 401, "unauthenticated");
        }
        assertThat(server.rows().get("projects").toString()).doesNotContain(made.at("/organization/id"));
    }

    @Test
    void callerWhoseRightsChangeWhileTheCallIsUnderWayIsRefused() throws Exception {
        Answer made = server.owner.post(
                "/api/v1/organizations", "{'name':'Org','subdomain':'demoted','ownerEmail':'o@example.com'}");
        TestingClient demoted = server.nobody.as("x-api-key", made.at("/token"));
        String key = fresh();
        try (TwoCalls two =
                TwoCalls.begin(server, () -> demoted.post("/api/v1/projects", "{'name':'P'}", HEADER, key))) {
            assertStillRunning(two.refused());
            two.releaseWith("UPDATE members SET role = 'analytics' WHERE id = '" + made.at("/owner/id") + "'");
            assertRefused(two.waiting(), 403, "forbidden");
        }
        assertThat(server.rows().get("projects").toString()).doesNotContain(made.at("/organization/id"));
    }

    @Test
    void whoeverMayNoLongerMakeTheCallIsRefusedAsIfItWereTheFirst() {
        Answer project = server.owner.post("/api/v1/projects", "{'name':'Lost'}");
        Call create =
                new Call("/api/v1/keys", "{'name':'K','type':'web','projectId':'" + project.at("/project/id") + "'}");
        String key = fresh();
        Answer made = create.by(server.owner, key);
        Call regenerate = new Call("/api/v1/keys/" + made.at("/key/id") + "/regenerate", "{}");
        String another = fresh();
        String foreign = "organization_id = '" + server.otherOrganization + "' WHERE ";
        server.byHand("UPDATE projects SET " + foreign + "id = '" + project.at("/project/id") + "'");
        Answer refused = create.by(server.owner, key);
        assertRefused(refused, 400, "invalid_request");
        assertThat(refused.pointers()).containsExactly("/projectId");
        assertThat(regenerate.by(server.owner, another).status()).isEqualTo(200);
        server.byHand("UPDATE keys SET " + foreign + "id = '" + made.at("/key/id") + "'");
        assertRefused(regenerate.by(server.owner, another), 404, "not_found");
    }

    @Test
    void organizationThatNoLongerRunsTheInstallationIsToldNothing() {
        Call call = Repeatable.CREATE_ORGANIZATION.of(server);
        String key = fresh();
        call.by(server.owner, key);
        server.byHand("UPDATE organizations SET operator = 0 WHERE id = '" + server.organization + "'");
        try {
            assertRefused(call.by(server.owner, key), 403, "forbidden");
        } finally {
            server.byHand("UPDATE organizations SET operator = 1 WHERE id = '" + server.organization + "'");
        }
        assertThat(replayed(call.by(server.owner, key))).isTrue();
    }

    private void assertGone(Answer answer, String id) {
        assertRefused(answer, 410, "answer_gone");
        assertThat(server.rows().get("idempotency").stream().filter(row -> id.equals(row.get(3))))
                .as("nothing is left of the answer")
                .isNotEmpty()
                .allMatch(row -> row.get(2) == null);
    }

    @Test
    void answerIsErasedWhenItsKeyIsRevoked() {
        Call create = Repeatable.CREATE_KEY.of(server);
        String key = fresh();
        Answer made = create.by(server.owner, key);
        String id = made.at("/key/id");
        Call regenerate = new Call("/api/v1/keys/" + id + "/regenerate", "{}");
        assertThat(regenerate.by(server.owner, key).status()).isEqualTo(200);
        server.owner.delete("/api/v1/keys/" + id);
        assertGone(create.by(server.owner, key), id);
        assertGone(regenerate.by(server.owner, key), id);
    }

    @Test
    void answersBeforeARegenerationAreErasedByIt() {
        Call create = Repeatable.CREATE_KEY.of(server);
        String key = fresh();
        String id = create.by(server.owner, key).at("/key/id");
        Call regenerate = new Call("/api/v1/keys/" + id + "/regenerate", "{}");
        Answer first = regenerate.by(server.owner, key);
        assertRefused(create.by(server.owner, key), 410, "answer_gone");
        assertThat(regenerate.by(server.owner, key).at("/token")).isEqualTo(first.at("/token"));
        Answer second = regenerate.by(server.owner, fresh());
        assertThat(server.code(second.at("/token"))).isEqualTo("VALID");
        assertRefused(regenerate.by(server.owner, key), 410, "answer_gone");
    }

    @Test
    void answerIsErasedWhenTheOwnerReplacesOrDeletesTheTokenInIt() {
        for (boolean delete : List.of(true, false)) {
            Call call = Repeatable.CREATE_ORGANIZATION.of(server);
            String key = fresh();
            Answer made = call.by(server.owner, key);
            TestingClient founder = server.nobody.as("x-api-key", made.at("/token"));
            Answer ended = delete ? founder.delete("/api/v1/me/token") : founder.post("/api/v1/me/token");
            assertThat(ended.status()).isIn(200, 204);
            assertGone(call.by(server.owner, key), made.at("/owner/id"));
        }
    }

    @Test
    void answerIsErasedWhenTheOwnerRecovers() {
        Call call = Repeatable.CREATE_ORGANIZATION.of(server);
        String key = fresh();
        Answer made = call.by(server.owner, key);
        Answer link = server.operator.post(
                "/api/v1/recovery-links",
                "{'email':'o@example.com'}",
                "Keyrack-Organization",
                made.at("/organization/subdomain"));
        assertThat(replayed(call.by(server.owner, key)))
                .as("until the link is used, the token is good")
                .isTrue();
        String code = link.at("/link").replaceFirst(".*#", "");
        assertThat(server.nobody
                        .post("/api/v1/recover", "{'code':'" + code + "'}")
                        .status())
                .isEqualTo(200);
        assertGone(call.by(server.owner, key), made.at("/owner/id"));
    }

    @Test
    void replacedTokenGetsNoAnswersAndTheNewOneNoneThatTheOldOneMade() {
        Answer made = server.owner.post(
                "/api/v1/organizations", "{'name':'Org','subdomain':'replacing','ownerEmail':'o@example.com'}");
        TestingClient before = server.nobody.as("x-api-key", made.at("/token"));
        String key = fresh();
        Call project = new Call("/api/v1/projects", "{'name':'P'}");
        Call replace = new Call("/api/v1/me/token", "{}");
        project.by(before, key);
        Answer replaced = replace.by(before, key);
        assertThat(replaced.status()).isEqualTo(200);
        TestingClient after = server.nobody.as("x-api-key", replaced.at("/token"));
        for (Call call : List.of(project, replace)) {
            assertRefused(call.by(before, key), 401, "unauthenticated");
            assertRefused(call.by(after, key), 410, "answer_gone");
        }
        assertThat(after.get("/api/v1/projects").items("/id")).hasSize(1);
    }
}
