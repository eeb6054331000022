package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise: a member's program talks to the assistants of the projects that the member sees, and reads what its role may. */
class ChatTest extends TestingVisits {
    private String chat;

    @BeforeAll
    void findChat() {
        chat = "/api/v1/projects/" + server.project + "/chat";
    }

    private static String id(Answer started) {
        assertThat(started.status()).as(started.text()).isEqualTo(201);
        return started.at("/conversation/id");
    }

    @Test
    void chatIsStartedAnsweredPolledAndClosed() {
        assertThat(server.owner.get(chat).json().at("/available").asBoolean()).isTrue();
        String messages = chat + "/conversations/" + id(server.owner.post(chat + "/conversations")) + "/messages";
        Answer first = server.owner.post(messages, "{'text':'echo one'}");
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(first.at("/reply/text")).isEqualTo("echo one");
        assertThat(first.at("/reply/state")).isEqualTo("complete");
        Answer second = server.owner.post(messages, "{'text':'echo two'}", "Accept", "text/event-stream");
        assertThat(TestingVisitor.text(TestingVisitor.events(second))).isEqualTo("echo two");
        assertThat(server.owner.get(messages).items("/text"))
                .containsExactly("echo one", "echo one", "echo two", "echo two");
        assertThat(server.owner
                        .get(messages + "?after=" + first.at("/reply/id"))
                        .items("/text"))
                .containsExactly("echo two", "echo two");
        assertThat(server.owner.get(messages + "?after=x").pointers()).containsExactly("?after");
        assertThat(server.owner.get(messages + "?since=x").pointers()).containsExactly("?since");
        assertThat(server.owner.post(messages.replace("/messages", "/close")).status())
                .isEqualTo(204);
        assertThat(server.owner.post(messages, "{'text':'echo'}").code()).isEqualTo("CONVERSATION_ENDED");
    }

    @Test
    void repeatedMessageGetsTheSameReply() {
        String messages = chat + "/conversations/" + id(server.owner.post(chat + "/conversations")) + "/messages";
        Answer first = server.owner.post(messages, "{'text':'echo'}", "Idempotency-Key", "k");
        Answer again = server.owner.post(messages, "{'text':'echo'}", "Idempotency-Key", "k");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(server.owner.get(messages).items("/id")).hasSize(2);
    }

    @Test
    void chatIsOfTheMemberWhoStartedItAndOfItsProject() {
        String id = id(server.owner.post(chat + "/conversations"));
        String messages = chat + "/conversations/" + id + "/messages";
        TestingClient admin = server.member(Role.ADMIN);
        assertThat(admin.get(messages).status()).isEqualTo(404);
        assertThat(admin.post(messages, "{'text':'echo'}").status()).isEqualTo(404);
        assertThat(server.other.get(messages).status()).isEqualTo(404);
        String second =
                server.owner.post("/api/v1/projects", "{'name':'Second'}").at("/project/id");
        assertThat(server.owner
                        .get("/api/v1/projects/" + second + "/chat/conversations/" + id + "/messages")
                        .status())
                .isEqualTo(404);
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        assertThat(guest.client().get(TestingVisitor.path(id)).status()).isEqualTo(404);
        assertThat(server.owner
                        .get(chat + "/conversations/" + guest.start() + "/messages")
                        .status())
                .isEqualTo(404);
        assertThat(server.nobody.get(messages).status()).isEqualTo(401);
    }

    @Test
    void transcriptsAreReadPageByPageByThoseWhoMay() {
        String project =
                server.owner.post("/api/v1/projects", "{'name':'Read'}").at("/project/id");
        String list = "/api/v1/projects/" + project + "/conversations";
        String own = "/api/v1/projects/" + project + "/chat/conversations";
        List<String> made = List.of(id(server.owner.post(own)), id(server.owner.post(own)), id(server.owner.post(own)));
        server.owner.post(own + "/" + made.getFirst() + "/messages", "{'text':'echo'}");
        Answer first = server.owner.get(list + "?limit=2");
        assertThat(first.items("/id")).containsExactly(made.get(2), made.get(1));
        Answer second = server.owner.get(list + "?limit=2&cursor=" + first.at("/next"));
        assertThat(second.items("/id")).containsExactly(made.getFirst());
        assertThat(second.json().at("/next").isNull()).isTrue();
        String visitor = first.items("/visitor/id").getFirst();
        assertThat(server.owner.get(list + "?search=" + visitor).items("/id")).containsExactly(made.get(2));
        assertThat(server.owner.get(list + "?search=" + made.get(1)).items("/id"))
                .containsExactly(made.get(1));
        server.byHand("UPDATE visitors SET customer = 'c-1', name = 'Jane' WHERE id = '" + visitor + "'");
        assertThat(server.owner.get(list + "?search=c-1").items("/id")).containsExactly(made.get(2));
        for (String none : List.of("c-2", "Jane", visitor.substring(0, 8))) {
            assertThat(server.owner.get(list + "?search=" + none).items("/id"))
                    .as(none)
                    .isEmpty();
        }
        String elsewhere = "/api/v1/projects/" + server.project + "/conversations?search=";
        for (String whose : List.of("c-1", visitor, made.get(1))) {
            assertThat(server.owner.get(elsewhere + whose).items("/id")).isEmpty();
        }
        TestingClient support = server.member(Role.SUPPORT);
        Answer read = support.get(list + "/" + made.getFirst());
        assertThat(read.at("/messages/1/text")).isEqualTo("echo");
        assertThat(read.json().at("/conversation/keyId").isNull()).isTrue();
        assertThat(server.member(Role.ANALYTICS).get(list).status()).isEqualTo(403);
        assertThat(server.other.get(list).status()).isEqualTo(404);
        assertThat(support.get("/api/v1/projects/" + server.project + "/conversations/" + made.getFirst())
                        .status())
                .isEqualTo(404);
    }
}
