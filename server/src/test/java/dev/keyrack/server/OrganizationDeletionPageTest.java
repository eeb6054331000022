package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Promise: nobody deletes an organization by mistake, and whoever does it sees that it is done. */
class OrganizationDeletionPageTest {
    private static final String SETTINGS = "/settings/organization";
    private static final String PAGE = SETTINGS + "/delete";

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
    void ownerIsToldWhatBreaksAndAskedForPasswordAndSubdomain() {
        server.makeOther();
        server.makeOther();
        server.other.delete(server.makeOther().path());
        TestingReader owner = TestingReader.signedIn(server, "owner@example.org");
        assertThat(owner.open(SETTINGS).text()).contains("Delete the organization");
        server.byHand("UPDATE portal_sessions SET confirmed_at = 0");
        assertThat(owner.open(PAGE).header("Location"))
                .startsWith("/account/confirm?next=%2Fsettings%2Forganization%2Fdelete");
        assertThat(owner.send(PAGE, "subdomain", "other").header("Location")).startsWith("/account/confirm");
        server.byHand("UPDATE portal_sessions SET confirmed_at = seen_at");
        assertThat(owner.open(PAGE).text())
                .contains(
                        "2 active keys stop working",
                        "One member loses access",
                        "Can be restored until",
                        "Type “other” to confirm",
                        "Cancel");
        for (String wrong : List.of("", "othe", "OTHER", "acme")) {
            Answer refused = owner.send(PAGE, "subdomain", wrong);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("must be “other”");
        }
        assertThat(server.owner.get(path).at("/organization/state")).isEqualTo("active");
    }

    @Test
    void whoeverDeletesSeesTheProofAndIsSignedOut() {
        TestingServer.Made key = server.makeOther();
        TestingReader owner = TestingReader.signedIn(server, "owner@example.org");
        owner.open(PAGE);
        Answer done = owner.send(PAGE, "subdomain", " other ");
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.text())
                .contains("Other is deleted", "Off everywhere since", "<code>serve@", "Can be restored until")
                .doesNotContain("owner@example.org", "/sign-out");
        assertThat(done.headers().allValues("Set-Cookie")).anyMatch(c -> c.startsWith("keyrack=;"));
        assertThat(server.code(key.token())).isEqualTo("SUSPENDED");
        assertThat(owner.open("/account").header("Location")).startsWith("/sign-in");
    }

    @Test
    void nobodyElseIsOfferedIt() {
        TestingReader admin = TestingReader.of(server, Role.ADMIN, server.otherOrganization);
        assertThat(admin.open(SETTINGS).text()).doesNotContain("Delete the organization");
        assertThat(admin.open(PAGE).status()).isEqualTo(403);
        TestingReader operator = TestingReader.owner(server);
        assertThat(operator.open(SETTINGS).text()).doesNotContain("Delete the organization");
        assertThat(operator.open(PAGE).status()).isEqualTo(409);
        assertThat(operator.send(PAGE, "subdomain", "acme").status()).isEqualTo(409);
    }

    @Test
    void operatorSeesUntilWhenItCanBeRestoredAndRestoresIt() {
        TestingReader operator = TestingReader.owner(server);
        assertThat(operator.open("/operator/organizations").text()).doesNotContain("Can be restored until");
        server.owner.delete(path);
        assertThat(operator.open("/operator/organizations").text())
                .contains("Deleted", "Can be restored until", "aria-label=\"Restore Other\"")
                .doesNotContain("Suspend Other");
        assertThat(operator.send("/operator/organizations/" + server.otherOrganization + "/resume")
                        .text())
                .contains("Other is active again");
        assertThat(server.other.get("/api/v1/me").status()).isEqualTo(200);
    }
}
