package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise: an organization that is deleted can do nothing from the moment that the call has returned, and is restored whole. */
@Tag("engines")
class OrganizationDeletionTest {
    private TestingServer server;
    private String path;

    @BeforeEach
    void start() {
        server = TestingServer.startLeased();
        path = "/api/v1/organizations/" + server.otherOrganization;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyKeyAndMemberOfADeletedOrganizationIsRefusedUntilItIsRestored() {
        TestingServer.Made theirs = server.makeOther();
        TestingServer.Made ours = server.make("web");
        int entries = server.rows().get("feed_entries").size();
        Answer deleted = server.other.delete(path);
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);
        assertThat(deleted.at("/organization/state")).isEqualTo("deleted");
        assertThat(Duration.between(
                        Instant.parse(deleted.at("/organization/deletedAt")),
                        Instant.parse(deleted.at("/organization/keptUntil"))))
                .isEqualTo(Duration.ofDays(90));
        assertThat(deleted.json().at("/confirmation/confirmedBy").size()).isPositive();
        assertThat(server.rows().get("feed_entries")).hasSize(entries + 1);
        assertThat(server.code(theirs.token())).isEqualTo("SUSPENDED");
        assertThat(server.code(ours.token())).isEqualTo("VALID");

        Answer refused = server.other.get("/api/v1/me");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.at("/detail")).contains("is deleted", deleted.at("/organization/keptUntil"));
        assertThat(server.other.delete(path).status()).isEqualTo(403);
        assertThat(server.owner.get("/api/v1/organizations?search=other").items("/state"))
                .containsExactly("deleted");

        Map<String, List<List<Object>>> before = server.rows();
        Answer again = server.owner.delete(path);
        assertThat(again.at("/organization/keptUntil"))
                .as("a repeated call waits again and prolongs nothing")
                .isEqualTo(deleted.at("/organization/keptUntil"));
        assertThat(server.rows().get("feed_entries")).isEqualTo(before.get("feed_entries"));
        assertThat(server.owner.post(path + "/suspend").status()).isEqualTo(409);

