package dev.keyrack.server.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.Refusals;
import dev.keyrack.server.assistants.AssistantFailed;
import dev.keyrack.server.assistants.Said;
import dev.keyrack.server.assistants.Turn;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise: a reply has an end and bounds, whatever its assistant does, and none of it is lost on the way. */
@Timeout(60)
class RepliesTest {
    private static final Visit VISIT =
            new Visit(null, "vis_1", null, "org", "prj", null, 0, new Place(null, false, null), Excused.NONE);
    private static final Message ASKED = message("msg_1", Message.Author.VISITOR, Message.State.COMPLETE);
    private static final Message REPLY = message("msg_2", Message.Author.ASSISTANT, Message.State.STREAMING);
    private static final StreamEvent ACCEPTED = StreamEvent.accepted(ASKED, "msg_2", null);
    private static final Turn TURN = new Turn(
            "org", "prj", "cnv_1", "msg_1", "vis_1", null, null, List.of(new Said(Said.Author.VISITOR, "Hello")));

    private static Message message(String id, Message.Author author, Message.State state) {
        return new Message(id, "cnv_1", 1, author, "", state, null, null, null, null, 0, 0, 0);
    }

    private static Replies replies(Answerer answerer, Duration longest) {
        return new Replies(
                answerer,
                new VisitorVerdicts(new Verifier(new Replica(), () -> 0), new Refusals()),
                UnaryOperator.identity(),
                longest);
    }

    private static List<StreamEvent> whole(ReplyBuffer buffer) throws InterruptedException {
        while (!buffer.awaitEnd(60_000)) {
            assertThat(buffer.size()).isEmpty();
        }
        return ((ReplyBuffer.Found.Events) buffer.from(buffer.read(), 0, 1)).events();
    }

    private static String text(List<StreamEvent> events) {
        return MessageBody.JSON
                .readTree(events.getLast().data())
                .at("/message/text")
                .asString();
    }

    @Test
    void assistantThatDoesNotEndIsStoppedAndToldTimedOut() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Replies replies = replies(
                (turn, reply) -> {
                    reply.add("Half");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        stopped.countDown();
                        throw new AssistantFailed(
                                AssistantFailed.Reason.UNREACHABLE, Sentence.of("assistant.failure.unreachable"));
                    }
                },
                Duration.ofMillis(50));
        replies.enter();
        List<StreamEvent> events = whole(replies.start(TURN, REPLY, VISIT, ACCEPTED));
        assertThat(events.getLast().name()).isEqualTo("failed");
        assertThat(events.getLast().data()).contains("ASSISTANT_TIMED_OUT", "Half");
        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        replies.close();
    }

    @Test
    void manySmallPiecesAreFewEventsAndCharactersThatAreCutInTwoComeWhole() throws Exception {
        String grin = "\ud83d\ude00";
        Replies replies = replies(
                (turn, reply) -> {
                    for (int i = 0; i < 15_000; i++) {
                        reply.add(grin.substring(0, 1));
                        reply.add(grin.substring(1));
                    }
                    reply.add("\u0000");
                    reply.add(grin.substring(0, 1));
                },
                Duration.ofMinutes(1));
        replies.enter();
        List<StreamEvent> events = whole(replies.start(TURN, REPLY, VISIT, ACCEPTED));
        assertThat(events.getLast().name()).isEqualTo("done");
        assertThat(text(events)).isEqualTo(grin.repeat(15_000) + "\ufffd\ufffd");
        StringBuilder told = new StringBuilder();
        events.stream()
                .filter(event -> event.name().equals("text"))
                .forEach(event -> told.append(
                        MessageBody.JSON.readTree(event.data()).at("/text").asString()));
        assertThat(told.toString()).isEqualTo(text(events));
        assertThat(events).hasSizeLessThan(2_000);
        replies.close();
    }

    @Test
    void processThatIsFullOrEndingTakesNoMore() {
        Replies replies = replies((turn, reply) -> {}, Duration.ofMinutes(1));
        for (int i = 0; i < Replies.MOST; i++) {
            replies.enter();
        }
        assertThat(refusal(replies)).isEqualTo(VisitorCode.TOO_MANY_REPLIES);
        replies.leave();
        replies.enter();
        replies.close();
        assertThat(refusal(replies)).isEqualTo(VisitorCode.SHUTTING_DOWN);
    }

    @Test
    void replyThatAnotherProcessMakesHasOneReaderHereTheNewest() throws Exception {
        Replies replies = replies((turn, reply) -> {}, Duration.ofMinutes(1));
        ReplyStream stream = new ReplyStream(
                new VisitorVerdicts(new Verifier(new Replica(), () -> 0), new Refusals()),
                replies,
                visit -> true,
                System::nanoTime);
        AtomicReference<Message> kept = new AtomicReference<>(REPLY);
        CountDownLatch reads = new CountDownLatch(1);
        ReplyStream.Plan plan = new ReplyStream.Plan.Kept("msg_2", List.of(), 0, () -> {
            reads.countDown();
            return Optional.of(kept.get());
        });
        CompletableFuture<String> older =
                CompletableFuture.supplyAsync(() -> sent(stream, plan), Thread::startVirtualThread);
        reads.await();
        CompletableFuture<String> newer =
                CompletableFuture.supplyAsync(() -> sent(stream, plan), Thread::startVirtualThread);
        assertThat(older.get()).contains("event: ended", "REPLACED").doesNotContain("event: done");
        assertThat(newer).isNotDone();
        kept.set(REPLY.settled(Message.State.COMPLETE, "Hi", null, 3));
        assertThat(newer.get()).contains("event: done").doesNotContain("REPLACED");
        replies.close();
    }

    @Test
    void replyThatAnotherProcessMakesIsNotToldToASessionThatHasEnded() {
        AtomicLong nanos = new AtomicLong();
        Message made = REPLY.settled(Message.State.COMPLETE, "Not for you", null, 3);
        assertThat(toldToNobody(made, () -> 0)).as("before the last event").doesNotContain("Not for you", "msg_1");
        assertThat(toldToNobody(
                        REPLY, () -> nanos.getAndAdd(Duration.ofSeconds(11).toNanos())))
                .as("while it is made")
                .doesNotContain("msg_1");
    }

    private static String toldToNobody(Message reply, LongSupplier nanos) {
        Replies replies = replies((turn, unused) -> {}, Duration.ofMinutes(1));
        ReplyStream stream = new ReplyStream(
                new VisitorVerdicts(new Verifier(new Replica(), () -> 0), new Refusals()),
                replies,
                visit -> false,
                nanos);
        String told = sent(stream, new ReplyStream.Plan.Kept("msg_2", List.of(ACCEPTED), 1, () -> Optional.of(reply)));
        assertThat(told).contains("event: ended", "SESSION_ENDED");
        replies.close();
        return told;
    }

    private static String sent(ReplyStream stream, ReplyStream.Plan plan) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            stream.send(plan, VISIT, out);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static VisitorCode refusal(Replies replies) {
        ProblemException[] seen = new ProblemException[1];
        assertThatThrownBy(replies::enter).isInstanceOfSatisfying(ProblemException.class, refused -> seen[0] = refused);
        return ((Problem.Visiting) seen[0].problem()).code();
    }
}
