package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.accounts.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Promise: a key or project is one member's own, who need not ask anybody for it, and nobody else's without the right. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class OwnershipTest {
    private TestingServer server;
    private TestingClient admin;
    private TestingClient developer;
    private TestingClient colleague;
    private String developerId;
    private String colleagueId;
    private String project;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        admin = server.member(Role.ADMIN);
        developer = server.member(Role.DEVELOPER);
        colleague = server.member(Role.DEVELOPER);
        developerId = me(developer);
        colleagueId = me(colleague);
        project = developer.post("/api/v1/projects", "{'name':'Own'}").at("/project/id");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String me(TestingClient client) {
        return client.get("/api/v1/me").at("/member/id");
    }

    private Answer create(TestingClient client, String name, String more) {
        return client.post(
                "/api/v1/keys", "{'name':'" + name + "','type':'server','projectId':'" + project + "'" + more + "}");
    }

    private Made own() {
        Answer made = create(developer, "Own", "");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return new Made(made.at("/key/id"), made.at("/token"));
    }

    private static void give(TestingClient giver, String path, String memberId) {
        Answer given = giver.patch(path, "{'ownerId':'" + memberId + "'}");
        assertThat(given.status()).as(given.text()).isEqualTo(200);
    }

    @Test
    void whatAMemberMakesIsTheirOwnAndWhatIsMadeOnTheMachineIsNobodys() {
        Answer key = create(developer, "Mine", "");
        assertThat(key.at("/key/owner/id")).isEqualTo(developerId);
        assertThat(key.at("/key/owner/name")).contains("developer-").contains("@example.com");
        assertThat(developer.get("/api/v1/projects/" + project).at("/project/owner/id"))
                .isEqualTo(developerId);
        Answer nobodys = server.operator.post(
                "/api/v1/keys",
                "{'name':'K','type':'web','projectId':'" + project + "'}",
                "Keyrack-Organization",
                "acme");
        assertThat(nobodys.status()).as(nobodys.text()).isEqualTo(201);
        assertThat(nobodys.json().at("/key/owner").isNull()).isTrue();
        assertThat(developer.get(nobodys.header("Location")).status()).isEqualTo(404);
        assertThat(admin.get(nobodys.header("Location")).status()).isEqualTo(200);
    }

    @Test
    void ownerIsShownByTheNameThatTheyHaveNow() {
        TestingClient renamed = server.member(Role.ADMIN);
        Answer key = create(renamed, "Renamed", "");
        server.byHand("UPDATE members SET name = 'Zoë' WHERE id = '" + me(renamed) + "'");
        assertThat(admin.get(key.header("Location")).at("/key/owner/name")).isEqualTo("Zoë");
    }

    @Test
    void listsHoldWhatTheCallerSees() {
        Made mine = own();
        String foreign = server.make("web").id();
        assertThat(developer.get("/api/v1/keys?limit=200").items("/owner/id")).containsOnly(developerId);
        assertThat(developer.get("/api/v1/keys?limit=200").items("/id")).contains(mine.id());
        assertThat(developer.get("/api/v1/projects").items("/owner/id")).containsOnly(developerId);
        assertThat(colleague.get("/api/v1/keys?limit=200").items("/id")).doesNotContain(mine.id(), foreign);
        assertThat(colleague.get("/api/v1/projects").items("/id")).doesNotContain(project, server.project);
        assertThat(colleague.get("/api/v1/projects?search=" + project).items("/id"))
                .isEmpty();
        for (Role role : List.of(Role.ADMIN, Role.SUPPORT, Role.ANALYTICS)) {
            TestingClient other = server.member(role);
            assertThat(other.get("/api/v1/keys?limit=200").items("/id")).contains(mine.id(), foreign);
            assertThat(other.get("/api/v1/projects").items("/id")).contains(project, server.project);
        }
    }

    @Test
    void searchTellsNotWhetherSomebodyElsesKeyExists() {
        String foreign = server.make("web").id();
        create(developer, foreign + " is a name", "");
        assertThat(developer.get("/api/v1/keys?search=" + foreign).items("/name"))
                .as("as if it were no id")
                .containsExactly(foreign + " is a name");
        assertThat(admin.get("/api/v1/keys?search=" + foreign).items("/id")).containsExactly(foreign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"createdAt", "-createdAt", "name", "-name", "type", "-type"})
    void listOfAnOwnerGoesPageByPageInEveryOrderAndFilter(String sort) {
        for (int i = 0; i < 5; i++) {
            own();
            server.make("web");
        }
        List<String> all = admin.get("/api/v1/keys?limit=200&sort=" + sort)
                .json()
                .at("/items")
                .valueStream()
                .filter(key -> key.at("/owner/id").asString().equals(developerId))
                .map(key -> key.at("/id").asString())
                .toList();
        String filters = "&type=server&state=active&projectId=" + project + "&sort=" + sort;
        assertThat(pages(developer, "&sort=" + sort)).isEqualTo(all);
        assertThat(pages(developer, "&owner=me&sort=" + sort)).isEqualTo(all);
        assertThat(pages(admin, "&owner=" + developerId + "&sort=" + sort)).isEqualTo(all);
        assertThat(pages(developer, filters))
                .isNotEmpty()
                .isSubsetOf(all)
                .isEqualTo(all.stream().filter(id -> matches(id)).toList());
    }

    private boolean matches(String id) {
        JsonNode key = admin.get("/api/v1/keys/" + id).json().at("/key");
        return key.at("/type").asString().equals("server")
                && key.at("/state").asString().equals("active")
                && key.at("/projectId").asString().equals(project);
    }

    private static List<String> pages(TestingClient client, String query) {
        List<String> seen = new java.util.ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Answer page = client.get("/api/v1/keys?limit=2" + query + cursor);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            seen.addAll(page.items("/id"));
            cursor = page.json().get("next").isNull() ? null : "&cursor=" + page.at("/next");
        }
        return seen;
    }

    @Test
    void filterByOwnerShowsADeveloperNobodyElsesKeys() {
        assertThat(create(admin, "Another", "").status()).isEqualTo(201);
        Made mine = own();
        assertThat(developer.get("/api/v1/keys?owner=" + me(admin)).items("/id"))
                .isEmpty();
        assertThat(admin.get("/api/v1/keys?owner=me").items("/owner/id")).containsOnly(me(admin));
        assertThat(admin.get("/api/v1/keys?owner=" + developerId).items("/id")).contains(mine.id());
        assertThat(admin.get("/api/v1/keys?owner=mem_nobody").items("/id")).isEmpty();
        Answer machine = server.operator.get("/api/v1/keys?owner=me", "Keyrack-Organization", "acme");
        assertThat(machine.status()).isEqualTo(400);
        assertThat(machine.pointers()).containsExactly("?owner");
    }

    @Test
    void keyThatIsGivenToSomebodyIsTheFormerOwnersNoMore() {
        Made key = own();
        give(admin, key.path(), colleagueId);
        assertThat(developer.get(key.path()).status()).isEqualTo(404);
        assertThat(developer.delete(key.path()).status()).isEqualTo(404);
        assertThat(developer.get("/api/v1/keys?limit=200").items("/id")).doesNotContain(key.id());
        assertThat(colleague.get("/api/v1/keys?limit=200").items("/id")).contains(key.id());
        assertThat(server.code(key.token())).as("the key itself is as it was").isEqualTo("VALID");
        assertThat(colleague.patch(key.path(), "{'name':'Taken over'}").status())
                .isEqualTo(200);
        assertThat(colleague.post(key.path() + "/regenerate").status()).isEqualTo(200);
        assertThat(colleague
                        .patch(key.path(), "{'ownerId':'" + developerId + "'}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void answerOfACreationIsNotRepeatedToWhoOwnsTheKeyNoMore() {
        Made key = own();
        String again = UUID.randomUUID().toString();
        assertThat(developer
                        .post(key.path() + "/regenerate", "{}", "Idempotency-Key", again)
                        .status())
                .isEqualTo(200);
        give(admin, key.path(), colleagueId);
        assertThat(developer
                        .post(key.path() + "/regenerate", "{}", "Idempotency-Key", again)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void ownerIsAMemberOfTheOrganization() {
        Made key = own();
        String stranger = me(server.other);
        for (String path : List.of(key.path(), "/api/v1/projects/" + project)) {
            for (String wrong : List.of("'" + stranger + "'", "'mem_nobody'", "'me'", "''", "null", "7")) {
                Answer refused = admin.patch(path, "{'ownerId':" + wrong + "}");
                assertThat(refused.status()).as(wrong).isEqualTo(400);
                assertThat(refused.pointers()).containsExactly("/ownerId");
            }
            assertThat(admin.get(path).text()).contains(developerId);
        }
    }

    @Test
    void newOwnersStandInTheAuditTrail() {
        Made key = own();
        String path = "/api/v1/projects/"
                + developer.post("/api/v1/projects", "{'name':'Given'}").at("/project/id");
        give(admin, key.path(), colleagueId);
        JsonNode event = server.owner.get("/api/v1/audit?limit=1").json().at("/items/0");
        assertThat(event.at("/action").asString()).isEqualTo("key.updated");
        assertThat(event.at("/before/owner/id").asString()).isEqualTo(developerId);
        assertThat(event.at("/after/owner/id").asString()).isEqualTo(colleagueId);
        assertThat(event.at("/after").size()).isEqualTo(1);
        admin.patch(path, "{'ownerId':'" + colleagueId + "','name':'New'}");
        assertThat(server.owner.get("/api/v1/audit?limit=2").items("/action"))
                .containsExactly("project.owner-changed", "project.renamed");
        give(admin, path, colleagueId);
        assertThat(server.owner.get("/api/v1/audit?limit=2").items("/action"))
                .as("nothing was changed by that")
                .containsExactly("project.owner-changed", "project.renamed");
        assertThat(developer.get(path).status()).isEqualTo(404);
    }

    @Test
    void projectThatIsNotSeenIsRefusedAsOneThatIsNotThere() {
        String body = "{'name':'K','type':'web','projectId':'";
        Answer seen = colleague.post("/api/v1/keys", body + project + "'}");
        Answer absent = colleague.post("/api/v1/keys", body + "prj_0000000000000000'}");
        assertThat(seen.status()).isEqualTo(400);
        assertThat(seen.at("/detail")).isEqualTo(absent.at("/detail"));
        assertThat(seen.json().get("errors")).isEqualTo(absent.json().get("errors"));
    }

    @Test
    void refusalSaysWhatTheRoleIs() {
        Answer refused = server.member(Role.SUPPORT).delete(own().path());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.at("/detail")).contains("(support)").contains("Owner or Admin");
    }

    @Test
    void developerWhoseRoleChangesWhileTheCallIsUnderWayChangesNothing() throws Exception {
        TestingClient demoted = server.member(Role.DEVELOPER);
        String own = demoted.post("/api/v1/projects", "{'name':'P'}").header("Location");
        String name = "{'name':'New'}";
        try (TwoCalls two = TwoCalls.begin(server, () -> demoted.patch(own, name))) {
            two.releaseWith("UPDATE members SET role = 'analytics' WHERE id = '" + me(demoted) + "'");
            for (Answer answer : List.of(two.waiting(), two.waiting())) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(403);
            }
        }
        assertThat(admin.get(own).at("/project/name")).isEqualTo("P");
        assertThat(demoted.get(own).status()).as("Analytics sees all").isEqualTo(200);
        assertThat(demoted.patch(own, name).status()).isEqualTo(403);
        server.byHand("UPDATE members SET role = 'admin' WHERE id = '" + me(demoted) + "'");
        assertThat(demoted.patch("/api/v1/projects/" + project, "{'name':'Own'}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void creationIsNotRepeatedToWhoMayNoLongerMakeIt() {
        TestingClient demoted = server.member(Role.ADMIN);
        String again = UUID.randomUUID().toString();
        String body = "{'name':'K','type':'server','projectId':'" + project + "','permissions':['keys.verify']}";
        assertThat(demoted.post("/api/v1/keys", body, "Idempotency-Key", again).status())
                .isEqualTo(201);
        for (String role : List.of("developer", "support")) {
            server.byHand("UPDATE members SET role = '" + role + "' WHERE id = '" + me(demoted) + "'");
            assertThat(demoted.post("/api/v1/keys", body, "Idempotency-Key", again)
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void developerGivesNoPermissionOverOtherKeys() {
        Made key = own();
        for (String permission : List.of("keys.verify", "keys.replicate")) {
            String permissions = "'permissions':['chat.start','" + permission + "']";
            Answer refused = create(developer, "K", "," + permissions);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.at("/detail")).contains(permission).contains("Owner or Admin");
            assertThat(developer.patch(key.path(), "{" + permissions + "}").status())
                    .isEqualTo(403);
        }
        assertThat(developer.patch(key.path(), "{'permissions':['*.*']}").status())
                .isEqualTo(200);
        assertThat(server.verify(key.token()).at("/code")).isEqualTo("VALID");
    }

    @Test
    void developerGetsNoTokenOverOtherKeysFromAKeyThatIsGivenToThem() {
        Answer made =
                create(admin, "Gate", ",'permissions':['keys.verify'],'restrictions':{'networks':['192.0.2.0/24']}");
        String path = made.header("Location");
        give(admin, path, developerId);
        assertThat(developer.get(path).status()).isEqualTo(200);
        for (String change : List.of(
                "{'permissions':['keys.verify','keys.replicate']}",
                "{'restrictions':null}",
                "{'localDevelopment':{'website':'http://localhost:3000'}}",
                "{'expiresAt':'2099-01-01T00:00:00Z'}")) {
            assertThat(developer.patch(path, change).status()).as(change).isEqualTo(403);
        }
        assertThat(developer.post(path + "/regenerate").status()).isEqualTo(403);
        assertThat(developer.patch(path, "{'name':'Mine','metadata':{'a':'b'}}").status())
                .isEqualTo(200);
        assertThat(developer.post(path + "/disable").status()).isEqualTo(200);
        assertThat(developer.patch(path, "{'permissions':null}").status()).isEqualTo(200);
        assertThat(developer.post(path + "/regenerate").status()).isEqualTo(200);
        assertThat(developer.patch(path, "{'permissions':['keys.verify']}").status())
                .isEqualTo(403);
        assertThat(admin.patch(path, "{'permissions':['keys.verify']}").status())
                .isEqualTo(200);
        assertThat(developer.delete(path).status()).isEqualTo(200);
    }
}
