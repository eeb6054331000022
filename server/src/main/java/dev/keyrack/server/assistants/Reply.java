package dev.keyrack.server.assistants;

/** Where an assistant writes its answer, piece by piece. What it writes is hostile text until it is shown as text. */
public interface Reply {
    /** Longest answer, in bytes of UTF-8. */
    int MAX_BYTES = 64 << 10;

    /** Adds to the answer. The visitor sees it at once. */
    void add(String text);

    /** Whether nobody waits for the rest of it any more. */
    boolean cancelled();

    /** What is to be done when it is cancelled, at once if it is already: closes a connection, say. */
    void onCancel(Runnable end);
}
