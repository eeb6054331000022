package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Promise: every role does at every endpoint what the table of roles allows, with what is their own, another member's and
 * another organization's, and nothing else; what is refused stays as it is.
 */
@TestInstance(Lifecycle.PER_CLASS)
class PermissionMatrixTest {
    /**
     * What each call is answered with. The first five are members of a customer's organization, the last two of the one
     * that runs the installation, each with their own organization's things. {@code id} stands for the key, project or
     * organization that the row is about; a row without an address is about the one above.
     */
    private static final String TABLE = """
                                                |                                 |          | customer's                             | operator's
        call                                    | body                            | whose    | owner admin developer support analytics | owner developer
        GET    /api/v1/keys                     |                                 | -        |  200   200     200      200      200    |  200    200
        POST   /api/v1/keys                     | {'name':'K','type':'web','projectId':'id'} | own | 201 201    201      403      403    |  201    201
                                                | {'name':'K','type':'web','projectId':'id'} | other's | 201 201 400     403      403    |  201    400
                                                | {'name':'K','type':'web','projectId':'id'} | foreign | 400 400 400     403      403    |  400    400
                                                | {'name':'K','type':'server','projectId':'id','permissions':['keys.verify']}    | own | 201 201 403 403 403 | 201 403
                                                | {'name':'K','type':'server','projectId':'id','permissions':['keys.replicate']} | own | 201 201 403 403 403 | 201 403
        GET    /api/v1/keys/{id}                |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        PATCH  /api/v1/keys/{id}                | {'name':'New'}                  | own      |  200   200     200      403      403    |  200    200
                                                | {'name':'New'}                  | other's  |  200   200     404      403      403    |  200    404
                                                | {'name':'New'}                  | foreign  |  404   404     404      404      404    |  404    404
                                                | {'ownerId':'me'}                | own      |  200   200     403      403      403    |  200    403
                                                | {'ownerId':'me'}                | other's  |  200   200     404      403      403    |  200    404
                                                | {'ownerId':'me'}                | foreign  |  404   404     404      404      404    |  404    404
        DELETE /api/v1/keys/{id}                |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/keys/{id}/disable        |                                 | own      |  200   200     200      200      403    |  200    200
                                                |                                 | other's  |  200   200     404      200      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/keys/{id}/enable         |                                 | own      |  200   200     200      200      403    |  200    200
                                                |                                 | other's  |  200   200     404      200      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/keys/{id}/regenerate     | {'overlapSeconds':60}           | own      |  200   200     200      403      403    |  200    200
                                                | {'overlapSeconds':60}           | other's  |  200   200     404      403      403    |  200    404
                                                | {'overlapSeconds':60}           | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/keys/{id}/end-overlap    |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/keys/{id}/reveal         |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/keys/{id}/simulate       |                                 | own      |  200   200     200      200      403    |  200    200
                                                |                                 | other's  |  200   200     404      200      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/keys/{id}/refusals       |                                 | own      |  200   200     200      200      403    |  200    200
                                                |                                 | other's  |  200   200     404      200      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/keys/{id}/component      |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        PATCH  /api/v1/keys/{id}/component      | {'title':'New'}                 | own      |  200   200     200      403      403    |  200    200
                                                | {'title':'New'}                 | other's  |  200   200     404      403      403    |  200    404
                                                | {'title':'New'}                 | foreign  |  404   404     404      404      404    |  404    404
        PUT    /api/v1/keys/{id}/hosted-page    |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        DELETE /api/v1/keys/{id}/hosted-page    |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/keys/{id}/events         |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/projects                 |                                 | -        |  200   200     200      200      200    |  200    200
        POST   /api/v1/projects                 | {'name':'P'}                    | -        |  201   201     201      403      403    |  201    201
        GET    /api/v1/projects/{id}            |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        PATCH  /api/v1/projects/{id}            | {'name':'New'}                  | own      |  200   200     200      403      403    |  200    200
                                                | {'name':'New'}                  | other's  |  200   200     404      403      403    |  200    404
                                                | {'name':'New'}                  | foreign  |  404   404     404      404      404    |  404    404
                                                | {'ownerId':'me'}                | own      |  200   200     403      403      403    |  200    403
                                                | {'ownerId':'me'}                | other's  |  200   200     404      403      403    |  200    404
                                                | {'ownerId':'me'}                | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/keys/{id}/identity-keys |  | own | 200 200 200 200 200 | 200 200
                 |  | other's | 200 200 404 200 200 | 200 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        POST   /api/v1/keys/{id}/identity-keys | {} | own | 201 201 201 403 403 | 201 201
                 | {} | other's | 201 201 404 403 403 | 201 404
                 | {} | foreign | 404 404 404 404 404 | 404 404
        DELETE /api/v1/keys/{id}/identity-keys/{kid} |  | own | 200 200 200 403 403 | 200 200
                 |  | other's | 200 200 404 403 403 | 200 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        GET    /api/v1/projects/{id}/conversations |  | own | 200 200 200 200 403 | 200 200
                 |  | other's | 200 200 404 200 403 | 200 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        GET    /api/v1/projects/{id}/conversations/{conversation} |  | own | 200 200 200 200 403 | 200 200
                 |  | other's | 200 200 404 200 403 | 200 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        GET    /api/v1/projects/{id}/chat |  | own | 200 200 200 200 200 | 200 200
                 |  | other's | 200 200 404 200 200 | 200 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        POST   /api/v1/projects/{id}/chat/conversations | {} | own | 201 201 201 201 201 | 201 201
                 | {} | other's | 201 201 404 201 201 | 201 404
                 | {} | foreign | 404 404 404 404 404 | 404 404
        GET    /api/v1/projects/{id}/chat/conversations/{conversation}/messages |  | own | 404 404 404 404 404 | 404 404
                 |  | other's | 404 404 404 404 404 | 404 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        POST   /api/v1/projects/{id}/chat/conversations/{conversation}/messages | {'text':'Hello'} | own | 404 404 404 404 404 | 404 404
                 | {'text':'Hello'} | other's | 404 404 404 404 404 | 404 404
                 | {'text':'Hello'} | foreign | 404 404 404 404 404 | 404 404
        POST   /api/v1/projects/{id}/chat/conversations/{conversation}/close |  | own | 404 404 404 404 404 | 404 404
                 |  | other's | 404 404 404 404 404 | 404 404
                 |  | foreign | 404 404 404 404 404 | 404 404
        GET    /api/v1/projects/{id}/assistant  |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        PATCH  /api/v1/projects/{id}/assistant  | {'faq':{'fallback':'No.'}}      | own      |  200   200     200      403      403    |  200    200
                                                | {'faq':{'fallback':'No.'}}      | other's  |  200   200     404      403      403    |  200    404
                                                | {'faq':{'fallback':'No.'}}      | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/projects/{id}/assistant/webhook-secret |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/projects/{id}/assistant/webhook-secret/end-overlap |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/projects/{id}/assistant/try | {'text':'Hi'}                   | own      |  200   200     200      403      403    |  200    200
                                                | {'text':'Hi'}                   | other's  |  200   200     404      403      403    |  200    404
                                                | {'text':'Hi'}                   | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/projects/{id}/assistant/entries |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/projects/{id}/assistant/entries | {'question':'Q','answer':'A'}   | own      |  201   201     201      403      403    |  201    201
                                                | {'question':'Q','answer':'A'}   | other's  |  201   201     404      403      403    |  201    404
                                                | {'question':'Q','answer':'A'}   | foreign  |  404   404     404      404      404    |  404    404
        PUT    /api/v1/projects/{id}/assistant/entries | question,answer                 | own      |  200   200     200      403      403    |  200    200
                                                | question,answer                 | other's  |  200   200     404      403      403    |  200    404
                                                | question,answer                 | foreign  |  404   404     404      404      404    |  404    404
        POST   /api/v1/projects/{id}/assistant/entries/import | question,answer                 | own      |  200   200     200      403      403    |  200    200
                                                | question,answer                 | other's  |  200   200     404      403      403    |  200    404
                                                | question,answer                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/projects/{id}/assistant/entries/export |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/projects/{id}/assistant/entries/{entry} |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | other's  |  200   200     404      200      200    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        PATCH  /api/v1/projects/{id}/assistant/entries/{entry} | {'answer':'B'}                  | own      |  200   200     200      403      403    |  200    200
                                                | {'answer':'B'}                  | other's  |  200   200     404      403      403    |  200    404
                                                | {'answer':'B'}                  | foreign  |  404   404     404      404      404    |  404    404
        DELETE /api/v1/projects/{id}/assistant/entries/{entry} |                                 | own      |  200   200     200      403      403    |  200    200
                                                |                                 | other's  |  200   200     404      403      403    |  200    404
                                                |                                 | foreign  |  404   404     404      404      404    |  404    404
        GET    /api/v1/permissions              |                                 | -        |  200   200     200      200      200    |  200    200
        PUT    /api/v1/permissions              | {'permissions':[]}              | -        |  403   403     403      403      403    |  200    403
        POST   /api/v1/setup                    | {'name':'O','subdomain':'new','ownerEmail':'o@example.com'} | - | 404 404 404 404 404 | 404 404
        POST   /api/v1/recovery-links           | {'email':'owner@example.com'}   | -        |  404   404     404      404      404    |  404    404
        GET    /api/v1/organizations            |                                 | -        |  200   200     200      200      200    |  200    200
        POST   /api/v1/organizations            | {'name':'O','subdomain':'new','ownerEmail':'o@example.com'} | - | 403 403 403 403 403 | 201 403
        GET    /api/v1/organizations/{id}       |                                 | own      |  200   200     200      200      200    |  200    200
                                                |                                 | foreign  |  404   404     404      404      404    |  200    404
        PATCH  /api/v1/organizations/{id}       | {'name':'New'}                  | own      |  200   200     403      403      403    |  200    403
                                                | {'name':'New'}                  | foreign  |  404   404     404      404      404    |  200    404
        PUT    /api/v1/organizations/{id}/logo  | picture                         | own      |  200   200     403      403      403    |  200    403
                                                | picture                         | foreign  |  404   404     404      404      404    |  200    404
        DELETE /api/v1/organizations/{id}/logo  |                                 | own      |  200   200     403      403      403    |  200    403
                                                |                                 | foreign  |  404   404     404      404      404    |  200    404
        POST   /api/v1/organizations/{id}/suspend|                                 | own      |  403   403   403   403   403 |  409    403
                                               |                                 | foreign  |  404   404   404   404   404 |  200    404
        POST   /api/v1/organizations/{id}/resume|                                 | own      |  403   403   403   403   403 |  409    403
                                               |                                 | foreign  |  404   404   404   404   404 |  200    404
        DELETE /api/v1/organizations/{id}      |                                 | own      |  200   403   403   403   403 |  409    403
                                               |                                 | foreign  |  404   404   404   404   404 |  200    404
        GET    /api/v1/members                 |                                 | -        |  200   200   403   403   403 |  200    403
        GET    /api/v1/members/{id}            |                                 | own      |  200   200   200   200   200 |  200    200
                                               |                                 | other's  |  200   200   403   403   403 |  200    403
                                               |                                 | foreign  |  404   404   403   403   403 |  404    403
        PATCH  /api/v1/members/{id}            | {'name':'New'}                  | own      |  200   200   200   200   200 |  200    200
                                               | {'name':'New'}                  | other's  |  200   200   403   403   403 |  200    403
                                               | {'name':'New'}                  | foreign  |  404   404   403   403   403 |  404    403
        DELETE /api/v1/members/{id}            |                                 | own      |  200   200   200   200   200 |  200    200
                                               |                                 | other's  |  200   200   403   403   403 |  200    403
                                               |                                 | foreign  |  404   404   403   403   403 |  404    403
        POST   /api/v1/members/{id}/recovery-link|                                 | own      |  403   403   403   403   403 |  403    403
                                               |                                 | other's  |  200   200   403   403   403 |  200    403
                                               |                                 | foreign  |  404   404   403   403   403 |  404    403
        GET    /api/v1/invitations             |                                 | -        |  200   200   403   403   403 |  200    403
        POST   /api/v1/invitations             | {'email':'x@example.com','role':'support'}| -        |  201   201   403   403   403 |  201    403
        DELETE /api/v1/invitations/{id}        |                                 | own      |  200   200   403   403   403 |  200    403
                                               |                                 | other's  |  200   200   403   403   403 |  200    403
                                               |                                 | foreign  |  404   404   403   403   403 |  404    403
        POST   /api/v1/me/password             | {'current':'x','password':'seven grey boats'}| -        |  409   409   409   409   409 |  409    409
        GET    /api/v1/me                       |                                 | -        |  200   200     200      200      200    |  200    200
        POST   /api/v1/me/token                 |                                 | -        |  200   200     200      200      200    |  200    200
        DELETE /api/v1/me/token                 |                                 | -        |  204   204     204      204      204    |  204    204
        GET    /api/v1/audit                    |                                 | -        |  200   200     403      403      403    |  200    403
        GET    /api/v1/audit/anchors            |                                 | -        |  200   200     403      403      403    |  200    403
        POST   /api/v1/audit/verify             |                                 | -        |  403   403     403      403      403    |  200    403
        GET    /api/v1/nodes                    |                                 | -        |  403   403     403      403      403    |  200    403
        """;

