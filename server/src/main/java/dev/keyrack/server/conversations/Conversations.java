package dev.keyrack.server.conversations;

import dev.keyrack.server.assistants.Said;
import dev.keyrack.server.assistants.Turn;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What visitors and assistants say to each other.
 *
 * <p>Guarantees: what is not the visitor's own is not there; one reply is under way in a conversation; a message that is sent
 * again with its Idempotency-Key is not sent twice; however many are sent at once, no more are taken than the key allows. Nothing
 * here is an audit event: visits are no changes of what people set up.
 */
final class Conversations {
    static final int MOST_SHOWN = 200;

    /** So much of a conversation is told to the assistant. */
    private static final int MOST_TOLD = 50;

    /** After this, a reply whose process says nothing has failed. */
    private static final long DEADLINE_MICROS = Replies.LONGEST.plusSeconds(10).toNanos() / 1_000;

    private static final Cause REPLY = new Cause(Actor.SYSTEM, null, "reply");

    private final Store store;
    private final Ids ids;
    private final VisitorTokens tokens;
    private final ConversationRules rules;
    private final VisitorLimits limits;
    private final ConversationSql sql = new ConversationSql();
    private final MessageSql messages = new MessageSql();
    private final VisitorSessionSql sessions = new VisitorSessionSql();

    Conversations(Store store, Ids ids, VisitorTokens tokens, VisitorLimits limits, ConversationRules rules) {
        this.store = store;
        this.ids = ids;
        this.tokens = tokens;
        this.rules = rules;
        this.limits = limits;
    }

    private record Started(Duration pause, Optional<Conversation> conversation) {}

    /** Starts one; the same again for the same key. */
    Conversation start(Visit visit, Cause cause, Secret idempotencyKey) {
        String once = tokens.kept("conversation", idempotencyKey.reveal());
        Duration over =
                store.read(tx -> sql.startedOnce(tx, visit.visitorId(), once).isPresent()
                        ? Duration.ZERO
                        : wait(tx, visit, limits::look));
        if (!over.isZero()) {
            throw VisitorLimits.refused(VisitorCode.TOO_MANY_CONVERSATIONS, over);
        }
        Started started =
                store.change(cause, tx -> Change.none(started(tx, visit, once))).result();
        return started.conversation()
                .orElseThrow(() -> VisitorLimits.refused(VisitorCode.TOO_MANY_CONVERSATIONS, started.pause()));
    }

    private Started started(Tx tx, Visit visit, String once) {
        Optional<Conversation> before = sql.startedOnce(tx, visit.visitorId(), once);
        if (before.isPresent()) {
            return new Started(Duration.ZERO, before);
        }
        Duration wait = wait(tx, visit, limits::take);
        if (!wait.isZero()) {
            return new Started(wait, Optional.empty());
        }
        Conversation made = made(tx, visit);
        String session = visit.sessionId();
        if (session != null) {
            sessions.keep(tx, session, tx.at() + VisitorSessions.IDLE_MICROS);
        }
        return new Started(
                Duration.ZERO,
                sql.insert(tx, made, once) ? Optional.of(made) : sql.startedOnce(tx, visit.visitorId(), once));
    }

    private Conversation made(Tx tx, Visit visit) {
        return new Conversation(
                ids.next("cnv"),
                visit.organizationId(),
                visit.projectId(),
                visit.keyId(),
                visit.visitorId(),
                true,
                0,
                0,
                tx.at());
    }

    /** Begins one of a visitor who has none yet. */
    Conversation begin(Tx tx, Visit visit) {
        Conversation made = made(tx, visit);
        sql.insert(tx, made, "");
        return made;
    }

    private Duration wait(Tx tx, Visit visit, VisitorLimits.Asking limit) {
        String key = Objects.requireNonNull(visit.keyId());
        VisitorLimits.Limit ofAddress = limits.conversationsOfAddress();
        Duration wait = limit.ask(tx, limits.ofAddress(ofAddress, visit.place().address()), ofAddress);
        if (wait.isZero()) {
            wait = limit.ask(
                    tx,
                    VisitorLimits.subject(VisitorLimits.CONVERSATIONS_OF_VISITOR, visit.visitorId()),
                    VisitorLimits.CONVERSATIONS_OF_VISITOR);
        }
        return wait.isZero()
                ? limit.ask(
                        tx,
                        VisitorLimits.subject(VisitorLimits.CONVERSATIONS_OF_KEY, key),
                        VisitorLimits.CONVERSATIONS_OF_KEY)
                : wait;
    }

