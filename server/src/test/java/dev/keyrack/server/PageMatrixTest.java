package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Promise: every role sees every page that the table of roles lets it see, with what is their own, another member's and
 * another organization's, and no other; no form is taken from anywhere but a page of ours; whoever is not signed in gets to
 * the door and no further.
 */
@TestInstance(Lifecycle.PER_CLASS)
class PageMatrixTest {
    /** As in {@link PermissionMatrixTest}: five of a customer's organization, one who runs the installation. */
    private static final String PAGES = """
                                                           |          | customer's                             | operator's
        page                                               | whose    | owner admin developer support analytics | owner
        /account                                           | -        |  200   200     200      200      200    |  200
        /account/api-token                                 | -        |  200   200     200      200      200    |  200
        /account/api-token/regenerate                      | -        |  200   200     200      200      200    |  200
        /account/api-token/delete                          | -        |  200   200     200      200      200    |  200
        /account/confirm                                   | -        |  200   200     200      200      200    |  200
        /account/sessions                                  | -        |  200   200     200      200      200    |  200
        /search                                            | -        |  200   200     200      200      200    |  200
        /guide                                             | -        |  200   200     200      200      200    |  200
        /audit                                             | -        |  200   200     403      403      403    |  200
        /audit/export                                      | -        |  200   200     403      403      403    |  200
        /members                                           | -        |  200   200     403      403      403    |  200
        /members/leave                                     | -        |  303   303     303      303      303    |  303
        /members/{id}/edit                                 | member   |  200   200     403      403      403    |  200
                                                           | foreign member | 404 404  403      403      403    |  404
        /members/{id}/remove                               | member   |  200   200     403      403      403    |  200
                                                           | foreign member | 404 404  403      403      403    |  404
        /members/{id}/recovery                             | member   |  200   200     403      403      403    |  200
                                                           | foreign member | 404 404  403      403      403    |  404
        /members/invitations/new                           | -        |  200   200     403      403      403    |  200
        /conversations                                     | -        |  200   200     303      200      403    |  200
        /projects                                          | -        |  200   200     200      200      200    |  200
        /projects/new                                      | -        |  200   200     200      403      403    |  200
        /projects/{id}                                     | own project     | 200 200 200     200      200    |  200
                                                           | other's project | 200 200 404     200      200    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/edit                                | own project     | 200 200 200     403      403    |  200
                                                           | other's project | 200 200 404     403      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/credentials                         | own project     | 200 200 200     200      200    |  200
                                                           | other's project | 200 200 404     200      200    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/conversations                       | own project     | 200 200 200     200      403    |  200
                                                           | other's project | 200 200 404     200      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/conversations/{conversation}        | own project     | 200 200 200     200      403    |  200
                                                           | other's project | 200 200 404     200      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant                           | own project     | 200 200 200     200      200    |  200
                                                           | other's project | 200 200 404     200      200    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant/questions                 | own project     | 200 200 200     200      200    |  200
                                                           | other's project | 200 200 404     200      200    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant/questions/export          | own project     | 200 200 200     200      200    |  200
                                                           | other's project | 200 200 404     200      200    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant/questions/new             | own project     | 200 200 200     403      403    |  200
                                                           | other's project | 200 200 404     403      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant/questions/import          | own project     | 200 200 200     403      403    |  200
                                                           | other's project | 200 200 404     403      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant/questions/{entry}/edit    | own project     | 200 200 200     403      403    |  200
                                                           | other's project | 200 200 404     403      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /projects/{id}/assistant/questions/{entry}/delete  | own project     | 200 200 200     403      403    |  200
                                                           | other's project | 200 200 404     403      403    |  200
                                                           | foreign project | 404 404 404     404      404    |  404
        /settings/organization                             | -        |  200   200     403      403      403    |  200
        /settings/permissions                              | -        |  200   200     200      200      200    |  200
        /settings/api-keys                                 | -        |  200   200     200      200      200    |  200
        /settings/api-keys/new                             | -        |  200   200     200      403      403    |  200
        /settings/api-keys/{id}                            | own key     | 200 200 200         200      200    |  200
                                                           | other's key | 200 200 404         200      200    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/edit                       | own key     | 200 200 200         403      403    |  200
                                                           | other's key | 200 200 404         403      403    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/activity                   | own key     | 200 200 200         200      200    |  200
                                                           | other's key | 200 200 404         200      200    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/refusals                   | own key     | 200 200 200         200      403    |  200
                                                           | other's key | 200 200 404         200      403    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/restrictions               | own key     | 200 200 200         200      403    |  200
                                                           | other's key | 200 200 404         200      403    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/component                        | own key     | 200 200 200         200      200    |  200
                                                           | other's key | 200 200 404         200      200    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/component/preview                | own key     | 200 200 200         200      200    |  200
                                                           | other's key | 200 200 404         200      200    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/identity-keys                    | own key     | 200 200 200         200      200    |  200
                                                           | other's key | 200 200 404         200      200    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/regenerate                 | own key     | 200 200 200         403      403    |  200
                                                           | other's key | 200 200 404         403      403    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-keys/{id}/revoke                     | own key     | 200 200 200         403      403    |  200
                                                           | other's key | 200 200 404         403      403    |  200
                                                           | foreign key | 404 404 404         404      404    |  404
        /settings/api-credentials                          | -        |  200   200     200      200      200    |  200
        /settings/api-credentials/new                      | -        |  200   200     200      403      403    |  200
        /settings/api-credentials/{id}/edit                | own server key     | 200 200 200  403      403    |  200
                                                           | other's server key | 200 200 404  403      403    |  200
                                                           | foreign server key | 404 404 404  404      404    |  404
        /settings/api-credentials/{id}/refresh             | own server key     | 200 200 200  403      403    |  200
                                                           | other's server key | 200 200 404  403      403    |  200
                                                           | foreign server key | 404 404 404  404      404    |  404
        /settings/api-credentials/{id}/delete              | own server key     | 200 200 200  403      403    |  200
                                                           | other's server key | 200 200 404  403      403    |  200
                                                           | foreign server key | 404 404 404  404      404    |  404
        /operator/organizations                            | -        |  403   403     403      403      403    |  200
        /operator/organizations/new                        | -        |  403   403     403      403      403    |  200
        /operator/organizations/{id}/suspend               | organization | 403 403    403      403      403    |  200
        /operator/organizations/{id}/recovery              | organization | 403 403    403      403      403    |  200
        /operator/nodes                                    | -        |  403   403     403      403      403    |  200
        /operator/installation                             | -        |  403   403     403      403      403    |  200
        """;

