package dev.keyrack.server.store;

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

    StoreFailure(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The change is stored, but the nodes could not be asked whether they have it. */
    public static StoreFailure unconfirmed(Throwable cause) {
        return new StoreFailure(
                Reason.UNCONFIRMED,
                "The change is stored, but it could not be learned whether every node has it. Repeating a revoke, disable"
                        + " or update waits again; after a regenerate, read the key first.",
                cause);
    }

    public Reason reason() {
        return reason;
    }
}
