package dev.keyrack.server;

import static dev.keyrack.server.IdempotencyTest.assertRefused;
import static dev.keyrack.server.IdempotencyTest.replayed;
import static dev.keyrack.server.TestingVisitor.fresh;
import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.Repeatable.Call;
import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.TestingVisitor.Event;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise: what others have of an organization ends with its deletion, what is being said to them too, and is there again as it
 * was when it is restored.
 */
class DeletedOrganizationVisitsTest extends TestingVisits {
    private String organization() {
        return "/api/v1/organizations/" + server.otherOrganization;
    }

    private void delete() {
        assertThat(server.other.delete(organization()).at("/organization/state"))
                .isEqualTo("deleted");
    }

    @AfterEach
    void restore() {
        assertThat(server.owner.post(organization() + "/resume").at("/organization/state"))
                .isEqualTo("active");
    }

    @Test
    void conversationThatIsUnderWayEndsAndGoesOnWhenTheOrganizationIsRestored() {
        TestingVisitor guest = TestingVisitor.of(server, server.makeOther().token());
        String id = guest.start();
        guest.send(id, "echo before");
        try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
            stream.next();
            delete();
            // Sent after the deletion was answered: nothing of it may come any more.
            answerer.pieces.add("too late");
            Event ended = stream.next().orElseThrow();
            assertThat(ended.name()).isEqualTo("ended");
            assertThat(ended.data().at("/code").asString()).isEqualTo("SUSPENDED");
            assertThat(stream.next()).isEmpty();
        }
        refused(guest.client().get(path(id)), 403, "SUSPENDED");
        refused(guest.send(id, "echo"), 403, "SUSPENDED");
        refused(guest.tryStart(), 403, "SUSPENDED");
        refused(guest.open(""), 403, "SUSPENDED");
        restore();
        assertThat(server.rows().get("messages").toString()).doesNotContain("too late");
        assertThat(guest.client().get(path(id)).at("/messages/1/text")).isEqualTo("echo before");
        assertThat(guest.send(id, "echo after").status()).isEqualTo(200);
        assertThat(guest.open("").at("/conversation/id"))
                .as("the browser finds its conversation again")
                .isEqualTo(id);
    }

    @Test
    void optionsPageAndLogoAreGoneUntilTheOrganizationIsRestored() {
        Made key = server.makeOther();
        server.other.patch(key.path() + "/component", "{'title':'Ask us'}");
        server.other.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        String logo = server.other
                .send("PUT", organization() + "/logo", "image/png", TestingPicture.png(30, 10))
                .at("/organization/logo");
        String options = "/assistant/v1/components/" + key.id();
        String hosted = "/a/" + server.otherProject;
        TestingReader anybody = TestingReader.visitor("http://127.0.0.1:" + server.running.port());
        TestingClient page = server.nobody.as("Origin", TestingVisitor.PAGE);
        String configured = page.get(options).text();
        assertThat(configured).contains("Ask us");
        byte[] picture = anybody.open(logo).body();
        assertThat(server.nobody.get(hosted).text()).contains("Ask us", logo);
        Map<String, List<List<Object>>> before = server.things();
        delete();
        refused(page.get(options), 403, "SUSPENDED");
        assertThat(server.nobody.get(hosted).status()).isEqualTo(404);
        assertThat(anybody.open(logo).status()).isEqualTo(404);
        restore();
        assertThat(page.get(options).text()).isEqualTo(configured);
        assertThat(server.nobody.get(hosted).text()).contains("Ask us", logo);
        assertThat(anybody.open(logo).body()).isEqualTo(picture);
        Map<String, List<List<Object>>> after = server.things();
        for (String told : List.of("organizations", "audit_events", "feed_entries")) {
            before.remove(told);
            after.remove(told);
        }
        assertThat(after).as("everything is as it was").isEqualTo(before);
    }

    @Test
    void answerIsNotGivenAgainUntilTheOrganizationIsRestored() {
        Call create =
                new Call("/api/v1/keys", "{'name':'K','type':'server','projectId':'" + server.otherProject + "'}");
        String key = fresh();
        Answer first = create.by(server.other, key);
        assertThat(first.status()).isEqualTo(201);
        int keys = server.rows().get("keys").size();
        delete();
        assertRefused(create.by(server.other, key), 403, "forbidden");
        restore();
        Answer again = create.by(server.other, key);
        assertThat(replayed(again)).isTrue();
        assertThat(again.at("/token")).isEqualTo(first.at("/token"));
        assertThat(server.rows().get("keys")).hasSize(keys);
        assertThat(server.code(first.at("/token"))).isEqualTo("VALID");
    }

    /** No key has a part in it, and its program may have asked for the stream or for the whole reply. */
    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/json"})
    void replyToAMembersProgramEndsAtOnce(String accept) throws Exception {
        String chats = "/api/v1/projects/" + server.otherProject + "/chat/conversations";
        String id = server.other.post(chats).at("/conversation/id");
        CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(
                () -> server.other.post(chats + "/" + id + "/messages", "{'text':'wait'}", "Accept", accept));
        until(() ->
                answerer.turns.stream().anyMatch(turn -> turn.conversationId().equals(id)));
        delete();
        Answer answer = asked.get(15, TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains(accept.endsWith("json") ? "\"state\":\"cancelled\"" : "SUSPENDED");
        assertThat(answerer.cancelled).contains(id);
        assertThat(server.rows().get("messages").stream()
                        .filter(row -> row.contains(id))
                        .map(List::toString)
                        .filter(row -> row.contains("cancelled")))
                .hasSize(1);
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