    /** How many messages the visitor may still send; nothing for any number. */
    @Nullable
    Long left(Conversation conversation) {
        return limit(conversation.keyId())
                .map(limit -> Math.max(0, limit.messages() - conversation.visitorMessages()))
                .orElse(null);
    }

    private Optional<ConversationRules.Limit> limit(@Nullable String key) {
        return key == null ? Optional.empty() : rules.limit(key);
    }

    /** A conversation with its newest messages, oldest first. */
    record Shown(Conversation conversation, List<Message> messages) {}

    Shown get(Visit visit, String id) {
        return store.read(tx -> {
            Conversation own = own(tx, visit, id);
            return new Shown(
                    own,
                    messages.newest(tx, id, MOST_SHOWN).stream()
                            .map(m -> m.at(tx.at()))
                            .toList());
        });
    }

    /** Those after this message, oldest first; from the first one without. */
    List<Message> after(Visit visit, String id, @Nullable String messageId) {
        return store.read(tx -> {
            own(tx, visit, id);
            long number = messageId == null
                    ? 0
                    : messages.get(tx, id, messageId)
                            .orElseThrow(() -> new ProblemException(
                                    Problem.InvalidRequest.at("?after", Sentence.of("problem.no-such-message"))))
                            .number();
            return messages.after(tx, id, number, MOST_SHOWN).stream()
                    .map(m -> m.at(tx.at()))
                    .toList();
        });
    }

    private Conversation own(Tx tx, Visit visit, String id) {
        return sql.own(tx, visit.visitorId(), id)
                .filter(found -> Objects.equals(found.keyId(), visit.keyId()))
                .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }

    /**
     * A message that was sent.
     *
     * @param turn what the assistant is asked; nothing for a message that had been sent before
     */
    record Sent(Message message, Message reply, @Nullable Long left, Optional<Turn> turn) {}

    /** Takes a message, and makes the row of the reply to it. */
    Sent send(Visit visit, Cause cause, String id, String text, @Nullable String locale, Secret idempotencyKey) {
        String once = tokens.kept("message", idempotencyKey.reveal());
        ConversationRules.Limit most = limit(visit.keyId()).orElse(null);
        store.read(tx -> {
            Conversation own = own(tx, visit, id);
            if (messages.sentOnce(tx, id, once).isEmpty()) {
                requireTaken(tx, visit, own, most, limits::look);
            }
            return "";
        });
        return store.change(cause, tx -> {
                    Conversation own = own(tx, visit, id);
                    Optional<Message> before = messages.sentOnce(tx, id, once);
                    return Change.none(
                            before.isPresent()
                                    ? again(tx, own, before.get(), text)
                                    : sent(tx, visit, own, most, text, locale, once));
                })
                .result();
    }

