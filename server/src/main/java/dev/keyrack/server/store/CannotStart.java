package dev.keyrack.server.store;

/** The program cannot start, for a reason that its operator can mend. The message says what to do; exit status 2. */
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotStart(String message) {
        super(message);
    }

    public CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
