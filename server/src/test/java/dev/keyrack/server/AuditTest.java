package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Promise: each act stands in the trail once, with who, what, from where and in which request; never with a secret. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class AuditTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private int events() {
        return server.things().get("audit_events").size();
    }

    /** Does it, and gives the one event that came of it. */
    private JsonNode eventOf(Supplier<Answer> act) {
        int before = events();
        Answer answer = act.get();
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
        assertThat(events()).isEqualTo(before + 1);
        JsonNode event = server.owner.get("/api/v1/audit?limit=1").json().at("/items/0");
        assertThat(event.at("/requestId").asString()).isEqualTo(answer.requestId());
        assertThat(event.at("/source/address").asString()).isEqualTo("127.0.0.1");
        assertThat(event.at("/organizationId").asString()).isEqualTo(server.organization);
        assertThat(event.at("/actor/kind").asString()).isEqualTo("member");
        assertThat(event.at("/actor/name").asString()).isEqualTo("owner@example.com");
        return event;
    }

    private static void is(JsonNode event, String action, String kind, String id, String before, String after) {
        assertThat(event.at("/action").asString()).isEqualTo(action);
        assertThat(event.at("/target/kind").asString()).isEqualTo(kind);
        assertThat(event.at("/target/id").asString()).isEqualTo(id);
        assertThat(event.at("/before").toString()).isEqualTo(before.replace('\'', '"'));
        assertThat(event.at("/after").toString()).isEqualTo(after.replace('\'', '"'));
    }

    /** Everything that the filters let through, as the API gives it: also what is on its further pages. */
    @Test
    void exportHasALineForEachEventThatTheFiltersLetThrough() {
        Made key = server.make("web");
        Made another = server.make("web");
        for (int i = 0; i < 3; i++) {
            for (Made each : List.of(key, another)) {
                server.owner.post(each.path() + "/disable");
                server.owner.post(each.path() + "/enable");
            }
        }
        String filters = "action=key.disabled&target=" + key.id();
        TestingReader reader = TestingReader.owner(server);
        Answer export = reader.open("/audit/export?format=jsonl&since=2020-01-01&until=2999-12-31&limit=2&" + filters);
        assertThat(export.header("Content-Type")).isEqualToIgnoringCase("application/jsonl;charset=utf-8");
        assertThat(export.header("Content-Disposition"))
                .matches("attachment; filename=\"audit-[a-z]+-[0-9-]{10}\\.jsonl\"");
        List<JsonNode> events =
                export.text().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(events).hasSize(3);
        assertThat(events)
                .isEqualTo(List.copyOf(server.owner
                        .get("/api/v1/audit?" + filters)
                        .json()
                        .at("/items")
                        .asArray()
                        .values()));
        assertThat(reader.open("/audit/export?format=jsonl&until=2020-01-01&" + filters)
                        .text())
                .isEmpty();
    }

    @Test
    void eachActOnAKeyHasItsOneEventWithBeforeAndAfter() {
        List<Answer> made = new ArrayList<>();
        JsonNode created = eventOf(() -> {
            made.add(server.owner.post(
                    "/api/v1/keys",
                    "{'name':'Key','type':'web','projectId':'" + server.project + "','metadata':{'a':'1'}}",
                    "X-Request-Id",
                    "my-own.id_7"));
            return made.getFirst();
        });
        assertThat(created.at("/requestId").asString()).isEqualTo("my-own.id_7");
        String id = made.getFirst().at("/key/id");
        String path = "/api/v1/keys/" + id;
        is(
                created,
                "key.created",
                "key",
                id,
                "null",
                "{'name':'Key','type':'web','projectId':'" + server.project
                        + "','owner':{'id':'" + server.owner.get("/api/v1/me").at("/member/id")
                        + "','name':'owner@example.com'},'permissions':'all of the type','expiresAt':'never',"
                        + "'restrictions':'none','metadata':{'a':'1'}}");
        assertThat(created.at("/target/name").asString()).isEqualTo("Key");
        is(
                eventOf(() -> server.owner.patch(path, "{'name':'New','permissions':['chat.start']}")),
                "key.updated",
                "key",
                id,
                "{'name':'Key','permissions':'all of the type'}",
                "{'name':'New','permissions':['chat.start']}");
        is(
                eventOf(() -> server.owner.post(path + "/disable")),
                "key.disabled",
                "key",
                id,
                "{'state':'active'}",
                "{'state':'disabled'}");
        is(
                eventOf(() -> server.owner.post(path + "/enable")),
                "key.enabled",
                "key",
                id,
                "{'state':'disabled'}",
                "{'state':'active'}");
        is(
                eventOf(() -> server.owner.post(path + "/regenerate")),
                "key.regenerated",
                "key",
                id,
                "{'generation':1}",
                "{'generation':2}");
        is(eventOf(() -> server.owner.post(path + "/reveal")), "key.revealed", "key", id, "null", "{'generation':2}");
        is(
                eventOf(() -> server.owner.delete(path)),
                "key.revoked",
                "key",
                id,
                "{'state':'active'}",
                "{'state':'revoked'}");
        assertThat(server.owner.get("/api/v1/audit?target=" + id).items("/action"))
                .containsExactly(
                        "key.revoked",
                        "key.revealed",
                        "key.regenerated",
                        "key.enabled",
                        "key.disabled",
                        "key.updated",
                        "key.created");
    }

    @Test
    void actsOnProjectsOrganizationsAndTokensHaveTheirs() {
        List<Answer> made = new ArrayList<>();
        JsonNode created = eventOf(() -> {
            made.add(server.owner.post("/api/v1/projects", "{'name':'Audited'}"));
            return made.getFirst();
        });
        String project = made.getFirst().at("/project/id");
        is(created, "project.created", "project", project, "null", "{'name':'Audited'}");
        is(
                eventOf(() -> server.owner.patch("/api/v1/projects/" + project, "{'name':'B'}")),
                "project.renamed",
                "project",
                project,
                "{'name':'Audited'}",
                "{'name':'B'}");
        is(
                eventOf(() -> server.owner.patch("/api/v1/organizations/" + server.organization, "{'name':'Acme 2'}")),
                "organization.renamed",
                "organization",
                server.organization,
                "{'name':'Acme'}",
                "{'name':'Acme 2'}");
    }

    @Test
    void foundingAnOrganizationIsThreeActsInItsOwnTrail() {
        int before = events();
        Answer founded = server.operator.post(
                "/api/v1/organizations", "{'name':'F','subdomain':'founded','ownerEmail':'f@example.com'}");
        assertThat(events()).isEqualTo(before + 3);
        TestingClient member = server.nobody.as("x-api-key", founded.at("/token"));
        Answer trail = member.get("/api/v1/audit");
        assertThat(trail.items("/action")).containsExactly("token.created", "member.created", "organization.created");
        assertThat(trail.items("/actor/kind")).containsOnly("operator");
        assertThat(trail.items("/requestId")).containsOnly(founded.requestId());

        Answer replaced = member.post("/api/v1/me/token");
        TestingClient again = server.nobody.as("x-api-key", replaced.at("/token"));
        assertThat(again.get("/api/v1/audit?limit=1").items("/action")).containsExactly("token.replaced");
        assertThat(again.get("/api/v1/audit?limit=1").items("/requestId")).containsExactly(replaced.requestId());
        int last = events();
        assertThat(again.delete("/api/v1/me/token").status()).isEqualTo(204);
        assertThat(events()).isEqualTo(last + 1);
    }

    @Test
    void whatWasRefusedOrChangedNothingLeavesNoEvent() {
        Made web = server.make("web");
        Made secret = server.make("server");
        Made gone = server.make("web");
        server.owner.delete(gone.path());
        Map<String, List<List<Object>>> before = server.things();
        assertThat(server.nobody.get("/api/v1/keys").status()).isEqualTo(401);
        assertThat(server.owner.post(secret.path() + "/reveal").status()).isEqualTo(403);
        assertThat(server.other.delete(web.path()).status()).isEqualTo(404);
        assertThat(server.owner.post(gone.path() + "/enable").status()).isEqualTo(409);
        assertThat(server.owner.delete(web.path(), "If-Match", "\"9\"").status())
                .isEqualTo(412);
        assertThat(server.owner.patch(web.path(), "{'name':1}").status()).isEqualTo(400);
        assertThat(server.owner.patch(web.path(), "{'name':'Key'}").status()).isEqualTo(200);
        assertThat(server.owner.post(web.path() + "/enable").status()).isEqualTo(200);
        assertThat(server.owner.delete(gone.path()).status()).isEqualTo(200);
        assertThat(server.owner.get(web.path()).status()).isEqualTo(200);
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void trailIsReadInPagesNewestFirstEachEventOnce() {
        for (int i = 0; i < 5; i++) {
            server.make("web");
        }
        List<String> all = server.owner.get("/api/v1/audit?limit=200").items("/id");
        assertThat(all).doesNotHaveDuplicates();
        List<String> seen = new ArrayList<>();
        List<String> times = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Answer page = server.owner.get("/api/v1/audit?limit=3" + cursor);
            seen.addAll(page.items("/id"));
            times.addAll(page.items("/at"));
            cursor = page.json().get("next").isNull() ? null : "&cursor=" + page.at("/next");
            server.make("web");
        }
        assertThat(seen).isEqualTo(all);
        assertThat(times.stream().map(Instant::parse).toList())
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void trailIsFilteredByWhatWhoAndWhen() {
        Made made = server.make("web");
        server.owner.post(made.path() + "/disable");
        server.owner.post(made.path() + "/enable");
        String by = "/api/v1/audit?target=" + made.id();
        List<String> at = server.owner.get(by).items("/at");
        assertThat(server.owner.get(by + "&action=key.disabled").items("/action"))
                .containsExactly("key.disabled");
        assertThat(server.owner.get(by + "&action=key.revoked").items("/id")).isEmpty();
        assertThat(server.owner.get(by + "&since=" + at.get(1)).items("/action"))
                .containsExactly("key.enabled", "key.disabled");
        assertThat(server.owner.get(by + "&until=" + at.get(1)).items("/action"))
                .containsExactly("key.created");
        assertThat(server.owner
                        .get(by + "&since=" + at.get(1) + "&until=" + at.get(0))
                        .items("/action"))
                .containsExactly("key.disabled");
        String offset = Instant.parse(at.get(1)).atOffset(java.time.ZoneOffset.ofHours(2)) + "";
        assertThat(server.owner
                        .get(by + "&since=" + TestingClient.encoded(offset))
                        .items("/action"))
                .containsExactly("key.enabled", "key.disabled");
        String me = server.owner.get("/api/v1/me").at("/member/id");
        assertThat(server.owner.get(by + "&actor=" + me).items("/id")).hasSize(3);
        assertThat(server.owner.get(by + "&actor=operator").items("/id")).isEmpty();
        assertThat(server.owner
                        .get("/api/v1/audit?action=key.created&limit=200")
                        .items("/action"))
                .containsOnly("key.created");
    }

    @Test
    void operatorOnTheMachineIsNamedAsSuch() {
        Answer made = server.operator.post("/api/v1/projects", "{'name':'Op'}", "Keyrack-Organization", "acme");
        JsonNode event = server.owner
                .get("/api/v1/audit?target=" + made.at("/project/id"))
                .json()
                .at("/items/0");
        assertThat(event.at("/actor/kind").asString()).isEqualTo("operator");
        assertThat(event.at("/requestId").asString()).isEqualTo(made.requestId());
    }

    @Test
    void tokenThatWasHandedOutStandsNowhere() {
        Made made = server.make("server");
        server.owner.post(made.path() + "/regenerate");
        Made web = server.make("web", ",'metadata':{'note':'no token'}");
        server.owner.post(web.path() + "/reveal");
        server.gate.post("/v1/verify", "{'token':'" + web.token() + "'}");
        server.owner.get("/api/v1/keys?search=" + web.token());
        server.owner.post("/api/v1/keys", "{'" + web.token() + "':1}");
        server.nobody.get("/api/v1/" + made.token());
        server.exchange("GET /" + made.token() + "\u0000 HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(server.minted).contains(made.token(), web.token(), server.ownerToken);
        server.requireNoTokenAnywhere();
    }
}