    /** What each role may do by a form, to a key, project or member that is made for it. */
    private static final String ACTS = """
                                                           |          | customer's                             | operator's
        form                                               | whose    | owner admin developer support analytics | owner
        /settings/api-keys/{id}/disable                    | own key     | 303 303 303         303      403    |  303
                                                           | other's key | 303 303 404         303      403    |  303
        /settings/api-keys/{id}/enable                     | own key     | 303 303 303         303      403    |  303
                                                           | other's key | 303 303 404         303      403    |  303
        /settings/api-keys/{id}/reveal                     | own key     | 200 200 200         403      403    |  200
                                                           | other's key | 200 200 404         403      403    |  200
        /settings/api-keys/{id}/copy                       | own key     | 200 200 200         403      403    |  200
                                                           | other's key | 200 200 404         403      403    |  200
        /settings/api-keys/{id}/revoke                     | own key     | 200 200 200         403      403    |  200
                                                           | other's key | 200 200 404         403      403    |  200
        /settings/api-credentials/{id}/edit                | own server key     | 303 303 303  403      403    |  303
                                                           | other's server key | 303 303 404  403      403    |  303
        /settings/api-credentials/{id}/delete              | own server key     | 200 200 200  403      403    |  200
                                                           | other's server key | 200 200 404  403      403    |  200
        /projects/{id}/edit                                | own project     | 303 303 303     403      403    |  303
                                                           | other's project | 303 303 404     403      403    |  303
        /projects/{id}/credentials/generate                | own project     | 200 200 200     403      403    |  200
                                                           | other's project | 200 200 404     403      403    |  200
        /members/{id}/edit                                 | member   |  303   403     403      403      403    |  303
        /members/{id}/recovery                             | member   |  200   403     403      403      403    |  200
        /operator/organizations/{id}/resume                | organization | 403 403    403      403      403    |  200
        """;

