package dev.keyrack.server.cli;

/** A command that could not do what was asked. The message says what to do. */
public final class CommandLineProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    CommandLineProblem(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The exit status: 1 refused, 2 wrong usage or out of reach. */
    public int status() {
        return status;
    }
}
