package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.PageMatrixTest.Row;
import dev.keyrack.server.accounts.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise: by a form every role does what the table of roles lets it do, to what is their own, another member's and another
 * organization's, and nothing else; no form is taken from anywhere but a page of ours.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FormMatrixTest {
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

    /**
     * Who may send a form, about what is their own and what is another's: an owner (o), admin (a), developer (d), support (s) and
     * analytics (n) of a customer, and an owner of the operator's (p). Everybody else is refused, and nothing changes. Nobody: what it
     * would end or replace is not there. Of many keys at once, each is decided by itself, and here there are none.
     */
    private static final String FORMS = """
        /audit/verify                                        | oa---p
        /projects/new                                        | oad--p
        /projects/{id}/edit                                  | oad--p | oa---p
        /projects/{id}/assistant                             | oad--p | oa---p
        /projects/{id}/assistant/try                         | oad--p | oa---p
        /projects/{id}/assistant/webhook-secret              | oad--p | oa---p
        /projects/{id}/assistant/webhook-secret/end-overlap  | oad--p | oa---p
        /projects/{id}/assistant/questions/import            | oad--p | oa---p
        /projects/{id}/assistant/questions/new               | oad--p | oa---p
        /projects/{id}/assistant/questions/{entry}/delete    | oad--p | oa---p
        /projects/{id}/assistant/questions/{entry}/edit      | oad--p | oa---p
        /projects/{id}/credentials/generate                  | oad--p | oa---p
        /projects/{id}/credentials/reset                     | ------ | ------
        /projects/{id}/credentials/end-overlap               | ------ | ------
        /settings/api-keys/new                               | oad--p
        /settings/api-keys/bulk                              | oadsnp
        /settings/api-keys/{id}/copy                         | oad--p | oa---p
        /settings/api-keys/{id}/reveal                       | oad--p | oa---p
        /settings/api-keys/{id}/edit                         | oad--p | oa---p
        /settings/api-keys/{id}/disable                      | oads-p | oa-s-p
        /settings/api-keys/{id}/enable                       | oads-p | oa-s-p
        /settings/api-keys/{id}/regenerate                   | oad--p | oa---p
        /settings/api-keys/{id}/end-overlap                  | oad--p | oa---p
        /settings/api-keys/{id}/revoke                       | oad--p | oa---p
        /settings/api-keys/{id}/restrictions                 | oad--p | oa---p
        /settings/api-keys/{id}/restrictions/local           | oad--p | oa---p
        /settings/api-keys/{id}/restrictions/local/end       | oad--p | oa---p
        /settings/api-keys/{id}/component                    | oad--p | oa---p
        /settings/api-keys/{id}/component/draft              | oadsnp | oa-snp
        /settings/api-keys/{id}/component/hosted             | oad--p | oa---p
        /settings/api-keys/{id}/identity-keys                | oad--p | oa---p
        /settings/api-keys/{id}/identity-keys/end            | ------ | ------
        /settings/api-credentials/new                        | oad--p
        /settings/api-credentials/{id}/edit                  | oad--p | oa---p
        /settings/api-credentials/{id}/refresh               | oad--p | oa---p
        /settings/api-credentials/{id}/disable               | oads-p | oa-s-p
        /settings/api-credentials/{id}/enable                | oads-p | oa-s-p
        /settings/api-credentials/{id}/delete                | oad--p | oa---p
        /settings/organization                               | oa---p
        /settings/organization/logo                          | oa---p
        /settings/organization/logo/remove                   | oa---p
        /settings/organization/delete                        | o----p
        /settings/permissions                                | -----p
        /members/invitations/new                             | oa---p
        /members/invitations/{id}/delete                     | ------
        /members/{id}/edit                                   | oa---p
        /members/{id}/remove                                 | oa---p
        /members/{id}/recovery                               | oa---p
        /operator/organizations/new                          | -----p
        /operator/organizations/{id}/suspend                 | -----p
        /operator/organizations/{id}/resume                  | -----p
        /operator/organizations/{id}/recovery                | ------
        """;

    /** What is about the reader's own account is for everybody. */
    private static final String OWN = "/account|/sign-out";

    /** What those who may are not let do here, since nobody could go on afterwards. */
    private static final Set<String> NOT_DONE = Set.of("/operator/organizations/{id}/suspend", "/settings/permissions");

    /** @param may by the letters of {@link #FORMS}, who may send it */
    private record Form(String path, String whose, String may) {
        @Override
        public String toString() {
            return path + " " + whose;
        }
    }

    private static final Map<String, String> LETTERS =
            Map.of("owner", "o", "admin", "a", "developer", "d", "support", "s", "analytics", "n", "operator", "p");

    private TestingMatrix matrix;

    @BeforeAll
    void start() {
        matrix = new TestingMatrix();
    }

    @AfterAll
    void stop() {
        matrix.close();
    }

    private static List<Row> acts() {
        return PageMatrixTest.rows(ACTS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acts")
    void everyRoleDoesWhatItMayAndNothingElseHappens(Row row) {
        List<Integer> answers = new ArrayList<>();
        for (String column : matrix.readers.keySet()) {
            String id = matrix.fresh(column, row.whose());
            TestingReader reader = matrix.readers.get(column);
            reader.open("/account");
            Map<String, List<List<Object>>> before = matrix.server.things();
            Answer answer = reader.send(row.page().replace("{id}", id), "name", "Renamed by " + column);
            answers.add(answer.status());
            if (answer.status() >= 400) {
                assertThat(matrix.server.things()).as(column).isEqualTo(before);
            }
        }
        assertThat(answers).isEqualTo(row.answers());
    }

    private static List<PortalRoute> forms() {
        return PortalRoute.forms();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void noFormIsTakenFromElsewhere(PortalRoute form) {
        String path =
                form.path().replace("{id}", matrix.things.get("owner own key")).replace("{entry}", "ent_1");
        // Of the forms that only the operator's people may send, nobody else is told by the token that they may not.
        TestingReader reader = matrix.readers.get(
                form.path().startsWith("/operator") || form.path().equals("/settings/permissions")
                        ? "operator"
                        : "owner");
        Map<String, List<List<Object>>> before = matrix.server.things();
        assertThat(reader.sendOnly(path).status()).as("without a token").isEqualTo(403);
        assertThat(reader.sendOnly(path, "csrf", "AAAA").status())
                .as("with another token")
                .isEqualTo(403);
        assertThat(matrix.server.things()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void foreignThingsAreNotThereForForms(PortalRoute form) {
        if (!form.path().contains("{id}")) {
            return;
        }
        for (String column : matrix.readers.keySet()) {
            if (form.path().startsWith("/operator")) {
                // To whoever runs the installation, no organization is a foreign one.
                if (!column.equals("operator")) {
                    TestingReader customer = matrix.readers.get(column);
                    customer.open("/account");
                    assertThat(customer.send(form.path().replace("{id}", matrix.server.organization))
                                    .status())
                            .as(column)
                            .isIn(403, 404);
                }
                continue;
            }
            String kind = form.path().startsWith("/projects")
                    ? "foreign project"
                    : form.path().startsWith("/members")
                            ? "foreign member"
                            : form.path().startsWith("/settings/api-credentials")
                                    ? "foreign server key"
                                    : "foreign key";
            TestingReader reader = matrix.readers.get(column);
            reader.open("/account");
            Answer answer = reader.send(
                    form.path()
                            .replace("{id}", matrix.thing(column, kind))
                            .replace("{entry}", "ent_" + matrix.thing(column, kind)),
                    "newOwnerId",
                    "",
                    "name",
                    "N");
            // A session or an invitation that is somebody else's is none: ending it is done already.
            boolean nothing = form.path().startsWith("/account/sessions");
            assertThat(answer.status()).as(column).isIn(nothing ? List.of(303) : List.of(403, 404));
        }
    }

    private static List<Form> allowed() {
        return FORMS.lines()
                .map(line -> line.strip().split("\\s*\\|\\s*"))
                .flatMap(cells -> IntStream.range(1, cells.length)
                        .mapToObj(i -> new Form(cells[0], i == 1 ? "own" : "other's", cells[i])))
                .toList();
    }

    @Test
    void noFormIsForgotten() {
        Set<String> told = new TreeSet<>(PortalRoute.OPEN_FORMS);
        FORMS.lines().forEach(line -> told.add(line.strip().split("\\s*\\|")[0]));
        assertThat(PortalRoute.forms().stream().map(PortalRoute::path).filter(path -> !path.matches("(" + OWN + ").*")))
                .containsExactlyInAnyOrderElementsOf(told);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allowed")
    void formIsRefusedToWhoeverMayNotSendIt(Form form) {
        StringBuilder sent = new StringBuilder();
        for (String column : matrix.readers.keySet()) {
            String letter = LETTERS.get(column);
            if (NOT_DONE.contains(form.path) && form.may.contains(letter)) {
                sent.append(letter);
                continue;
            }
            String id = form.path.contains("{id}") ? subject(form, column) : "";
            TestingReader reader = matrix.readers.get(column);
            reader.open("/account");
            Map<String, List<List<Object>>> before = matrix.server.things();
            String path = form.path.replace("{id}", id).replace("{entry}", "ent_" + id);
            if (!form.may.contains(letter)) {
                // What nobody can end here, those who may are asked for first.
                if (!form.may.equals("------")) {
                    matrix.passwordsTypedAt(0);
                    assertThat(reader.send(path).status())
                            .as("%s is not asked for a password that would not help", column)
                            .isIn(403, 404);
                    matrix.passwordsTypedAt(System.currentTimeMillis() * 1_000);
                }
                for (String[] wrong : List.of(new String[0], WRONG)) {
                    assertThat(reader.send(path, wrong).status())
                            .as("a form by %s that does not fit is refused for who sent it", column)
                            .isIn(403, 404);
                }
            }
            Answer answer = reader.send(path, fields(column.equals("operator")));
            boolean refused = answer.status() == 403 || answer.status() == 404;
            if (refused) {
                assertThat(matrix.server.things()).as(column).isEqualTo(before);
            }
            sent.append(refused ? "-" : letter);
        }
        assertThat(sent).hasToString(form.may);
    }

    /** What fits no form. */
    private static final String[] WRONG = Stream.of(
                    "name",
                    "email",
                    "role",
                    "question",
                    "text",
                    "projectId",
                    "backend",
                    "overlap",
                    "overlapSeconds",
                    "expiresAt",
                    "restrictions.observe",
                    "localDevelopment.hours",
                    "button.size")
            .flatMap(field -> Stream.of(field, "wrong ".repeat(100)))
            .toArray(String[]::new);

    /** What any form needs to be understood, so that it is refused for who sent it and nothing else. */
    private String[] fields(boolean operator) {
        return new String[] {
            "name",
            "N",
            "type",
            "server",
            "projectId",
            operator ? matrix.server.project : matrix.server.otherProject,
            "text",
            "Hello?",
            "email",
            "nobody@example.com",
            "role",
            "developer",
            "act",
            "disable",
            "question",
            "Q",
            "answer",
            "A"
        };
    }

    /** What a form is about: something that nobody needs afterwards. */
    private String subject(Form form, String column) {
        boolean operator = column.equals("operator");
        if (form.path.startsWith("/operator")) {
            return matrix.things.get("organization");
        }
        if (form.path.startsWith("/members/invitations")) {
            return "inv_1";
        }
        if (form.path.startsWith("/members")) {
            return (operator
                            ? matrix.server.member(Role.DEVELOPER)
                            : matrix.server.member(Role.DEVELOPER, matrix.server.otherOrganization))
                    .get("/api/v1/me")
                    .at("/member/id");
        }
        String kind = form.path.startsWith("/projects")
                ? "project"
                : form.path.startsWith("/settings/api-credentials") ? "server key" : "key";
        String id = matrix.fresh(column, form.whose + " " + kind);
        if (form.path.contains("{entry}")) {
            matrix.entry(id);
        }
        return id;
    }
}
