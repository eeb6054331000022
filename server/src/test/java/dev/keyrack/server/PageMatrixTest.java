package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Promise: every role sees every page that the table of roles lets it see, with what is their own, another member's and
 * another organization's, and no other; whoever is not signed in gets to the door and no further.
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
                                                           | own member     | 200 200  200     200      200    |  200
                                                           | foreign member | 404 404  403      403      403    |  404
        /members/{id}/remove                               | member   |  200   200     403      403      403    |  200
                                                           | own member     | 200 200  200     200      200    |  200
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
        /settings/organization/delete                      | -        |  200   403     403      403      403    |  409
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

    /** Pages before the door, and files: they know nobody. */
    private static final Set<String> OPEN = Set.of(
            "/", "/sign-in", "/recover", "/invitation", "/forgotten", "/welcome", "/a/{projectId}", "/logo/{name}.png");

    /** @param answers by the columns of the table */
    record Row(String page, String whose, List<Integer> answers) {
        @Override
        public String toString() {
            return page + " " + whose;
        }
    }

    private TestingMatrix matrix;

    @BeforeAll
    void start() {
        matrix = new TestingMatrix();
    }

    @AfterAll
    void stop() {
        matrix.close();
    }

    static List<Row> rows() {
        return rows(PAGES);
    }

    static List<Row> rows(String table) {
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
        for (String column : matrix.readers.keySet()) {
            answers.add(opened(row, column));
        }
        assertThat(answers).isEqualTo(row.answers);
    }

    private int opened(Row row, String column) {
        String id = row.whose.equals("-") ? "" : matrix.thing(column, row.whose);
        return matrix.readers
                .get(column)
                .open(row.page
                        .replace("{id}", id)
                        .replace("{entry}", "ent_" + id)
                        .replace("{conversation}", "cnv_" + id))
                .status();
    }

    /** Whose password was typed long ago, and who may not see a page anyway, hears the latter. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void passwordIsAskedOnlyOfWhoeverMayGoOn(Row row) {
        matrix.passwordsTypedAt(0);
        for (int i = 0; i < row.answers.size(); i++) {
            if (row.answers.get(i) >= 400) {
                String column = List.copyOf(matrix.readers.keySet()).get(i);
                assertThat(opened(row, column)).as(column).isEqualTo(row.answers.get(i));
            }
        }
        matrix.passwordsTypedAt(System.currentTimeMillis() * 1_000);
    }

    @Test
    void noPageIsForgotten() {
        Set<String> expected = new TreeSet<>(OPEN);
        rows().forEach(row -> expected.add(row.page));
        Set<String> found = new TreeSet<>();
        PortalRoute.all().stream()
                .filter(route -> route.method().equals("GET"))
                .map(PortalRoute::path)
                .filter(path -> !path.endsWith(".css"))
                .forEach(found::add);
        // What a form answered is shown again by a reload; those addresses lead back.
        found.removeIf(path -> path.matches(
                ".*/credentials/(generate|reset|end-overlap)|.*/assistant/(webhook-secret(/end-overlap)?|try)"));
        assertThat(found).isEqualTo(expected);
    }

    /** By keyboard, at 320 pixels and at 200 %, with axe, and whatever else is asked of every page. */
    @Test
    void everyPageThatSomebodySeesIsWalkedInTheBrowser() {
        Set<String> walked = new TreeSet<>(TestingPortal.NO_PAGES);
        TestingPortal.walked().values().forEach(rows -> rows.forEach(row -> walked.add(row.page)));
        assertThat(rows().stream().filter(row -> row.answers.contains(200)).map(Row::page))
                .isSubsetOf(walked);
    }

    private static List<PortalRoute> inner() {
        return PortalRoute.all().stream()
                .filter(route -> !route.path().endsWith(".css"))
                .filter(route -> !(route.method().equals("GET") ? OPEN : PortalRoute.OPEN_FORMS).contains(route.path()))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inner")
    void whoeverIsNotSignedInGetsToTheDoor(PortalRoute route) {
        TestingReader visitor = TestingReader.visitor(
                ControlFile.read(matrix.server.data).orElseThrow().url());
        visitor.open("/sign-in");
        String path = route.path()
                .replace("{id}", matrix.things.get("owner own key"))
                .replace("{entry}", "ent_1")
                .replace("{conversation}", "cnv_1");
        Answer answer = route.method().equals("GET") ? visitor.open(path) : visitor.send(path);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).startsWith("/sign-in?");
    }
}