    /** What asks for no member: codes, keys and load balancers. */
    private static final Set<String> OF_NO_ROLE = Set.of(
            "POST /api/v1/recover",
            "POST /api/v1/welcome",
            "POST /api/v1/forgotten",
            "POST /api/v1/invitations/accept",
            "GET /assistant/v1/components/{id}",
            "POST /assistant/v1/sessions",
            "DELETE /assistant/v1/sessions/current",
            "POST /assistant/v1/conversations",
            "GET /assistant/v1/conversations/{id}",
            "POST /assistant/v1/conversations/{id}/messages",
            "GET /assistant/v1/conversations/{id}/stream",
            "POST /assistant/v1/conversations/{id}/cancel",
            "POST /assistant/v1/conversations/{id}/end",
            "POST /assistant/v1/conversations/{id}/messages/{message}/rating",
            "POST /v1/verify",
            "GET /v1/authorize",
            "POST /v1/introspect",
            "GET /health/live",
            "GET /health/ready",
            "GET /metrics");

    /** What turns an organization off, with all its members. */
    private static final Set<String> OFF =
            Set.of("DELETE /api/v1/organizations/{id}", "POST /api/v1/organizations/{id}/suspend");

    /** In the order of the table. */
    private static final List<Role> CUSTOMERS =
            List.of(Role.OWNER, Role.ADMIN, Role.DEVELOPER, Role.SUPPORT, Role.ANALYTICS);