    /** Pages before the door, and files: they know nobody. */
    private static final Set<String> OPEN = Set.of(
            "/", "/sign-in", "/recover", "/invitation", "/forgotten", "/welcome", "/a/{projectId}", "/logo/{name}.png");

    private static final Set<String> OPEN_FORMS =
            Set.of("/sign-in", "/recover", "/invitation", "/invitation/accept", "/forgotten", "/welcome");

    private record Row(String page, String whose, List<Integer> answers) {
        @Override
        public String toString() {
            return page + " " + whose;
        }
    }

    private record Route(String method, String path) {}

    private final Map<String, TestingReader> readers = new LinkedHashMap<>();
    private final Map<String, String> things = new LinkedHashMap<>();
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        for (Role role : Role.values()) {
            String column = role.text();
            TestingClient member = server.member(role, server.otherOrganization);
            things.put(column + " member", member.get("/api/v1/me").at("/member/id"));
            readers.put(
                    column,
                    TestingReader.signedIn(server, member.get("/api/v1/me").at("/member/email")));
        }
        readers.put("operator", TestingReader.owner(server));
        things.put("organization", server.otherOrganization);
        things.put("operator member", server.owner.get("/api/v1/me").at("/member/id"));
        String other = server.member(Role.ADMIN, server.otherOrganization)
                .get("/api/v1/me")
                .at("/member/id");
        things.put("other's member", other);
        String another = server.member(Role.ADMIN).get("/api/v1/me").at("/member/id");
        things.put("operator's other member", another);
        for (String type : List.of("key", "server key")) {
            String keyType = type.equals("key") ? "web" : "server";
            for (String column : readers.keySet()) {
                boolean operator = column.equals("operator");
                String project = operator ? server.project : server.otherProject;
                TestingClient maker = operator ? server.owner : server.other;
                String id = maker.post(
                                "/api/v1/keys",
                                "{'name':'Matrix','type':'" + keyType + "','projectId':'" + project + "'}")
                        .at("/key/id");
                server.byHand(
                        "UPDATE keys SET owner_id = '" + things.get(column + " member") + "' WHERE id = '" + id + "'");
                things.put(column + " own " + type, id);
            }
        }
        for (String column : readers.keySet()) {
            TestingClient maker = column.equals("operator") ? server.owner : server.other;
            String id = maker.post("/api/v1/projects", "{'name':'Of " + column + "'}")
                    .at("/project/id");
            server.byHand(
                    "UPDATE projects SET owner_id = '" + things.get(column + " member") + "' WHERE id = '" + id + "'");
            server.byHand(
                    "INSERT INTO assistant_entries (id, project_id, position, question, answer, version, updated_at)"
                            + " VALUES ('ent_" + id + "', '" + id + "', 1, 'Q', 'A', 1, 0)");
            server.byHand(
                    "INSERT INTO visitors (id, organization_id, project_id, created_at, seen_at)" + " VALUES ('vis_"
                            + id + "', 'o', '" + id + "', 0, 0)",
                    "INSERT INTO conversations (id, organization_id, project_id, visitor_id, state, visitor_messages,"
                            + " messages, once, started_at, changed_at)"
                            + " VALUES ('cnv_" + id + "', 'o', '" + id + "', 'vis_" + id
                            + "', 'open', 0, 0, 'x', 0, 0)");
            things.put(column + " own project", id);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String thing(String column, String whose) {
        boolean operator = column.equals("operator");
        return switch (whose) {
            case "organization" -> things.get("organization");
            case "member" -> things.get(operator ? "operator's other member" : "other's member");
            case "foreign member" -> things.get(operator ? "other's member" : "operator's other member");
            default -> {
                String kind = whose.substring(whose.indexOf(' ') + 1);
                String holder = whose.startsWith("own ")
                        ? column
                        : whose.startsWith("foreign ")
                                ? (operator ? "admin" : "operator")
                                : (column.equals("admin") ? "owner" : operator ? "operator" : "admin");
                yield things.get(holder + " own " + kind);
            }
        };
    }

    private static List<Row> rows() {
        return rows(PAGES);
    }

    private static List<Row> acts() {
        return rows(ACTS);
    }

    private static List<Row> rows(String table) {
        List<Row> rows = new ArrayList<>();
        String page = "";
        for (String line : table.lines().skip(2).toList()) {
            String[] cells = line.split("\\|", -1);
            page = cells[0].isBlank() ? page : cells[0].strip();
            List<Integer> answers = Stream.of(
                            (cells[2] + " " + cells[3]).strip().split("\\s+"))
                    .map(Integer::valueOf)
                    .toList();
            rows.add(new Row(page, cells[1].strip(), answers));
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyRoleSeesWhatItMay(Row row) {
        List<Integer> answers = new ArrayList<>();
        for (String column : readers.keySet()) {
            String id = row.whose.equals("-") ? "" : thing(column, row.whose);
            answers.add(readers.get(column)
                    .open(row.page
                            .replace("{id}", id)
                            .replace("{entry}", "ent_" + id)
                            .replace("{conversation}", "cnv_" + id))
                    .status());
        }
        assertThat(answers).isEqualTo(row.answers);
    }

    /** Something of this kind that nobody has touched. */
    private String fresh(String column, String whose) {
        String kind = whose.substring(whose.indexOf(' ') + 1);
        if (whose.equals("member") || whose.equals("organization")) {
            return thing(column, whose);
        }
        boolean operator = column.equals("operator");
        String holder =
                whose.startsWith("own ") ? column : column.equals("admin") ? "owner" : operator ? column : "admin";
        TestingClient maker = operator ? server.owner : server.other;
        String project = operator ? server.project : server.otherProject;
        String id = kind.equals("project")
                ? maker.post("/api/v1/projects", "{'name':'Fresh'}").at("/project/id")
                : maker.post(
                                "/api/v1/keys",
                                "{'name':'Fresh','type':'" + (kind.equals("key") ? "web" : "server") + "','projectId':'"
                                        + project + "'}")
                        .at("/key/id");
        server.byHand("UPDATE " + (kind.equals("project") ? "projects" : "keys") + " SET owner_id = '"
                + things.get(holder + " member") + "' WHERE id = '" + id + "'");
        return id;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acts")
    void everyRoleDoesWhatItMayAndNothingElseHappens(Row row) {
        List<Integer> answers = new ArrayList<>();
        for (String column : readers.keySet()) {
            String id = fresh(column, row.whose);
            TestingReader reader = readers.get(column);
            reader.open("/account");
            Map<String, List<List<Object>>> before = server.things();
            Answer answer = reader.send(row.page.replace("{id}", id), "name", "Renamed by " + column);
            answers.add(answer.status());
            if (answer.status() >= 400) {
                assertThat(server.things()).as(column).isEqualTo(before);
            }
        }
        assertThat(answers).isEqualTo(row.answers);
    }

    /** Found in the classes themselves, so that none is forgotten. */
    private static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (var found : new ClassFileImporter().importPackages("dev.keyrack.server")) {
            if (!found.getSimpleName().endsWith("Page") || found.getSimpleName().equals("DocumentationPage")) {
                continue;
            }
            Class<?> type = found.reflect();
            RequestMapping base = type.getAnnotation(RequestMapping.class);
            String prefix = base == null ? "" : first(base.path(), base.value());
            for (Method method : type.getDeclaredMethods()) {
                GetMapping get = method.getAnnotation(GetMapping.class);
                PostMapping post = method.getAnnotation(PostMapping.class);
                if (get != null) {
                    for (String path : paths(get.path(), get.value())) {
                        routes.add(new Route("GET", prefix + path));
                    }
                }
                if (post != null) {
                    for (String path : paths(post.path(), post.value())) {
                        routes.add(new Route("POST", prefix + path));
                    }
                }
            }
        }
        return routes;
    }

    private static String first(String[] path, String[] value) {
        return paths(path, value).getFirst();
    }

    private static List<String> paths(String[] path, String[] value) {
        return path.length + value.length == 0
                ? List.of("")
                : Stream.of(path, value).flatMap(Stream::of).toList();
    }

    @Test
    void noPageIsForgotten() {
        Set<String> expected = new TreeSet<>(OPEN);
        rows().forEach(row -> expected.add(row.page));
        Set<String> found = new TreeSet<>();
        routes().stream()
                .filter(route -> route.method.equals("GET"))
                .map(Route::path)
                .filter(path -> !path.endsWith(".css"))
                .forEach(found::add);
        // What a form answered is shown again by a reload; those addresses lead back.
        found.removeIf(path -> path.matches(
                ".*/credentials/(generate|reset|end-overlap)|.*/assistant/(webhook-secret(/end-overlap)?|try)"));
        assertThat(found).isEqualTo(expected);
    }

    private static List<Route> forms() {
        return routes().stream().filter(route -> route.method.equals("POST")).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void noFormIsTakenFromElsewhere(Route form) {
        String path = form.path.replace("{id}", things.get("owner own key")).replace("{entry}", "ent_1");
        TestingReader reader = readers.get("owner");
        Map<String, List<List<Object>>> before = server.things();
        assertThat(reader.sendOnly(path).status()).as("without a token").isEqualTo(403);
        assertThat(reader.sendOnly(path, "csrf", "AAAA").status())
                .as("with another token")
                .isEqualTo(403);
        assertThat(server.things()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void foreignThingsAreNotThereForForms(Route form) {
        if (!form.path.contains("{id}")) {
            return;
        }
        for (String column : readers.keySet()) {
            String kind = form.path.startsWith("/projects")
                    ? "foreign project"
                    : form.path.startsWith("/members")
                            ? "foreign member"
                            : form.path.startsWith("/settings/api-credentials") ? "foreign server key" : "foreign key";
            TestingReader reader = readers.get(column);
            reader.open("/account");
            Answer answer = reader.send(
                    form.path.replace("{id}", thing(column, kind)).replace("{entry}", "ent_" + thing(column, kind)),
                    "newOwnerId",
                    "",
                    "name",
                    "N");
            // A session or an invitation that is somebody else's is none: ending it is done already.
            boolean nothing = form.path.startsWith("/account/sessions");
            assertThat(answer.status()).as(column).isIn(nothing ? List.of(303) : List.of(403, 404));
        }
    }

    private static List<Route> inner() {
        return routes().stream()
                .filter(route -> !route.path.endsWith(".css"))
                .filter(route -> !(route.method.equals("GET") ? OPEN : OPEN_FORMS).contains(route.path))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inner")
    void whoeverIsNotSignedInGetsToTheDoor(Route route) {
        TestingReader visitor = TestingReader.visitor(
                ControlFile.read(server.data).orElseThrow().url());
        visitor.open("/sign-in");
        String path = route.path
                .replace("{id}", things.get("owner own key"))
                .replace("{entry}", "ent_1")
                .replace("{conversation}", "cnv_1");
        Answer answer = route.method.equals("GET") ? visitor.open(path) : visitor.send(path);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).startsWith("/sign-in?");
    }
}
