package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.events;
import static dev.keyrack.server.TestingVisitor.fresh;
import static dev.keyrack.server.TestingVisitor.names;
import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import dev.keyrack.server.TestingVisitor.Event;
import dev.keyrack.server.assistants.AssistantFailed.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise: what a visitor says is answered and kept, once; a broken stream goes on where it broke; nobody sees what is not theirs. */
class ConversationsTest extends TestingVisits {
    private Made key;

    @BeforeAll
    void makeKey() {
        key = server.make("web");
    }

    private TestingVisitor guest() {
        return TestingVisitor.of(server, key.token());
    }

    @Test
    void messageIsAnsweredWordByWordAndKept() {
        TestingVisitor guest = guest();
        String id = guest.start();
        Answer answer = guest.send(id, "echo one two");
        assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
        assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        List<Event> events = events(answer);
        assertThat(names(events)).containsExactly("accepted", "text", "text", "text", "done");
        String reply = events.getFirst().data().at("/reply").asString();
        assertThat(events.stream().map(Event::id))
                .containsExactlyElementsOf(
                        IntStream.range(0, 5).mapToObj(n -> reply + ":" + n).toList());
        assertThat(TestingVisitor.text(events)).isEqualTo("echo one two");
        assertThat(events.getLast().data().at("/message/text").asString()).isEqualTo("echo one two");

        Answer shown = guest.client().get(path(id));
        assertThat(shown.at("/conversation/state")).isEqualTo("open");
        assertThat(shown.json().at("/conversation/left").isNull()).isTrue();
        assertThat(shown.json().at("/messages").size()).isEqualTo(2);
        assertThat(shown.at("/messages/0/author")).isEqualTo("visitor");
        assertThat(shown.at("/messages/1/state")).isEqualTo("complete");
        assertThat(shown.at("/messages/1/id")).isEqualTo(reply);
    }

    @Test
    void assistantIsToldWhatWasSaidSoFar() {
        TestingVisitor guest = guest();
        String id = guest.start();
        guest.send(id, "echo first");
        guest.send(id, "echo second");
        assertThat(answerer.turns.getLast().said().stream().map(said -> said.text()))
                .containsExactly("echo first", "echo first", "echo second");
        assertThat(answerer.turns.getLast().visitorId()).isEqualTo(guest.visitor);
        assertThat(answerer.turns.getLast().projectId()).isEqualTo(server.project);
        assertThat(answerer.turns.getLast().customer()).isNull();
    }

    @Test
    void assistantIsToldTheNewestFiftyMessages() {
        TestingVisitor guest = guest();
        String id = guest.start();
        for (int i = 0; i < 27; i++) {
            guest.send(id, "echo " + i);
            server.byHand("DELETE FROM visitor_counts");
        }
        List<String> said =
                answerer.turns.getLast().said().stream().map(one -> one.text()).toList();
        assertThat(said).hasSize(50);
        assertThat(said.getFirst()).isEqualTo("echo 1");
        assertThat(said.getLast()).isEqualTo("echo 26");
    }

    @Test
    void repeatedMessageIsSentOnceAndItsReplyComesFromTheBeginning() {
        TestingVisitor guest = guest();
        String id = guest.start();
        String once = fresh();
        Answer first = guest.send(id, "echo a b", once);
        int asked = answerer.turns.size();
        assertThat(events(guest.send(id, "echo a b", once))).isEqualTo(events(first));
        assertThat(answerer.turns).hasSize(asked);
        Answer other = guest.send(id, "echo c", once);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("idempotency_key_reused");
        assertThat(guest.client().get(path(id)).json().at("/messages").size()).isEqualTo(2);
    }

    @Test
    void repeatedStartIsOneConversation() {
        TestingVisitor guest = guest();
        String once = fresh();
        String id = guest.client()
                .post("/assistant/v1/conversations", "{}", "Idempotency-Key", once)
                .at("/conversation/id");
        assertThat(guest.client()
                        .post("/assistant/v1/conversations", "{}", "Idempotency-Key", once)
                        .at("/conversation/id"))
                .isEqualTo(id);
        Answer without = guest.client().post("/assistant/v1/conversations", "{}");
        assertThat(without.status()).isEqualTo(400);
        assertThat(without.pointers()).containsExactly("Idempotency-Key");
    }

