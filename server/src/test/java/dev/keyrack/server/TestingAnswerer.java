package dev.keyrack.server;

import dev.keyrack.server.assistants.AssistantFailed;
import dev.keyrack.server.assistants.Reply;
import dev.keyrack.server.assistants.Turn;
import dev.keyrack.server.conversations.Answerer;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An assistant that does what the question says: {@code echo} says it again word by word, {@code wait} says what the test
 * hands it piece by piece, {@code fail} and {@code bug} fail, {@code much} answers without end.
 */
final class TestingAnswerer implements Answerer {
    static final String END = "\u0000end";

    final LinkedBlockingQueue<String> pieces = new LinkedBlockingQueue<>();
    final List<Turn> turns = new CopyOnWriteArrayList<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Failure> failures = new LinkedBlockingQueue<>();

    /** @param said what there is of the answer before it fails */
    private record Failure(AssistantFailed.Reason reason, String said) {}

    /** Fails at the next question, whatever it is. */
    void fail(AssistantFailed.Reason reason, String said) {
        failures.add(new Failure(reason, said));
    }

    @Override
    public void answer(Turn turn, Reply reply) throws AssistantFailed {
        turns.add(turn);
        reply.onCancel(() -> cancelled.add(turn.conversationId()));
        Failure failure = failures.poll();
        if (failure != null) {
            reply.add(failure.said());
            throw new AssistantFailed(failure.reason(), Sentence.of("assistant.failure.no-json"));
        }
        String question = turn.question();
        if (question.startsWith("fail")) {
            reply.add("Half");
            throw new AssistantFailed(AssistantFailed.Reason.REFUSED, Sentence.of("assistant.failure.no-json"));
        }
        if (question.startsWith("bug")) {
            throw new IllegalArgumentException("a bug");
        }
        if (question.startsWith("much")) {
            while (!reply.cancelled()) {
                reply.add("ü".repeat(1_000));
            }
            return;
        }
        if (question.startsWith("wait")) {
            told(reply);
            return;
        }
        for (String word : question.split("(?<= )", -1)) {
            reply.add(word);
        }
    }

    private void told(Reply reply) {
        try {
            while (!reply.cancelled()) {
                String piece = pieces.poll(60, TimeUnit.SECONDS);
                if (piece == null || piece.equals(END)) {
                    return;
                }
                reply.add(piece);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
