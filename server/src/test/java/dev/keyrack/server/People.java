package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

/** Members of every role, made as people make them: invited, accepted, and let in by a link. */
final class People {
    static final String PASSWORD = "violet harbour under nine ladders";

    private People() {}

    /** A member with a personal token. */
    record Person(String id, String email, TestingClient client, String token) {
        String path() {
            return "/api/v1/members/" + id;
        }
    }

    /** Invites and accepts. Returns the new member's id. */
    static String join(TestingServer server, TestingClient by, String email, String role) {
        Answer invited = by.post("/api/v1/invitations", "{'email':'" + email + "','role':'" + role + "'}");
        assertThat(invited.status()).as(invited.text()).isEqualTo(201);
        Answer accepted = accept(server, code(invited), PASSWORD);
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(200);
        return accepted.at("/member/id");
    }

    static Person person(TestingServer server, TestingClient by, String email, String role) {
        String id = join(server, by, email, role);
        Answer link = by.post("/api/v1/members/" + id + "/recovery-link");
        assertThat(link.status()).as(link.text()).isEqualTo(200);
        String token = server.nobody
                .post("/api/v1/recover", "{'code':'" + code(link) + "'}")
                .at("/token");
        return new Person(id, email, server.nobody.as("x-api-key", token), token);
    }

    static Answer accept(TestingServer server, String code, String password) {
        return server.nobody.post(
                "/api/v1/invitations/accept",
                "{'code':'" + code + "','name':'Somebody','password':'" + password + "'}");
    }

    /** What stands behind the # of the link in an answer. */
    static String code(Answer answer) {
        String link = answer.at("/link");
        return link.substring(link.indexOf('#') + 1);
    }
}