    private static final List<Role> OPERATORS = List.of(Role.OWNER, Role.DEVELOPER);

    private record Row(String method, String path, String body, String whose, List<Integer> expected) {
        String call() {
            return method + " " + path;
        }

        /** What the row is about: {@code keys}, {@code projects}, {@code members} and so on. */
        String kind() {
            return path.equals("/api/v1/keys") ? "projects" : path.split("/", -1)[3];
        }

        Answer by(TestingClient client, String id, String me) {
            // Under chat, only the conversation of the caller is there: that there is none is told to those who may
            // ask.
            String target = path.replace("{id}", id)
                    .replace("{kid}", "idk_" + id)
                    .replace("{conversation}", "cnv_" + id)
                    .replace("{entry}", "ent_" + id);
            if (body.equals("question,answer")) {
                return client.send(method, target, "text/csv", body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            if (body.equals("picture")) {
                return client.send(method, target, "image/png", TestingPicture.png(4, 4));
            }
            String sent = body.replace("'id'", "'" + id + "'").replace("'me'", "'" + me + "'");
            return switch (method) {
                case "GET" -> client.get(target);
                case "DELETE" -> client.delete(target);
                case "PATCH" -> client.patch(target, sent);
                case "PUT" ->
                    client.send(
                            "PUT",
                            target,
                            "application/json",
                            sent.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
                default -> sent.isEmpty() ? client.post(target) : client.post(target, sent);
            };
        }

        @Override
        public String toString() {
            return call() + " " + body + " " + whose;
        }
    }

    /** Somebody of a role, with the others whose things they meet. */
    private record Subject(String name, TestingClient client, String id, Side side) {}

    /** An organization: its first owner, a project, and a colleague of all its members. */
    private record Side(String organization, String project, TestingClient owner, String colleague) {}

    private TestingServer server;
    private Side customer;
    private Side operator;
    private List<Subject> subjects;

    /** Objects that calls have left as they were, by kind and owner. */
    private final Map<String, String> unchanged = new HashMap<>();

    @BeforeAll
    void start() {
        server = TestingServer.start();
        operator = side(server.organization, server.project, server.owner);
        customer = side(server.otherOrganization, server.otherProject, server.other);
        subjects = subjects();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Side side(String organization, String project, TestingClient owner) {
        return new Side(organization, project, owner, me(server.member(Role.DEVELOPER, organization)));
    }

    private static String me(TestingClient client) {
        return client.get("/api/v1/me").at("/member/id");
    }

    private List<Subject> subjects() {
        return Stream.concat(
                        CUSTOMERS.stream().map(role -> subject(role, customer)),
                        OPERATORS.stream().map(role -> subject(role, operator)))
                .toList();
    }

    private Subject subject(Role role, Side side) {
        TestingClient client = server.member(role, side.organization());
        return new Subject((side == operator ? "operator's " : "customer's ") + role.text(), client, me(client), side);
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String[] call = {};
        for (String line : TABLE.lines().skip(2).toList()) {
            String[] cells = line.split("\\|");
            call = cells[0].isBlank() ? call : cells[0].strip().split(" +");
            rows.add(new Row(
                    call[0],
                    call[1],
                    cells[1].strip(),
                    cells[2].strip(),
                    Stream.of((cells[3] + cells[4]).strip().split(" +"))
                            .map(Integer::valueOf)
                            .toList()));
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRoleIsAnsweredAsTheTableSays(Row row) {
        Map<String, Integer> expected = new LinkedHashMap<>();
        Map<String, Integer> answered = new LinkedHashMap<>();
        boolean ends = row.path().endsWith("/me/token") || row.call().equals("DELETE /api/v1/members/{id}");
        List<Subject> callers = ends ? subjects() : subjects;
        for (int i = 0; i < callers.size(); i++) {
            Subject subject = callers.get(i);
            expected.put(subject.name(), row.expected().get(i));
            answered.put(subject.name(), status(row, subject));
        }
        assertThat(answered).isEqualTo(expected);
    }

    private int status(Row row, Subject subject) {
        if (row.whose().equals("-")) {
            return row.by(subject.client(), "", subject.id()).status();
        }
        Side side = row.whose().equals("foreign") ? opposite(subject.side()) : subject.side();
        String owner = row.whose().equals("own") ? subject.id() : side.colleague();
        String id = row.kind().equals("organizations")
                ? side.organization()
                : row.kind().equals("members") && row.whose().equals("own")
                        ? subject.id()
                        : unchanged.computeIfAbsent(row.kind() + owner, none -> made(row.kind(), side, owner));
        // Whoever may take it back needs something to take back; of the others, nobody is refused because of it.
        boolean resumes = row.path().endsWith("/resume") && subject.side() == operator;
        if (resumes) {
            server.operator.post("/api/v1/organizations/" + id + "/suspend");
        }
        String before = now(row, side, id);
        Answer answer = row.by(subject.client(), id, subject.id());
        if (answer.status() >= 400) {
            assertThat(now(row, side, id)).as("what was refused is as it was").isEqualTo(before);
        } else if (!row.method().equals("GET")) {
            unchanged.remove(row.kind() + owner);
        }
        if (resumes || (OFF.contains(row.call()) && answer.status() == 200)) {
            // Else the others would be refused for that, and not for their role.
            server.operator.post("/api/v1/organizations/" + id + "/resume");
        }
        if (answer.status() == 404) {
            Answer absent = row.by(subject.client(), "00000000000", subject.id());
            assertThat(withoutId(answer)).as("as what does not exist").isEqualTo(withoutId(absent));
        }
        return answer.status();
    }

    /** A call that takes a body. */
    private static Stream<Row> written() {
        return rows().stream()
                .filter(row -> row.body().startsWith("{") && !row.whose().equals("foreign"));
    }

    /** Else a body would tell more than a role may know, and a role that falls short would be blamed on the body. */
    @ParameterizedTest
    @MethodSource("written")
    void bodyThatFitsNothingIsRefusedForWhoSentIt(Row row) {
        Row wrong = new Row(row.method(), row.path(), "{'wrong':true}", row.whose(), row.expected());
        for (int i = 0; i < subjects.size(); i++) {
            int column = i;
            // Some may send another body than this one.
            boolean never = written()
                    .filter(other ->
                            other.call().equals(row.call()) && other.whose().equals(row.whose()))
                    .allMatch(other -> other.expected().get(column) == 403);
            if (never) {
                assertThat(status(wrong, subjects.get(i)))
                        .as("answered to " + subjects.get(i).name())
                        .isEqualTo(403);
            }
        }
    }

    private Side opposite(Side side) {
        return side == operator ? customer : operator;
    }

    private String now(Row row, Side side, String id) {
        // Of an organization as the operator sees it, because its own members see nothing while it is suspended.
        TestingClient by = row.kind().equals("organizations") ? server.operator : side.owner();
        Answer now = by.get("/api/v1/" + row.kind() + (row.kind().equals("invitations") ? "" : "/" + id));
        assertThat(now.status()).isEqualTo(200);
        return now.text();
    }

    /** A new key or project of this member; a new member or invitation. */
    private String made(String kind, Side side, String owner) {
        if (kind.equals("members")) {
            return me(server.member(Role.SUPPORT, side.organization()));
        }
        if (kind.equals("invitations")) {
            String body = "{'email':'" + java.util.UUID.randomUUID() + "@example.com','role':'support'}";
            return side.owner().post("/api/v1/invitations", body).at("/invitation/id");
        }
        Answer made = side.owner()
                .post(
                        "/api/v1/" + kind,
                        kind.equals("projects")
                                ? "{'name':'P'}"
                                : "{'name':'K','type':'web','projectId':'" + side.project() + "'}");
        Answer given = side.owner().patch(made.header("Location"), "{'ownerId':'" + owner + "'}");
        assertThat(given.status()).as(given.text()).isEqualTo(200);
        String id = made.header("Location").replaceFirst(".*/", "");
        if (kind.equals("projects")) {
            server.byHand(
                    "INSERT INTO assistant_entries (id, project_id, position, question, answer, version, updated_at)"
                            + " VALUES ('ent_" + id + "', '" + id + "', 1, 'Q', 'A', 1, 0)",
                    "INSERT INTO visitors (id, organization_id, project_id, created_at, seen_at) VALUES ('vis_" + id
                            + "', '" + side.organization() + "', '" + id + "', 0, 0)",
                    "INSERT INTO conversations (id, organization_id, project_id, visitor_id, state, visitor_messages,"
                            + " messages, once, started_at, changed_at) VALUES ('cnv_" + id + "', '"
                            + side.organization() + "', '" + id + "', 'vis_" + id + "', 'open', 0, 0, 'x', 0, 0)");
        } else {
            server.byHand("INSERT INTO identity_keys (kid, key_id, created_at, created_by_kind, created_by_id,"
                    + " created_by_name) VALUES ('idk_" + id + "', '" + id + "', 1, 'member', 'mem_x', 'Somebody')");
        }
        return id;
    }

    private static JsonNode withoutId(Answer answer) {
        ObjectNode json = (ObjectNode) answer.json();
        json.remove("requestId");
        return json;
    }

    /** The address names one's own, and then a thing of somebody else's. */
    @Test
    void thingOfAnotherIsNotThereUnderOnesOwn() {
        TestingClient owner = customer.owner();
        String me = me(owner);
        for (Side side : List.of(customer, operator)) {
            String theirs = me(side.owner());
            String key = made("keys", customer, me) + "/identity-keys/idk_" + made("keys", side, theirs);
            String mine = "/api/v1/projects/" + made("projects", customer, me);
            String project = made("projects", side, theirs);
            String entry = mine + "/assistant/entries/ent_" + project;
            assertThat(List.of(
                            owner.delete("/api/v1/keys/" + key),
                            owner.get(entry),
                            owner.patch(entry, "{'answer':'B'}"),
                            owner.delete(entry),
                            owner.get(mine + "/conversations/cnv_" + project)))
                    .extracting(Answer::status)
                    .containsOnly(404);
            assertThat(side.owner()
                            .get("/api/v1/projects/" + project + "/assistant/entries/ent_" + project)
                            .at("/entry/answer"))
                    .isEqualTo("A");
        }
    }

    @Test
    void everyEndpointOfTheContractStandsInTheTable() {
        Set<String> ofContract = Contract.addresses().entrySet().stream()
                .flatMap(address -> address.getValue().stream().map(method -> method + " " + address.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = rows().stream().map(Row::call).collect(Collectors.toCollection(TreeSet::new));
        known.addAll(OF_NO_ROLE);
        assertThat(known).as("add rows for what is missing, in %s", getClass()).isEqualTo(ofContract);
    }

    @Test
    void everyEndpointAboutAnObjectIsTriedWithEveryKindOfIt() {
        Map<String, Set<String>> tried = new TreeMap<>();
        rows().stream()
                .filter(row -> row.path().contains("{id}"))
                .forEach(row -> tried.computeIfAbsent(row.call(), call -> new TreeSet<>())
                        .add(row.whose()));
        tried.forEach((call, whose) -> assertThat(whose)
                .as(call)
                .containsAll(
                        call.contains("/organizations/")
                                ? Set.of("own", "foreign")
                                : Set.of("own", "other's", "foreign")));
    }
}
