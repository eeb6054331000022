package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a suspended organization can do nothing from the moment that the call has returned, until it is resumed. */
@Tag("engines")
class SuspensionTest {
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
    void everyKeyAndMemberOfASuspendedOrganizationIsRefusedUntilItIsResumed() {
        TestingServer.Made theirs = server.makeOther();
        TestingServer.Made ours = server.make("web");
        Answer suspended = server.owner.post(path + "/suspend");
        assertThat(suspended.at("/organization/state")).as(suspended.text()).isEqualTo("suspended");
        assertThat(suspended.json().at("/confirmation/confirmedBy").size()).isPositive();
        assertThat(server.code(theirs.token())).isEqualTo("SUSPENDED");
        assertThat(server.code(ours.token())).isEqualTo("VALID");

        Answer refused = server.other.get("/api/v1/me");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.at("/detail")).contains("is suspended");
        assertThat(server.other.post("/api/v1/projects", "{'name':'No'}").status())
                .isEqualTo(403);
        assertThat(server.owner.get(path).at("/organization/state")).isEqualTo("suspended");
        assertThat(server.operator
                        .get("/api/v1/keys", "Keyrack-Organization", "other")
                        .items("/id"))
                .contains(theirs.id());

        Map<String, List<List<Object>>> before = server.rows();
        assertThat(server.owner.post(path + "/suspend").status())
                .as("a repeated call waits again")
                .isEqualTo(200);
        assertThat(server.rows().get("feed_entries")).isEqualTo(before.get("feed_entries"));

        assertThat(server.operator.post(path + "/resume").at("/organization/state"))
                .isEqualTo("active");
        assertThat(server.code(theirs.token())).isEqualTo("VALID");
        assertThat(server.other.get("/api/v1/me").status()).isEqualTo(200);
        assertThat(server.other.get("/api/v1/audit").items("/action"))
                .contains("organization.suspended", "organization.resumed");
    }

    @Test
    void keyThatIsDisabledWhileSuspendedStaysDisabledWhenResumed() {
        TestingServer.Made theirs = server.makeOther();
        server.owner.post(path + "/suspend");
        server.operator.post(theirs.path() + "/disable", "{}", "Keyrack-Organization", "other");
        server.owner.post(path + "/resume");
        assertThat(server.code(theirs.token())).isEqualTo("DISABLED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"suspend", "resume"})
    void onlyTheOperatorDoesItAndNeverToTheirOwn(String act) {
        assertThat(server.other.post(path + "/" + act).status()).isEqualTo(403);
        String operators = "/api/v1/organizations/" + server.organization + "/" + act;
        assertThat(server.other.post(operators).status()).isEqualTo(404);
        assertThat(server.owner.post(operators).status()).isEqualTo(409);
        assertThat(server.owner
                        .post("/api/v1/organizations/org_0000000000000000/" + act)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void invitationIntoASuspendedOrganizationIsRefusedWithTheReason() {
        Answer invited = server.other.post("/api/v1/invitations", "{'email':'jane@example.com','role':'support'}");
        server.owner.post(path + "/suspend");
        Answer refused = People.accept(server, People.code(invited), People.PASSWORD);
        assertThat(refused.status()).isEqualTo(403);
        server.owner.post(path + "/resume");
        assertThat(People.accept(server, People.code(invited), People.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void organizationsAreSearchedAndSorted() {
        assertThat(server.owner.get("/api/v1/organizations?sort=-subdomain").items("/subdomain"))
                .containsExactly("other", "acme");
        assertThat(server.owner.get("/api/v1/organizations?sort=-createdAt").items("/subdomain"))
                .containsExactly("other", "acme");
        for (String search : List.of("OTH", "other", server.otherOrganization)) {
            assertThat(server.owner
                            .get("/api/v1/organizations?search=" + search)
                            .items("/subdomain"))
                    .containsExactly("other");
        }
        assertThat(server.other.get("/api/v1/organizations?search=ac").items("/id"))
                .isEmpty();
    }

    @Test
    void accentColourIsSetByThoseWhoManageAndTakenBack() {
        String own = "/api/v1/organizations/" + server.organization;
        assertThat(server.owner
                        .get(own)
                        .json()
                        .at("/organization/settings/accentColor")
                        .isNull())
                .isTrue();
        assertThat(server.owner
                        .patch(own, "{'settings':{'accentColor':'#1F5FBF'}}")
                        .at("/organization/settings/accentColor"))
                .isEqualTo("#1f5fbf");
        assertThat(server.owner.patch(own, "{'name':'Acme 2'}").at("/organization/settings/accentColor"))
                .isEqualTo("#1f5fbf");
        for (String wrong : List.of("'red'", "'#12345'", "'#12345g'", "1", "'#123456;'")) {
            assertThat(server.owner
                            .patch(own, "{'settings':{'accentColor':" + wrong + "}}")
                            .pointers())
                    .containsExactly("/settings/accentColor");
        }
        assertThat(server.owner.patch(own, "{'settings':{'x':1}}").pointers()).containsExactly("/settings/x");
        People.Person developer = People.person(server, server.owner, "dev@example.com", "developer");
        assertThat(developer.client().patch(own, "{'name':'Mine'}").status()).isEqualTo(403);
        assertThat(server.owner
                        .patch(own, "{'settings':{'accentColor':null}}")
                        .json()
                        .at("/organization/settings/accentColor")
                        .isNull())
                .isTrue();
    }
}
