package dev.keyrack.server.outbound;

/** A call got no answer, or not all of it. */
public final class CallFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    CallFailed(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    /** Why. */
    public enum Reason {
        /** Its name has no address. */
        NAME_UNKNOWN,
        /** Its address, or one of several, must not be called. */
        ADDRESS_REFUSED,
        /** It cannot be connected to. */
        UNREACHABLE,
        /** It is not who the certificate says, or speaks no TLS that we do. */
        TLS,
        /** It took too long to begin, to go on, or altogether. */
        TIMED_OUT,
        /** It closed the connection before its answer ended. */
        BROKEN_OFF,
        /** What it says is no HTTP, or its headers are too large. */
        NOT_HTTP,
        /** Its answer is larger than we read. */
        TOO_LARGE,
        /** Nobody waits for it any more. */
        CANCELLED
    }

    public Reason reason() {
        return reason;
    }
}
