package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.People.Person;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise: whoever is invited becomes a member once, with the role that was meant, and nobody else does. */
@Tag("engines")
class InvitationsTest {
    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer invite(TestingClient by, String email, String role) {
        return by.post("/api/v1/invitations", "{'email':'" + email + "','role':'" + role + "'}");
    }

    private Answer accept(String code) {
        return People.accept(server, code, People.PASSWORD);
    }

    @Test
    void whoAcceptsIsAMemberWithTheRoleOfTheInvitation() {
        Answer invited = invite(server.owner, "Jane@Example.com", "developer");
        assertThat(invited.status()).as(invited.text()).isEqualTo(201);
        assertThat(invited.at("/link")).matches("http://127\\.0\\.0\\.1:[0-9]+/invitation#[0-9a-f]{48}");
        assertThat(invited.at("/mailed")).isEqualTo("false");
        assertThat(invited.at("/invitation/invitedBy/name")).isEqualTo("owner@example.com");
        assertThat(server.owner.get("/api/v1/invitations").items("/email")).containsExactly("Jane@Example.com");
        Answer member = accept(People.code(invited));
        assertThat(member.at("/member/email")).isEqualTo("Jane@Example.com");
        assertThat(member.at("/member/role")).isEqualTo("developer");
        assertThat(member.at("/member/name")).isEqualTo("Somebody");
        assertThat(server.owner.get("/api/v1/invitations").items("/email")).isEmpty();
        assertThat(server.owner.get("/api/v1/audit").items("/action"))
                .contains("invitation.created", "invitation.accepted", "member.created");
        assertThat(server.rows() + server.log.text()).doesNotContain(People.code(invited), People.PASSWORD);
    }

    @Test
    void invitationWorksOnceHoweverManyTryItAtOnce() throws Exception {
        String code = People.code(invite(server.owner, "jane@example.com", "support"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> tries = threads.invokeAll(
                    Stream.<Callable<Integer>>generate(() -> () -> accept(code).status())
                            .limit(4)
                            .toList());
            assertThat(tries.stream().map(Future::resultNow).sorted().toList()).containsExactly(200, 401, 401, 401);
        }
    }

    @Test
    void everyCodeThatIsNotGoodGetsTheSameAnswerAndMakesNobody() {
        String replaced = People.code(invite(server.owner, "a@example.com", "support"));
        Answer newer = invite(server.owner, "A@example.com", "analytics");
        String withdrawn = People.code(invite(server.owner, "b@example.com", "support"));
        String id =
                server.owner.get("/api/v1/invitations").json().at("/items/0/id").asString();
        assertThat(server.owner.delete("/api/v1/invitations/" + id).at("/invitation/email"))
                .isEqualTo("b@example.com");
        assertThat(server.owner.delete("/api/v1/invitations/" + id).status()).isEqualTo(404);
        String ended = People.code(invite(server.owner, "c@example.com", "support"));
        server.byHand("UPDATE invitations SET ends_at = ends_at - 604800000000 WHERE email = 'c@example.com'");
        Map<String, List<List<Object>>> before = server.things();
        String detail = accept("0".repeat(48)).at("/detail");
        for (String code : List.of(replaced, withdrawn, ended, "")) {
            Answer refused = accept(code);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.at("/detail")).isEqualTo(detail);
        }
        assertThat(server.things()).isEqualTo(before);
        assertThat(accept(People.code(newer)).at("/member/role")).isEqualTo("analytics");
    }

    @Test
    void nobodyInvitesIntoARoleThatTheirsDoesNotManage() {
        Person admin = People.person(server, server.owner, "admin@example.com", "admin");
        assertThat(invite(admin.client(), "x@example.com", "developer").status())
                .isEqualTo(201);
        assertThat(invite(admin.client(), "x@example.com", "admin").status()).isEqualTo(403);
        assertThat(invite(admin.client(), "x@example.com", "owner").status()).isEqualTo(403);
        Answer owner = invite(server.owner, "y@example.com", "owner");
        assertThat(admin.client()
                        .delete("/api/v1/invitations/" + owner.at("/invitation/id"))
                        .status())
                .isEqualTo(403);
        for (String role : List.of("developer", "support", "analytics")) {
            Person one = People.person(server, server.owner, role + "@example.com", role);
            assertThat(invite(one.client(), "z@example.com", "analytics").status())
                    .isEqualTo(403);
            assertThat(one.client().get("/api/v1/invitations").status()).isEqualTo(403);
        }
        assertThat(server.other
                        .delete("/api/v1/invitations/" + owner.at("/invitation/id"))
                        .status())
                .isEqualTo(404);
        assertThat(server.other.get("/api/v1/invitations").items("/id")).isEmpty();
    }

    @Test
    void addressOfAMemberIsNotInvitedAndDoesNotJoinTwice() {
        assertThat(invite(server.owner, "OWNER@example.com", "support").pointers())
                .containsExactly("/email");
        Answer invited = invite(server.owner, "jane@example.com", "support");
        server.byHand(
                "INSERT INTO members (id, organization_id, email, email_folded, role, created_at) VALUES ('mem_x', '"
                        + server.organization + "', 'jane@example.com', 'jane@example.com', 'support', 0)");
        Answer twice = accept(People.code(invited));
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.at("/detail")).contains("is a member of this organization already");
    }

    @Test
    void oneAddressIsAMemberInSeveralOrganizations() {
        People.join(server, server.owner, "both@example.com", "support");
        People.join(server, server.other, "both@example.com", "developer");
        assertThat(server.other.get("/api/v1/members?search=both").items("/role"))
                .containsExactly("developer");
    }

    @Test
    void passwordThatMayNotBeChosenLeavesTheInvitationGood() {
        String code = People.code(invite(server.owner, "jane@example.com", "support"));
        for (String wrong : List.of("short", "jane@example.com", "passwordpassword", "x".repeat(129))) {
            assertThat(People.accept(server, code, wrong).pointers()).as(wrong).containsExactly("/password");
        }
        Answer nameless = server.nobody.post(
                "/api/v1/invitations/accept", "{'code':'" + code + "','name':'','password':5,'x':1}");
        assertThat(nameless.pointers()).containsExactly("/name", "/password", "/x");
        assertThat(accept(code).status()).isEqualTo(200);
    }

    @Test
    void badInvitationIsRefusedWithItsPointers() {
        assertThat(server.owner.post("/api/v1/invitations", "{}").pointers()).containsExactly("/email", "/role");
        assertThat(invite(server.owner, "nobody", "god").pointers()).containsExactly("/email", "/role");
    }
}
