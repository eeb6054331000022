package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Promise: what belongs to another organization looks exactly as if it were not there, and stays as it is. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class OrganizationBoundaryTest {
    private TestingServer server;
    private Made foreign;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        foreign = server.makeOther();
        server.make("web");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A call about one object. */
    private record Call(String method, String path, String body) {
        Answer by(TestingClient client, String id) {
            String target = path.replace("{id}", id);
            return switch (method) {
                case "GET" -> client.get(target);
                case "DELETE" -> client.delete(target);
                case "PATCH" -> client.patch(target, body);
                default -> client.post(target, body);
            };
        }
    }

    private static List<Call> calls() {
        return List.of(
                new Call("GET", "/api/v1/keys/{id}", ""),
                new Call("PATCH", "/api/v1/keys/{id}", "{'name':'Mine'}"),
                new Call("DELETE", "/api/v1/keys/{id}", ""),
                new Call("POST", "/api/v1/keys/{id}/disable", "{}"),
                new Call("POST", "/api/v1/keys/{id}/enable", "{}"),
                new Call("POST", "/api/v1/keys/{id}/regenerate", "{}"),
                new Call("POST", "/api/v1/keys/{id}/end-overlap", "{}"),
                new Call("GET", "/api/v1/keys/{id}/events", ""),
                new Call("POST", "/api/v1/keys/{id}/reveal", "{}"),
                new Call("GET", "/api/v1/projects/{id}", ""),
                new Call("PATCH", "/api/v1/projects/{id}", "{'name':'Mine'}"),
                new Call("GET", "/api/v1/organizations/{id}", ""),
                new Call("PATCH", "/api/v1/organizations/{id}", "{'name':'Mine'}"));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void thingsOfAnotherOrganizationAnswerAsThingsThatAreNotThere(Call call) {
        boolean key = call.path.contains("/keys/");
        boolean project = call.path.contains("/projects/");
        // The owner of the organization that runs the installation sees the others, but not their keys and projects.
        TestingClient stranger = key || project ? server.owner : server.other;
        String theirs = key ? foreign.id() : project ? server.otherProject : server.organization;
        String nothing = key ? "00000000000" : project ? "prj_0000000000000000" : "org_0000000000000000";
        Map<String, List<List<Object>>> before = server.things();
        Answer refused = call.by(stranger, theirs);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.code()).isEqualTo("not_found");
        for (String absent : List.of(nothing, "x", "0".repeat(300), "%25", "%27%20OR%201=1")) {
            Answer missing = call.by(stranger, absent);
            assertThat(missing.status()).isEqualTo(refused.status());
            assertThat(withoutId(missing)).isEqualTo(withoutId(refused));
            assertThat(headers(missing)).isEqualTo(headers(refused));
        }
        assertThat(server.things()).isEqualTo(before);
        assertThat(server.code(foreign.token())).isEqualTo("VALID");
    }

    private static JsonNode withoutId(Answer answer) {
        ObjectNode json = (ObjectNode) answer.json();
        json.remove("requestId");
        return json;
    }

    private static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeIf(name -> List.of("x-request-id", "date").contains(name.toLowerCase()));
        return headers;
    }

    @Test
    void keyIsNotMadeInAProjectOfAnotherOrganization() {
        Map<String, List<List<Object>>> before = server.things();
        Answer theirs = make(server.otherProject);
        Answer nobodys = make("prj_0000000000000000");
        assertThat(theirs.status()).isEqualTo(400);
        assertThat(theirs.pointers()).containsExactly("/projectId");
        assertThat(withoutId(theirs)).isEqualTo(withoutId(nobodys));
        assertThat(server.things()).isEqualTo(before);
    }

    private Answer make(String project) {
        return server.owner.post("/api/v1/keys", "{'name':'n','type':'web','projectId':'" + project + "'}");
    }

    @Test
    void listsHoldNothingOfOtherOrganizations() {
        assertThat(server.owner.get("/api/v1/keys").items("/organizationId")).containsOnly(server.organization);
        assertThat(server.owner.get("/api/v1/projects").items("/organizationId"))
                .containsOnly(server.organization);
        assertThat(server.owner.get("/api/v1/audit?limit=200").items("/organizationId"))
                .containsOnly(server.organization);
        assertThat(server.other.get("/api/v1/keys").items("/organizationId")).containsOnly(server.otherOrganization);
        assertThat(server.other.get("/api/v1/projects").items("/organizationId"))
                .containsOnly(server.otherOrganization);
        assertThat(server.other.get("/api/v1/audit").items("/organizationId")).containsOnly(server.otherOrganization);
        assertThat(server.other.get("/api/v1/organizations").items("/id")).containsExactly(server.otherOrganization);
        assertThat(server.owner.get("/api/v1/audit?target=" + foreign.id()).items("/id"))
                .isEmpty();
        assertThat(server.owner.get("/api/v1/keys?search=Foreign").items("/id")).isEmpty();
    }

    @Test
    void headerOfTheOperatorGivesAMemberNothing() {
        TestingClient sly = server.nobody.as("x-api-key", server.otherToken, "Keyrack-Organization", "acme");
        assertThat(sly.get("/api/v1/keys").items("/organizationId")).containsOnly(server.otherOrganization);
        assertThat(sly.get("/api/v1/me").at("/organization/subdomain")).isEqualTo("other");
    }

    @Test
    void onlyTheOperatorMakesOrganizations() {
        Map<String, List<List<Object>>> before = server.things();
        Answer refused = server.other.post(
                "/api/v1/organizations", "{'name':'Third','subdomain':'third','ownerEmail':'a@example.net'}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("forbidden");
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void setupIsThereForNoMember() {
        String body = "{'name':'Third','subdomain':'third','ownerEmail':'a@example.net'}";
        for (TestingClient member : List.of(server.owner, server.other)) {
            Answer refused = member.post("/api/v1/setup", body);
            assertThat(refused.status()).isEqualTo(404);
            assertThat(withoutId(refused)).isEqualTo(withoutId(member.post("/api/v1/keys/00000000000/enable", "{}")));
            assertThat(member.post("/api/v1/setup", "{}").status()).isEqualTo(404);
        }
        assertThat(server.nobody.post("/api/v1/setup", body).status()).isEqualTo(401);
    }
}
