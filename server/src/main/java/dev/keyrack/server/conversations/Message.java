package dev.keyrack.server.conversations;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation. Times are microseconds since 1970.
 *
 * @param number in its conversation, from 1 on
 * @param failure why it failed, if it did
 * @param answers of a reply: the id of the message that it answers
 * @param once of a visitor's message: what is kept of its Idempotency-Key
 * @param events of a reply: how many its stream had
 * @param deadline of a reply: until when it is made at most
 */
record Message(
        String id,
        String conversationId,
        long number,
        Author author,
        String text,
        State state,
        @Nullable String failure,
        @Nullable String rating,
        @Nullable String answers,
        @Nullable String once,
        long events,
        long at,
        long deadline) {

    /** What is told of a reply that came to nothing. */
    static final String FAILED = "ASSISTANT_FAILED";

    static final String TIMED_OUT = "ASSISTANT_TIMED_OUT";

    /** Who said it. */
    enum Author {
        VISITOR,
        ASSISTANT;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How far it is. */
    enum State {
        COMPLETE,
        STREAMING,
        FAILED,
        CANCELLED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean streaming() {
        return state == State.STREAMING;
    }

    /** As it is at this time: a reply whose process died long since has failed. */
    Message at(long now) {
        return streaming() && deadline <= now ? settled(State.FAILED, text, FAILED, events) : this;
    }

    Message settled(State as, String whole, @Nullable String why, long told) {
        return new Message(
                id, conversationId, number, author, whole, as, why, rating, answers, once, told, at, deadline);
    }
}