    /** Asked before the change, too: whoever is refused keeps nobody else from writing. */
    private void requireTaken(
            Tx tx, Visit visit, Conversation own, ConversationRules.@Nullable Limit most, VisitorLimits.Asking limit) {
        if (!own.open()) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.CONVERSATION_ENDED));
        }
        if (messages.streaming(tx, own.id())
                .filter(m -> m.at(tx.at()).streaming())
                .isPresent()) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.REPLY_UNDER_WAY, null, 1));
        }
        if (most != null && own.visitorMessages() >= most.messages()) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.MESSAGE_LIMIT_REACHED, most.text(), 0));
        }
        requireRoom(
                limit,
                tx,
                VisitorLimits.subject(VisitorLimits.MESSAGES_OF_VISITOR, visit.visitorId()),
                VisitorLimits.MESSAGES_OF_VISITOR,
                VisitorCode.TOO_MANY_MESSAGES);
        String key = visit.keyId();
        if (key != null) {
            requireRoom(
                    limit,
                    tx,
                    limits.ofAddress(
                            VisitorLimits.MESSAGES_OF_ADDRESS, visit.place().address()),
                    VisitorLimits.MESSAGES_OF_ADDRESS,
                    VisitorCode.TOO_MANY_MESSAGES);
            requireRoom(
                    limit,
                    tx,
                    VisitorLimits.subject(VisitorLimits.MESSAGES_OF_KEY, key),
                    VisitorLimits.MESSAGES_OF_KEY,
                    VisitorCode.TOO_MANY_MESSAGES);
        }
    }

    private static void requireRoom(
            VisitorLimits.Asking asking, Tx tx, String subject, VisitorLimits.Limit limit, VisitorCode otherwise) {
        Duration wait = asking.ask(tx, subject, limit);
        if (!wait.isZero()) {
            throw VisitorLimits.refused(otherwise, wait);
        }
    }

    private Sent again(Tx tx, Conversation own, Message before, String text) {
        if (!before.text().equals(text)) {
            throw new ProblemException(new Problem.IdempotencyKeyReused());
        }
        Message reply =
                messages.replyTo(tx, own.id(), before.id()).orElseThrow().at(tx.at());
        return new Sent(before, reply, left(own), Optional.empty());
    }

    private Sent sent(
            Tx tx,
            Visit visit,
            Conversation own,
            ConversationRules.@Nullable Limit most,
            String text,
            @Nullable String locale,
            String once) {
        requireTaken(tx, visit, own, most, limits::take);
        messages.streaming(tx, own.id()).ifPresent(dead -> messages.settle(tx, dead.at(tx.at())));
        Message message = message(tx, own, 1, Message.Author.VISITOR, text, null, once);
        Message reply = message(tx, own, 2, Message.Author.ASSISTANT, "", message.id(), null);
        messages.insert(tx, message);
        messages.insert(tx, reply);
        sql.counted(tx, own.id());
        Long left = most == null ? null : most.messages() - own.visitorMessages() - 1;
        return new Sent(message, reply, left, Optional.of(turn(tx, visit, own, message, locale)));
    }

    private Message message(
            Tx tx,
            Conversation own,
            int place,
            Message.Author author,
            String text,
            @Nullable String answers,
            @Nullable String once) {
        boolean visitor = author == Message.Author.VISITOR;
        return new Message(
                ids.next("msg"),
                own.id(),
                own.messages() + place,
                author,
                text,
                visitor ? Message.State.COMPLETE : Message.State.STREAMING,
                null,
                null,
                answers,
                once,
                0,
                tx.at(),
                visitor ? 0 : tx.at() + DEADLINE_MICROS);
    }

    private Turn turn(Tx tx, Visit visit, Conversation own, Message message, @Nullable String locale) {
        // One more: the newest is the reply that is to be made.
        List<Said> said = messages.newest(tx, own.id(), MOST_TOLD + 1).stream()
                .filter(m -> m.number() <= message.number() && !m.text().isEmpty())
                .map(m -> new Said(
                        m.author() == Message.Author.VISITOR ? Said.Author.VISITOR : Said.Author.ASSISTANT, m.text()))
                .toList();
        return new Turn(
                own.organizationId(),
                own.projectId(),
                own.id(),
                message.id(),
                visit.visitorId(),
                visit.customer(),
                locale,
                said);
    }

    /** Writes down how a reply ended; returns how it did, if it had ended before. */
    Message keep(Message settled) {
        return store.change(
                        REPLY,
                        tx -> Change.none(
                                messages.settle(tx, settled)
                                        ? settled
                                        : messages.get(tx, settled.conversationId(), settled.id())
                                                // Cleared away meanwhile.
                                                .orElse(settled)))
                .result();
    }

    /** The conversation's reply that is being made; nothing if there is none. */
    Optional<Message> underWay(Visit visit, String id) {
        return store.read(tx -> {
            own(tx, visit, id);
            return messages.streaming(tx, id).filter(m -> m.at(tx.at()).streaming());
        });
    }

    /** A reply of the visitor's conversation. */
    Optional<Message> reply(Visit visit, String id, String replyId) {
        return store.read(tx -> {
            own(tx, visit, id);
            return messages.get(tx, id, replyId)
                    .filter(m -> m.author() == Message.Author.ASSISTANT)
                    .map(m -> m.at(tx.at()));
        });
    }

    /** What is rated so already is not written again. */
    void rate(Visit visit, Cause cause, String id, String messageId, @Nullable String rating) {
        String subject = VisitorLimits.subject(VisitorLimits.RATINGS_OF_VISITOR, visit.visitorId());
        boolean same = store.read(tx -> {
            own(tx, visit, id);
            Message reply = messages.get(tx, id, messageId)
                    .filter(m -> m.author() == Message.Author.ASSISTANT)
                    .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
            requireRoom(limits::look, tx, subject, VisitorLimits.RATINGS_OF_VISITOR, VisitorCode.TOO_MANY_RATINGS);
            return Objects.equals(reply.rating(), rating);
        });
        if (same) {
            return;
        }
        store.change(cause, tx -> {
            requireRoom(limits::take, tx, subject, VisitorLimits.RATINGS_OF_VISITOR, VisitorCode.TOO_MANY_RATINGS);
            messages.rate(tx, id, messageId, rating);
            return Change.none("");
        });
    }

    /** Nothing more can be said in it. A reply that is under way goes on: see {@link Talk#end}. */
    void end(Visit visit, Cause cause, String id) {
        if (store.read(tx -> own(tx, visit, id)).open()) {
            store.change(cause, tx -> {
                sql.end(tx, id);
                return Change.none("");
            });
        }
    }
}
