package dev.keyrack.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * Something bad that happens for a while.
 *
 * @param what happens to whom: {@code gate-1: killed and started again}
 * @param nodes that it may harm: all of them, when it happens to the database
 * @param lasts between beginning and end
 * @param end mends it, and returns when all is well again
 */
record Disaster(String what, Set<String> nodes, Duration lasts, Act begin, Act end) {
    /** One half of it. */
    interface Act {
        void run() throws IOException, InterruptedException;
    }

    /** To whom it happens. Two of them never happen to one at a time. */
    String victim() {
        return what.substring(0, what.indexOf(':'));
    }

    /** What happens, without the name. */
    String kind() {
        return what.substring(what.indexOf(':') + 2);
    }
}
