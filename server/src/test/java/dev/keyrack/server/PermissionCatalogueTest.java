package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Promise: the operator says which permissions there are; no key passes that, and none gains by what is added later. */
@Tag("engines")
class PermissionCatalogueTest {
    private static final String PATH = "/api/v1/permissions";

    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start(Map.of("KEYRACK_LEASE", "500ms"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** @param entries each a permission, then its types, with commas between them: {@code chat.start:web,mobile} */
    private static String body(String... entries) {
        List<String> all = new ArrayList<>();
        for (String entry : entries) {
            String[] parts = entry.split(":", 2);
            all.add("{'permission':'" + parts[0] + "','description':'About " + parts[0] + "','types':['"
                    + parts[1].replace(",", "','") + "']}");
        }
        return "{'permissions':[" + String.join(",", all) + "]}";
    }

    /** @param body JSON, with ' for " */
    private static Answer put(TestingClient client, String body, String... headers) {
        return putJson(client, body.replace('\'', '"'), headers);
    }

    private static Answer putJson(TestingClient client, String body, String... headers) {
        return client.send("PUT", PATH, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private Answer set(String... entries) {
        Answer answer = put(server.owner, body(entries));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private String ask(Made made, String permission) {
        return server.gate
                .post("/v1/verify", "{'token':'" + made.token() + "','permission':'" + permission + "'}")
                .at("/code");
    }

    private void may(Made made, String... permissions) {
        for (String permission : permissions) {
            assertThat(ask(made, permission)).as(permission).isEqualTo("VALID");
        }
    }

    private void mayNot(Made made, String... permissions) {
        for (String permission : permissions) {
            assertThat(ask(made, permission)).as(permission).isEqualTo("PERMISSION_DENIED");
        }
    }

    private Answer creating(String type, String permissions) {
        return server.owner.post(
                "/api/v1/keys",
                "{'name':'n','type':'" + type + "','projectId':'" + server.project + "','permissions':" + permissions
                        + "}");
    }

    private static String error(Answer answer, int index) {
        return answer.at("/errors/" + index + "/detail");
    }

    private static List<String> names(Answer catalogue) {
        List<String> names = new ArrayList<>();
        catalogue
                .json()
                .path("permissions")
                .forEach(p -> names.add(p.path("permission").asString()));
        return names;
    }

    @Test
    void beforeTheOperatorSetsOneEverythingCanBeGranted() {
        Answer none = server.other.get(PATH);
        assertThat(none.status()).isEqualTo(200);
        assertThat(none.header("ETag")).isEqualTo("\"0\"");
        assertThat(none.json().at("/version").asLong()).isZero();
        assertThat(names(none)).containsExactly("keys.replicate", "keys.verify");
        assertThat(none.json().at("/permissions/0/builtIn").asBoolean()).isTrue();
        assertThat(none.json().at("/permissions/0/types").toString()).isEqualTo("[\"server\"]");
        may(server.make("web"), "what.ever", "chat.start");
        may(server.make("web", ",'permissions':['what.*']"), "what.ever");
    }

    @Test
    void catalogueIsThereForEveryMemberAsItWasSet() {
        Answer set = set("orders.read:server,analytics", "chat.start:mobile,web");
        assertThat(set.header("ETag")).isEqualTo("\"1\"");
        assertThat(set.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
        for (TestingClient member : List.of(server.owner, server.other, server.operator)) {
            Answer read = member.get(PATH);
            assertThat(read.header("ETag")).isEqualTo("\"1\"");
            assertThat(read.json().path("permissions")).isEqualTo(set.json().path("permissions"));
        }
        assertThat(names(set)).containsExactly("chat.start", "keys.replicate", "keys.verify", "orders.read");
        JsonNode chat = set.json().at("/permissions/0");
        assertThat(chat.path("description").asString()).isEqualTo("About chat.start");
        assertThat(chat.path("types").toString()).isEqualTo("[\"web\",\"mobile\"]");
        assertThat(chat.path("builtIn").asBoolean()).isFalse();
    }

    @Test
    void onlyWhoRunsTheInstallationSetsIt() {
        Map<String, List<List<Object>>> before = server.things();
        for (String body : List.of(body("chat.start:web"), "{}", "nonsense")) {
            Answer refused = put(server.other, body);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("forbidden");
        }
        assertThat(put(server.nobody, body("chat.start:web")).status()).isEqualTo(401);
        server.byHand("UPDATE members SET role = 'developer' WHERE organization_id = '" + server.organization + "'");
        assertThat(put(server.owner, body("chat.start:web")).status()).isEqualTo(403);
        assertThat(server.owner.get(PATH).status()).isEqualTo(200);
        server.byHand("UPDATE members SET role = 'admin' WHERE organization_id = '" + server.organization + "'");
        assertThat(put(server.owner, body("chat.start:web")).status()).isEqualTo(200);
        server.byHand("UPDATE members SET role = 'owner' WHERE organization_id = '" + server.organization + "'");
        assertThat(server.rows().get("catalogue")).isNotEqualTo(before.get("catalogue"));
        assertThat(put(server.operator, body()).status()).isEqualTo(200);
    }

    @Test
    void changeOfAnotherVersionIsRefused() {
        assertThat(put(server.owner, body("chat.start:web"), "If-Match", "\"1\"")
                        .status())
                .isEqualTo(412);
        assertThat(put(server.owner, body("chat.start:web"), "If-Match", "\"0\"")
                        .status())
                .isEqualTo(200);
        assertThat(put(server.owner, body("chat.stop:web"), "If-Match", "\"0\"").status())
                .isEqualTo(412);
        assertThat(names(server.owner.get(PATH))).doesNotContain("chat.stop");
    }

    @Test
    void answerCanBeSentBackAndChangesNothing() {
        set("chat.start:web");
        String read = server.owner.get(PATH).json().path("permissions").toString();
        Map<String, List<List<Object>>> before = server.things();
        Answer again = putJson(server.owner, "{\"permissions\":" + read + "}");
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.header("ETag")).isEqualTo("\"1\"");
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void keysFromBeforeTheFirstCatalogueKeepWhatItAllowsTheirType() {
        Made all = server.make("web");
        Made wide = server.make("web", ",'permissions':['chat.*']");
        Made named = server.make("web", ",'permissions':['orders.read','chat.start']");
        Made none = server.make("web", ",'permissions':[]");
        set("chat.start:web", "orders.read:server");
        may(all, "chat.start");
        mayNot(all, "orders.read", "what.ever", "keys.verify");
        may(wide, "chat.start");
        mayNot(wide, "chat.stop");
        may(named, "chat.start");
        mayNot(named, "orders.read");
        mayNot(none, "chat.start");
        assertThat(server.code(named.token())).isEqualTo("VALID");
    }

    @Test
    void whatIsAddedLaterIsGivenToNoKeyByItself() {
        set("chat.start:web,server");
        Made all = server.make("web");
        Made wide = server.make("web", ",'permissions':['*.start','chat.*']");
        set("chat.start:web,server", "chat.stop:web", "orders.start:web");
        mayNot(all, "chat.stop", "orders.start");
        mayNot(wide, "chat.stop", "orders.start");
        may(all, "chat.start");
        may(wide, "chat.start");
        may(server.make("web"), "chat.stop", "orders.start");
        may(server.make("web", ",'permissions':['chat.*']"), "chat.stop");

        assertThat(server.owner.patch(wide.path(), "{'name':'Renamed'}").status())
                .isEqualTo(200);
        mayNot(wide, "chat.stop");
        assertThat(server.owner
                        .patch(wide.path(), "{'permissions':['*.start','chat.*']}")
                        .status())
                .as("the same list, given anew")
                .isEqualTo(200);
        may(wide, "chat.stop", "orders.start");
        assertThat(server.owner.patch(all.path(), "{'permissions':null}").status())
                .isEqualTo(200);
        may(all, "chat.stop");
        assertThat(server.owner
                        .get("/api/v1/audit?action=key.updated&target=" + all.id())
                        .at("/items/0/after/catalogueVersion"))
                .isEqualTo("2");
    }

    @Test
    void typeThatIsAddedLaterIsGivenToNoKeyByItself() {
        set("chat.start:server");
        Made web = server.make("web");
        Made keyServer = server.make("server");
        set("chat.start:server,web");
        mayNot(web, "chat.start");
        may(keyServer, "chat.start");
        may(server.make("web"), "chat.start");
    }

    @Test
    void whatIsTakenAwayIsDeniedWhenTheAnswerComesAndCountsAsNewLater() {
        set("chat.start:web", "chat.stop:web,server");
        Made all = server.make("web");
        Made named = server.make("web", ",'permissions':['chat.stop']");
        Made others = server.make("server", ",'permissions':['chat.stop']");
        may(all, "chat.stop");
        may(named, "chat.stop");
        set("chat.start:web", "chat.stop:server");
        mayNot(all, "chat.stop");
        mayNot(named, "chat.stop");
        may(others, "chat.stop");
        set("chat.start:web");
        mayNot(others, "chat.stop");
        set("chat.start:web", "chat.stop:web,server");
        mayNot(all, "chat.stop");
        may(named, "chat.stop");
    }

    @Test
    void catalogueConcernsEveryOrganization() {
        Made foreign = server.makeOther();
        may(foreign, "chat.start", "orders.read");
        set("chat.start:web");
        may(foreign, "chat.start");
        mayNot(foreign, "orders.read");
        Answer refused = server.other.post(
                "/api/v1/keys",
                "{'name':'n','type':'web','projectId':'" + server.otherProject + "','permissions':['orders.read']}");
        assertThat(refused.pointers()).containsExactly("/permissions/0");
    }

    @Test
    void emptyCatalogueAllowsNothing() {
        Made all = server.make("server");
        Made asker = server.make("server", ",'permissions':['keys.verify']");
        set();
        mayNot(all, "chat.start", "keys.verify");
        assertThat(ask(asker, "keys.verify")).isEqualTo("VALID");
        assertThat(server.code(all.token())).isEqualTo("VALID");
        assertThat(server.owner.get(PATH).json().path("version").asLong()).isEqualTo(1);
        assertThat(creating("server", "['*.*']").status()).isEqualTo(400);
        assertThat(creating("server", "['keys.verify']").status()).isEqualTo(201);
        assertThat(creating("server", "[]").status()).isEqualTo(201);
        assertThat(creating("server", "null").status()).isEqualTo(201);
    }

    @Test
    void whatTheCatalogueDoesNotAllowCannotBeGranted() {
        set("chat.start:web,mobile", "chat.stop:web", "orders.read:server");
        Answer refused =
                creating("web", "['chat.start','chat.strat','orders.read','billing.read','orders.*','*.stop']");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers())
                .containsExactly("/permissions/1", "/permissions/2", "/permissions/3", "/permissions/4");
        assertThat(error(refused, 0)).contains("not in the operator's catalogue", "near it are: chat.start");
        assertThat(error(refused, 1)).contains("is for server keys, not for a web key");
        assertThat(error(refused, 2)).contains("GET /api/v1/permissions").doesNotContain("near");
        assertThat(error(refused, 3)).contains("covers no permission that keys of the type web can have");

        Made made = server.make("web", ",'permissions':['chat.*']");
        Answer patch = server.owner.patch(made.path(), "{'permissions':['chat.begin']}");
        assertThat(patch.status()).isEqualTo(400);
        assertThat(patch.pointers()).containsExactly("/permissions/0");
        assertThat(creating("web", "['keys.verify']").pointers()).containsExactly("/permissions/0");
    }

    @Test
    void listThatIsNotTouchedStaysWhateverTheCatalogueBecomes() {
        Made made = server.make("web", ",'permissions':['chat.start','gone.soon','gone.*']");
        set("chat.start:web");
        Answer renamed = server.owner.patch(made.path(), "{'name':'Renamed','metadata':{'a':'b'}}");
        assertThat(renamed.status()).as(renamed.text()).isEqualTo(200);
        assertThat(renamed.json().at("/key/permissions").toString())
                .isEqualTo("[\"chat.start\",\"gone.soon\",\"gone.*\"]");
        assertThat(server.owner
                        .patch(made.path(), "{'permissions':['chat.start','gone.soon']}")
                        .pointers())
                .containsExactly("/permissions/1");
        may(made, "chat.start");
        mayNot(made, "gone.soon");
        Answer verdict = server.verify(made.token());
        assertThat(verdict.json().path("permissions").toString())
                .as("as it was granted")
                .isEqualTo("[\"chat.start\",\"gone.soon\",\"gone.*\"]");
    }

    @Test
    void changesAreOnRecordWithWhatWasAddedRemovedAndChanged() {
        set("chat.start:web", "orders.read:server", "orders.write:server");
        set("chat.start:web,mobile", "orders.read:server", "chat.stop:web");
        Answer trail = server.owner.get("/api/v1/audit?action=permissions.updated");
        JsonNode event = trail.json().at("/items/0");
        assertThat(event.at("/target/kind").asString()).isEqualTo("catalogue");
        assertThat(event.at("/organizationId").asString()).isEqualTo(server.organization);
        assertThat(event.path("before").toString())
                .isEqualTo(("{'version':1,'removed':{'orders.write':{'types':['server'],'description':"
                                + "'About orders.write'}},'changed':{'chat.start':{'types':['web'],'description':"
                                + "'About chat.start'}}}")
                        .replace('\'', '"'));
        assertThat(event.at("/after/version").asLong()).isEqualTo(2);
        assertThat(event.at("/after/added").propertyNames()).containsExactly("chat.stop");
        assertThat(event.at("/after/changed/chat.start/types").toString()).isEqualTo("[\"web\",\"mobile\"]");
        assertThat(trail.json().at("/items/1/before").toString()).isEqualTo("{\"version\":0}");
        assertThat(server.other.get("/api/v1/audit?action=permissions.updated").items("/id"))
                .isEmpty();
    }

    @Test
    void largestCatalogueIsTaken() {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            entries.add("{'permission':'a" + i + "." + "b".repeat(95) + "','description':'" + "ä".repeat(200)
                    + "','types':['web','mobile','analytics','server']}");
        }
        Answer set = put(server.owner, "{'permissions':[" + String.join(",", entries) + "]}");
        assertThat(set.status()).as(set.at("/detail")).isEqualTo(200);
        assertThat(names(set)).hasSize(1_002);
        may(server.make("analytics"), "a999." + "b".repeat(95));
    }
}
