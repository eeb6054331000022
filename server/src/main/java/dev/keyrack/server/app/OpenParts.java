package dev.keyrack.server.app;

import java.util.ArrayDeque;
import java.util.Deque;

/** The parts of a process that are to be closed, the last one opened first. */
final class OpenParts implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <P extends AutoCloseable> P push(P part) {
        open.push(part);
        return part;
    }

    /** Closes them because the start failed for this reason, which is not to be lost. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException whileClosing) {
            failure.addSuppressed(whileClosing);
        }
    }

    /** Closes all, even when one of them cannot be closed. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = new IllegalStateException("a part could not be closed", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