        Answer restored = server.operator.post(path + "/resume");
        assertThat(restored.at("/organization/state")).isEqualTo("active");
        assertThat(restored.json().at("/organization/keptUntil").isNull()).isTrue();
        assertThat(server.code(theirs.token())).isEqualTo("VALID");
        assertThat(server.other.get("/api/v1/me").status()).isEqualTo(200);
    }

    @Test
    void whatWasSuspendedWhenItWasDeletedIsSuspendedAgainWhenItIsRestored() {
        TestingServer.Made theirs = server.makeOther();
        server.owner.post(path + "/suspend");
        server.owner.delete(path);
        assertThat(server.owner.post(path + "/resume").at("/organization/state"))
                .isEqualTo("suspended");
        assertThat(server.code(theirs.token())).isEqualTo("SUSPENDED");
        assertThat(server.owner.post(path + "/resume").at("/organization/state"))
                .isEqualTo("active");
        assertThat(server.code(theirs.token())).isEqualTo("VALID");
    }

    @Test
    void linksThatWereSentBeforeOpenNothingUntilItIsBack() {
        Answer invited = server.other.post("/api/v1/invitations", "{'email':'jane@example.com','role':'support'}");
        Answer offered = server.operator.post(
                "/api/v1/recovery-links", "{'email':'owner@example.org'}", "Keyrack-Organization", "other");
        String code = offered.at("/link").replaceFirst(".*#", "");
        String owner = server.other.get("/api/v1/me").at("/member/id");
        TestingReader operator = TestingReader.owner(server);
        for (String off : List.of("suspended", "deleted")) {
            Answer done = off.equals("deleted") ? server.owner.delete(path) : server.owner.post(path + "/suspend");
            assertThat(done.status()).as(off).isEqualTo(200);
            Map<String, List<List<Object>>> before = server.things();
            assertThat(server.nobody
                            .post("/api/v1/recover", "{'code':'" + code + "'}")
                            .status())
                    .as(off)
                    .isEqualTo(403);
            assertThat(server.nobody
                            .post("/api/v1/recover", "{'code':'" + code + "','password':'" + People.PASSWORD + "'}")
                            .status())
                    .as(off)
                    .isEqualTo(403);
            assertThat(People.accept(server, People.code(invited), People.PASSWORD)
                            .status())
                    .as(off)
                    .isEqualTo(403);
            String recovery = "/operator/organizations/" + server.otherOrganization + "/recovery";
            operator.open(recovery);
            assertThat(operator.send(recovery, "owner", owner).status()).as(off).isEqualTo(403);
            assertThat(server.things()).as(off).isEqualTo(before);
            server.owner.post(path + "/resume");
        }
        assertThat(server.nobody
                        .post("/api/v1/recover", "{'code':'" + code + "'}")
                        .status())
                .as("once it is back, the link is good")
                .isEqualTo(200);
    }

    @Test
    void ownerWithADeletedOrganizationIsGivenALinkIntoTheOneThatIsLeft() {
        server.owner.post(
                "/api/v1/organizations", "{'name':'Third','subdomain':'third','ownerEmail':'owner@example.org'}");
        server.owner.delete(path);
        Answer offered = server.operator.post("/api/v1/recovery-links", "{'email':'owner@example.org'}");
        assertThat(offered.status()).as(offered.text()).isEqualTo(200);
        String code = offered.at("/link").replaceFirst(".*#", "");
        String token =
                server.nobody.post("/api/v1/recover", "{'code':'" + code + "'}").at("/token");
        assertThat(server.nobody.as("x-api-key", token).get("/api/v1/me").at("/organization/subdomain"))
                .isEqualTo("third");
    }

    @Test
    void membersAreSignedOutAndToldWhyWhenTheySignInAgain() {
        TestingReader member = TestingReader.of(server, Role.SUPPORT, server.otherOrganization);
        TestingReader colleague = TestingReader.of(server, Role.ADMIN, server.organization);
        assertThat(member.open("/account").status()).isEqualTo(200);
        server.owner.delete(path);
        assertThat(server.rows().get("portal_sessions")).hasSize(1);
        assertThat(member.open("/account").header("Location")).startsWith("/sign-in");
        assertThat(colleague.open("/account").status()).isEqualTo(200);
        server.byHand("UPDATE members SET password = (SELECT MAX(password) FROM members), email = 'x@example.com',"
                + " email_folded = 'x@example.com' WHERE organization_id = '" + server.otherOrganization
                + "' AND role = 'support'");
        TestingReader visitor = TestingReader.visitor("http://127.0.0.1:" + server.running.port());
        visitor.open("/sign-in");
        Answer in = visitor.send("/sign-in", "email", "x@example.com", "password", TestingReader.PASSWORD);
        assertThat(in.status()).isEqualTo(403);
        assertThat(in.text()).contains("Other was deleted");
    }

    @Test
    void onlyAnOwnerDeletesAndNeverTheOperatorsOwn() {
        assertThat(server.member(Role.ADMIN).delete(path).status()).isEqualTo(403);
        assertThat(server.member(Role.ADMIN, server.otherOrganization)
                        .delete(path)
                        .status())
                .isEqualTo(403);
        String operators = "/api/v1/organizations/" + server.organization;
        assertThat(server.other.delete(operators).status()).isEqualTo(404);
        assertThat(server.owner.delete(operators).status()).isEqualTo(409);
        assertThat(server.operator.delete(operators).status()).isEqualTo(409);
        assertThat(server.owner
                        .delete("/api/v1/organizations/org_0000000000000000")
                        .status())
                .isEqualTo(404);
        assertThat(server.owner.get(path).at("/organization/state")).isEqualTo("active");
        assertThat(server.operator.delete(path).status()).isEqualTo(200);
    }

    @Test
    void bothTrailsTellOfADeletionAndOfItsEnd() {
        server.other.delete(path);
        server.owner.post(path + "/resume");
        server.owner.post(path + "/suspend");
        for (String subdomain : List.of("acme", "other")) {
            Answer trail = server.operator.get("/api/v1/audit?limit=200", "Keyrack-Organization", subdomain);
            assertThat(trail.items("/action")).contains("organization.deleted", "organization.resumed");
            assertThat(trail.items("/action").contains("organization.suspended"))
                    .as("what is nobody else's business")
                    .isEqualTo(subdomain.equals("other"));
        }
        assertThat(server.owner
                        .send("POST", "/api/v1/audit/verify", "application/x-ndjson", new byte[0])
                        .at("/whole"))
                .isEqualTo("true");
    }

    /** As it does that knows of no deletions: what was deleted is on again, and nothing of it is half off. */
    @Test
    void organizationThatAFormerProgramHasResumedIsDeletedInNoRespect() {
        String logo = server.other
                .send("PUT", path + "/logo", "image/png", TestingPicture.png(9, 9))
                .at("/organization/logo");
        TestingReader anybody = TestingReader.visitor("http://127.0.0.1:" + server.running.port());
        server.other.delete(path);
        assertThat(anybody.open(logo).status()).isEqualTo(404);
        server.byHand("UPDATE organizations SET state = 'active' WHERE id = '" + server.otherOrganization + "'");
        assertThat(server.owner.get(path).at("/organization/state")).isEqualTo("active");
        assertThat(anybody.open(logo).status()).as("its logo").isEqualTo(200);
        assertThat(server.operator
                        .post("/api/v1/recovery-links", "{'email':'owner@example.org'}")
                        .status())
                .as("a link for its Owner")
                .isEqualTo(200);
        assertThat(TestingReader.signedIn(server, "owner@example.org")
                        .open("/account")
                        .status())
                .as("who signs in")
                .isEqualTo(200);
    }

    @Test
    void subdomainStaysTakenWhileTheOrganizationCanBeRestored() {
        server.owner.delete(path);
        assertThat(server.owner
                        .post(
                                "/api/v1/organizations",
                                "{'name':'Other','subdomain':'other','ownerEmail':'o@example.com'}")
                        .status())
                .isEqualTo(409);
    }
}
