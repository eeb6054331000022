package dev.keyrack.server.assistants;

/** An assistant gave no answer, or not all of it. Its message is for those who set it up and holds no secret. */
public final class AssistantFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** @param detail what happened and what to do about it, in one sentence */
    public AssistantFailed(Reason reason, String detail) {
        super(detail);
        this.reason = reason;
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
}
