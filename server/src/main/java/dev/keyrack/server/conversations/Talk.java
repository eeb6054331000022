package dev.keyrack.server.conversations;

import dev.keyrack.server.assistants.Turn;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Cause;
import dev.keyrack.verifier.Secret;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Messages and their replies: what is kept of them, and what is being made of them in this process, put together. */
final class Talk {
    private static final Pattern EVENT_ID = Pattern.compile("(msg_[0-9A-Za-z]{16}):([0-9]{1,9})");

    private final Conversations conversations;
    private final Replies replies;

    Talk(Conversations conversations, Replies replies) {
        this.conversations = conversations;
        this.replies = replies;
    }

    /** What was sent, and how its reply is read. */
    record Sent(Conversations.Sent sent, ReplyStream.Plan plan) {}

    /**
     * Sends a message, and has the reply made; the same reply again for the same Idempotency-Key.
     *
     * @throws dev.keyrack.server.http.ProblemException with a {@link VisitorCode} if it is not taken
     */
    Sent send(Visit visit, Cause cause, String id, String text, @Nullable String locale, Secret once) {
        replies.enter();
        boolean started = false;
        try {
            Conversations.Sent sent = conversations.send(visit, cause, id, text, locale, once);
            StreamEvent accepted =
                    StreamEvent.accepted(sent.message(), sent.reply().id(), sent.left());
            Turn turn = sent.turn().orElse(null);
            if (turn == null) {
                return new Sent(
                        sent,
                        replies.get(sent.reply().id())
                                .<ReplyStream.Plan>map(buffer -> new ReplyStream.Plan.Live(buffer, 0))
                                .orElseGet(() -> kept(visit, id, sent.reply().id(), List.of(accepted), 1)));
            }
            ReplyBuffer buffer = replies.start(turn, sent.reply(), visit, accepted);
            started = true;
            return new Sent(sent, new ReplyStream.Plan.Live(buffer, 0));
        } finally {
            if (!started) {
                replies.leave();
            }
        }
    }

    private ReplyStream.Plan kept(Visit visit, String id, String replyId, List<StreamEvent> first, long next) {
        return new ReplyStream.Plan.Kept(replyId, first, next, () -> conversations.reply(visit, id, replyId));
    }

    /**
     * The rest of a reply.
     *
     * @param last the id of the last event that the visitor got; nothing for the reply under way from its beginning
     * @return nothing when there is none under way, or all of it was told
     */
    Optional<ReplyStream.Plan> resume(Visit visit, String id, @Nullable String last) {
        Matcher matcher = EVENT_ID.matcher(last == null ? "" : last);
        String named = matcher.matches() ? matcher.group(1) : null;
        int next = named == null ? 0 : Integer.parseInt(matcher.group(2)) + 1;
        Optional<Message> underWay = conversations.underWay(visit, id);
        String replyId = underWay.map(Message::id).orElse(named);
        if (replyId == null) {
            return Optional.empty();
        }
        int from = replyId.equals(named) ? next : 0;
        Optional<ReplyBuffer> here = replies.get(replyId)
                .filter(buffer -> buffer.reply().conversationId().equals(id));
        if (here.isPresent()) {
            boolean told = here.get().size().filter(size -> from >= size).isPresent();
            return told ? Optional.empty() : Optional.of(new ReplyStream.Plan.Live(here.get(), from));
        }
        return conversations
                .reply(visit, id, replyId)
                .filter(reply -> reply.streaming() || reply.events() == 0 || from < reply.events())
                .map(reply -> kept(visit, id, replyId, List.of(), from));
    }

    /** Waits for a reply, wherever it is made, and returns it as it was kept. */
    Message whole(Visit visit, String id, Sent sent) throws InterruptedException {
        String replyId = sent.sent().reply().id();
        if (sent.plan() instanceof ReplyStream.Plan.Live live) {
            replies.awaitEnd(live.buffer());
        }
        while (true) {
            Message reply =
                    conversations.reply(visit, id, replyId).orElse(sent.sent().reply());
            if (!reply.streaming() || replies.closing()) {
                return reply;
            }
            Thread.sleep(ReplyStream.POLL_MILLIS);
        }
    }

    /** Whether messages are taken at the moment. */
    boolean open() {
        return !replies.closing();
    }

    /** Ends a conversation, and the reply that is under way in it, which nobody waits for. */
    void end(Visit visit, Cause cause, String id) {
        conversations.end(visit, cause, id);
        cancel(visit, id);
    }

    /** Ends the reply that is under way, if there is one; also one that another process makes. */
    void cancel(Visit visit, String id) {
        conversations
                .underWay(visit, id)
                .ifPresent(reply -> replies.get(reply.id())
                        .ifPresentOrElse(
                                replies::cancel,
                                () -> conversations.keep(
                                        reply.settled(Message.State.CANCELLED, reply.text(), null, 0))));
    }
}
