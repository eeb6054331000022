package dev.keyrack.gate;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Log lines that a stranger can cause: a few each second, then only how many were left out. One per event loop. */
final class CappedLog {
    private static final int PER_SECOND = 10;

    private final Logger log;
    private long second;
    private int written;
    private long leftOut;

    CappedLog(Logger log) {
        this.log = log;
    }

    void warn(String template, Object... arguments) {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            written = 0;
            if (leftOut > 0) {
                log.warn("{} more lines like these were left out", leftOut);
                leftOut = 0;
            }
        }
        if (written++ < PER_SECOND) {
            log.warn(template, arguments);
        } else {
            leftOut++;
        }
    }
}