    @Test
    void streamThatIsCutAfterAnyEventGoesOnWithTheNext() {
        TestingVisitor guest = guest();
        String id = guest.start();
        List<Event> whole = events(guest.send(id, "echo one two three four"));
        for (int cut = 0; cut < whole.size(); cut++) {
            List<Event> all = new ArrayList<>(whole.subList(0, cut + 1));
            try (TestingVisitor.Stream rest = guest.resume(id, whole.get(cut).id())) {
                assertThat(rest.response.statusCode()).isEqualTo(cut == whole.size() - 1 ? 204 : 200);
                all.addAll(rest.rest());
            }
            assertThat(all).as("cut after " + cut).isEqualTo(whole);
        }
    }

    @Test
    void replyGoesOnWhenNobodyReadsAndIsResumedWhileItIsMade() {
        TestingVisitor guest = guest();
        String id = guest.start();
        List<Event> all = new ArrayList<>();
        try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
            all.add(stream.next().orElseThrow());
            answerer.pieces.add("one ");
            all.add(stream.next().orElseThrow());
        }
        answerer.pieces.add("two ");
        try (TestingVisitor.Stream stream = guest.resume(id, all.getLast().id())) {
            all.add(stream.next().orElseThrow());
            answerer.pieces.add("three");
            all.add(stream.next().orElseThrow());
            answerer.pieces.add(TestingAnswerer.END);
            all.addAll(stream.rest());
        }
        assertThat(names(all)).containsExactly("accepted", "text", "text", "text", "done");
        assertThat(all.getLast().data().at("/message/text").asString()).isEqualTo("one two three");
        assertThat(all.stream().map(Event::id)).doesNotHaveDuplicates();
    }

    @Test
    void oneReplyIsUnderWayAndOneReaderReads() {
        TestingVisitor guest = guest();
        String id = guest.start();
        try (TestingVisitor.Stream first = guest.stream(id, "wait", fresh())) {
            first.next();
            Answer second = guest.send(id, "echo");
            assertThat(second.status()).isEqualTo(409);
            assertThat(second.code()).isEqualTo("REPLY_UNDER_WAY");
            try (TestingVisitor.Stream newer = guest.resume(id, null)) {
                assertThat(newer.next().orElseThrow().name()).isEqualTo("accepted");
                Event ended = first.next().orElseThrow();
                assertThat(ended.name()).isEqualTo("ended");
                assertThat(ended.id()).isNull();
                assertThat(ended.data().at("/code").asString()).isEqualTo("REPLACED");
                assertThat(first.next()).isEmpty();
                answerer.pieces.add("late");
                answerer.pieces.add(TestingAnswerer.END);
                assertThat(names(newer.rest())).containsExactly("text", "done");
            }
        }
        assertThat(names(events(guest.send(id, "echo")))).contains("done");
    }

    @Test
    void cancelledReplyEndsAndKeepsWhatItSaid() {
        TestingVisitor guest = guest();
        String id = guest.start();
        requireCancelled(endedBy(() -> guest.client().post(path(id) + "/cancel"), guest, id));
        assertThat(guest.client().post(path(id) + "/cancel").status()).isEqualTo(204);
        assertThat(names(events(guest.send(id, "echo")))).contains("done");
    }

    @Test
    void nothingIsMadeAnyMoreForWhoBeganAnewOrSignedOut() {
        TestingVisitor guest = guest();
        String id = guest.start();
        requireCancelled(endedBy(() -> guest.client().post(path(id) + "/end"), guest, id));
        TestingVisitor leaving = guest();
        String last = leaving.start();
        Event out = endedBy(
                () -> {
                    TestingVisitor other = guest();
                    String another = other.start();
                    try (TestingVisitor.Stream stream = other.stream(another, "wait", fresh())) {
                        stream.next();
                        Answer gone = leaving.client().delete("/assistant/v1/sessions/current");
                        assertThat(answerer.cancelled).contains(last).doesNotContain(another);
                        other.client().post(path(another) + "/cancel");
                        return gone;
                    }
                },
                leaving,
                last);
        assertThat(out.data().at("/code").asString()).isEqualTo("SESSION_ENDED");
    }

    private static void requireCancelled(Event done) {
        assertThat(done.name()).isEqualTo("done");
        assertThat(done.data().at("/message/state").asString()).isEqualTo("cancelled");
        assertThat(done.data().at("/message/text").asString()).isEqualTo("Half");
    }

    /** The last event of a reply that this call ends. */
    private Event endedBy(Supplier<Answer> call, TestingVisitor guest, String id) {
        try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
            stream.next();
            answerer.pieces.add("Half");
            stream.next();
            assertThat(call.get().status()).isEqualTo(204);
            Event last = stream.next().orElseThrow();
            assertThat(stream.next()).isEmpty();
            assertThat(answerer.cancelled).contains(id);
            return last;
        }
    }

    @Test
    void failureOfTheAssistantIsToldAndTheMessageIsKept() {
        TestingVisitor guest = guest();
        String id = guest.start();
        for (String question : List.of("fail", "bug", "much")) {
            Event last = events(guest.send(id, question)).getLast();
            assertThat(last.name()).as(question).isEqualTo("failed");
            assertThat(last.data().at("/code").asString()).isEqualTo("ASSISTANT_FAILED");
            assertThat(last.data().at("/message/state").asString()).isEqualTo("failed");
            assertThat(last.data().at("/message/code").asString()).isEqualTo("ASSISTANT_FAILED");
        }
        Answer shown = guest.client().get(path(id));
        assertThat(shown.at("/messages/0/text")).isEqualTo("fail");
        assertThat(shown.at("/messages/1/text")).isEqualTo("Half");
        assertThat(shown.at("/messages/5/text").getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .isBetween(60_000, 64 * 1024);
    }

    /** To whoever reads it as it comes, comes too late for that, or looks it up. */
    @ParameterizedTest
    @EnumSource(Reason.class)
    void whyAReplyHasFailedIsToldTheSameNowAndLater(Reason reason) {
        String code = reason == Reason.TIMED_OUT ? "ASSISTANT_TIMED_OUT" : "ASSISTANT_FAILED";
        TestingVisitor guest = guest();
        String id = guest.start();
        guest.send(id, "echo");
        answerer.fail(reason, "Half");
        String once = fresh();
        Event now = events(guest.send(id, "hello", once)).getLast();
        Event later = events(guest.send(id, "hello", once)).getLast();
        for (Event failed : List.of(now, later)) {
            assertThat(failed.name()).isEqualTo("failed");
            assertThat(failed.data().at("/code").asString()).isEqualTo(code);
            assertThat(failed.data().at("/message/code").asString()).isEqualTo(code);
        }
        Answer transcript = server.owner.get("/api/v1/projects/" + server.project + "/conversations/" + id);
        for (Answer shown : List.of(guest.client().get(path(id)), transcript)) {
            assertThat(shown.json().at("/messages/1/code").isNull()).isTrue();
            assertThat(shown.json().at("/messages/2/code").isNull()).isTrue();
            assertThat(shown.at("/messages/3/text")).isEqualTo("Half");
            assertThat(shown.at("/messages/3/code")).isEqualTo(code);
        }
    }

    @Test
    void whatIsNotTheVisitorsOwnIsNotThere() {
        TestingVisitor guest = guest();
        String id = guest.start();
        String message =
                events(guest.send(id, "echo")).getFirst().data().at("/reply").asString();
        Made second = server.make("web");
        Made foreign = server.makeOther();
        for (TestingVisitor other : List.of(
                guest(), TestingVisitor.of(server, second.token()), TestingVisitor.of(server, foreign.token()))) {
            assertThat(other.client().get(path(id)).status()).isEqualTo(404);
            assertThat(other.client().get(path(id) + "/stream").status()).isEqualTo(404);
            assertThat(other.send(id, "echo").status()).isEqualTo(404);
            assertThat(other.client().post(path(id) + "/cancel").status()).isEqualTo(404);
            assertThat(other.client().post(path(id) + "/end").status()).isEqualTo(404);
            assertThat(other.client()
                            .post(path(id) + "/messages/" + message + "/rating", "{'rating':'up'}")
                            .status())
                    .isEqualTo(404);
            assertThat(other.client().get(path("cnv_0000000000000000")).at("/detail"))
                    .isEqualTo(other.client().get(path(id)).at("/detail"));
        }
        assertThat(guest.client().get(path(id)).status()).isEqualTo(200);
    }

    @Test
    void ratingIsKeptAndTakenBack() {
        TestingVisitor guest = guest();
        String id = guest.start();
        String reply =
                events(guest.send(id, "echo")).getFirst().data().at("/reply").asString();
        String rating = path(id) + "/messages/" + reply + "/rating";
        assertThat(guest.client().post(rating, "{'rating':'down'}").status()).isEqualTo(204);
        assertThat(guest.client().get(path(id)).at("/messages/1/rating")).isEqualTo("down");
        assertThat(guest.client().post(rating, "{'rating':null}").status()).isEqualTo(204);
        assertThat(guest.client().get(path(id)).json().at("/messages/1/rating").isNull())
                .isTrue();
        assertThat(guest.client().post(rating, "{'rating':'fine'}").pointers()).containsExactly("/rating");
        String own = guest.client().get(path(id)).at("/messages/0/id");
        assertThat(guest.client()
                        .post(path(id) + "/messages/" + own + "/rating", "{'rating':'up'}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void endedConversationTakesNoMessageAndIsNotGoneOnWith() {
        TestingVisitor guest = guest();
        String id = guest.start();
        assertThat(guest.open("").at("/conversation/id")).isEqualTo(id);
        assertThat(guest.client().post(path(id) + "/end").status()).isEqualTo(204);
        Answer refused = guest.send(id, "echo");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("CONVERSATION_ENDED");
        assertThat(guest.open("").json().at("/conversation").isNull()).isTrue();
        assertThat(guest.client().get(path(id)).at("/conversation/state")).isEqualTo("ended");
    }

    @Test
    void textIsOneToEightThousandCharacters() {
        TestingVisitor guest = guest();
        String id = guest.start();
        for (String text : List.of("", "  ", "x".repeat(8_001), "a\\u0000b", "\\ud83d")) {
            Answer refused = guest.send(id, text);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("/text");
        }
        assertThat(guest.send(id, "x".repeat(8_000)).status()).isEqualTo(200);
        assertThat(events(guest.send(id, "line\\nline \\ud83d\\ude00"))
                        .getLast()
                        .data()
                        .at("/message/text")
                        .asString())
                .isEqualTo("line\nline \ud83d\ude00");
    }

    @Test
    void replyWhoseProcessDiedHasFailedOnceItsDeadlineIsOver() {
        TestingVisitor guest = guest();
        String id = guest.start();
        guest.send(id, "echo");
        server.byHand("UPDATE messages SET state = 'streaming', id = 'msg_0000000000000000' WHERE conversation_id = '"
                + id + "' AND author = 'assistant'");
        assertThat(guest.client().get(path(id)).at("/messages/1/state")).isEqualTo("streaming");
        assertThat(guest.send(id, "echo").code()).isEqualTo("REPLY_UNDER_WAY");
        server.byHand("UPDATE messages SET deadline = 1 WHERE id = 'msg_0000000000000000'");
        assertThat(guest.client().get(path(id)).at("/messages/1/state")).isEqualTo("failed");
        try (TestingVisitor.Stream stream = guest.resume(id, "msg_0000000000000000:0")) {
            assertThat(names(stream.rest())).containsExactly("failed");
        }
        assertThat(names(events(guest.send(id, "echo")))).contains("done");
    }

    @Test
    void replyOfAnotherProcessIsWaitedForAndToldWhole() {
        TestingVisitor guest = guest();
        String id = guest.start();
        guest.send(id, "echo");
        // As if another process made it, which has just begun.
        String other = "msg_" + fresh().replace("-", "").substring(0, 16);
        server.byHand("UPDATE messages SET state = 'streaming', events = 0, id = '" + other
                + "' WHERE conversation_id = '" + id + "' AND author = 'assistant'");
        try (TestingVisitor.Stream stream = guest.resume(id, other + ":1")) {
            assertThat(stream.response.statusCode()).isEqualTo(200);
            server.byHand(
                    "UPDATE messages SET state = 'complete', text = 'whole', events = 7 WHERE id = '" + other + "'");
            List<Event> rest = stream.rest();
            assertThat(names(rest)).containsExactly("done");
            assertThat(rest.getFirst().id()).isEqualTo(other + ":6");
            assertThat(rest.getFirst().data().at("/message/text").asString()).isEqualTo("whole");
        }
        try (TestingVisitor.Stream stream = guest.resume(id, other + ":6")) {
            assertThat(stream.response.statusCode()).isEqualTo(204);
        }
    }
}
