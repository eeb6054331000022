package dev.keyrack.gate;

/** The change feed could not be read now. What was applied so far stays in force. */
public final class FeedUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FeedUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
