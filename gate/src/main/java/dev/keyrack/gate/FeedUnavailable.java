package dev.keyrack.gate;

/** The change feed could not be read now. What was applied so far stays in force. */
public final class FeedUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FeedUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message and what is behind it, on one line: for the log, where a trace would say no more to whoever reads it. */
    String why() {
        Throwable first = this;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first == this
                ? String.valueOf(getMessage())
                : getMessage() + " (" + String.valueOf(first.getMessage()).replaceAll("\\R", " ") + ")";
    }
}
