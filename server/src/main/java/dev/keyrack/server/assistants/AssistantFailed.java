package dev.keyrack.server.assistants;

import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;

/** An assistant gave no answer, or not all of it. Its message is for those who set it up and holds no secret. */
public final class AssistantFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Sentence says;

    /** @param says what happened and what to do about it */
    public AssistantFailed(Reason reason, Sentence says) {
        super(Texts.english().text(says));
        this.reason = reason;
        this.says = says;
    }

    /** Why, as logs and metrics count it. */
    public enum Reason {
        /** It did not answer, or not go on, in time. */
        TIMED_OUT,
        /** It could not be connected to. */
        UNREACHABLE,
        /** Its address is one that must not be called. */
        ADDRESS_REFUSED,
        /** It answered with an error. */
        REFUSED,
        /** Its answer is none that we can read, or too long. */
        UNREADABLE
    }

    public Reason reason() {
        return reason;
    }

    /** What the message says, for a person in their language. */
    public Sentence says() {
        return says;
    }
}
