package dev.keyrack.server;

import dev.keyrack.server.accounts.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Somebody of every role of a customer's organization, and an Owner of the operator's; and what is each one's own. */
final class TestingMatrix implements AutoCloseable {
    final Map<String, TestingReader> readers = new LinkedHashMap<>();
    final Map<String, String> things = new LinkedHashMap<>();
    final TestingServer server;

    TestingMatrix() {
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
            entry(id);
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

    @Override
    public void close() {
        server.close();
    }

    /** What of it is meant, as somebody of this role sees it: {@code own key}, {@code other's project}, {@code foreign member}. */
    String thing(String column, String whose) {
        boolean operator = column.equals("operator");
        return switch (whose) {
            case "organization" -> things.get("organization");
            case "own member" -> things.get(column + " member");
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

    /** When everybody typed their password last, in microseconds since 1970. */
    void passwordsTypedAt(long at) {
        server.byHand("UPDATE portal_sessions SET confirmed_at = " + at);
    }

    /** A question and answer of a project: {@code ent_} and its id. */
    void entry(String project) {
        server.byHand("INSERT INTO assistant_entries (id, project_id, position, question, answer, version, updated_at)"
                + " VALUES ('ent_" + project + "', '" + project + "', 1, 'Q', 'A', 1, 0)");
    }

    /** Something of this kind that nobody has touched. */
    String fresh(String column, String whose) {
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
}
