package dev.keyrack.server.store;

import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;

/**
 * The store could not do what was asked; unless it is {@code UNCONFIRMED} or {@code UNCERTAIN}, nothing of it was done. The
 * message may be shown to a caller.
 */
public final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Reason {
        FULL,
        BUSY,
        UNAVAILABLE,
        /** The change is stored, but could not be put in force here yet: repeating the call waits again. */
        UNCONFIRMED,
        /** The store was lost as it was committing: whether the change is stored is not known. */
        UNCERTAIN
    }

    private final Reason reason;
    private final transient Sentence says;

    StoreFailure(Reason reason, Sentence says, Throwable cause) {
        super(Texts.english().text(says), cause);
        this.reason = reason;
        this.says = says;
    }

    /** The change is stored, but the nodes could not be asked whether they have it. */
    public static StoreFailure unconfirmed(Throwable cause) {
        return new StoreFailure(Reason.UNCONFIRMED, Sentence.of("problem.store.unconfirmed"), cause);
    }

    public Reason reason() {
        return reason;
    }

    /** What the message says, for a caller in their language. */
    public Sentence says() {
        return says;
    }
}
