package dev.keyrack.bench;

import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What came back in one window.
 *
 * <p>Latencies are those of a closed loop: each connection asks again only when it was answered, so that a stall of the
 * server delays questions instead of piling them up.
 *
 * @param latencies in nanoseconds, one for each answer
 * @param byStatus answers by HTTP status
 * @param wallNanos length of the window
 * @param cpuNanos what the generator's thread used of it
 */
record LoadResult(Histogram latencies, SortedMap<Integer, Long> byStatus, long wallNanos, long cpuNanos) {
    private static final double BUSY = 0.9;

    long answers() {
        return latencies.getTotalCount();
    }

    double perSecond() {
        return answers() * 1e9 / wallNanos;
    }

    double microsAt(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    double generatorBusy() {
        return (double) cpuNanos / wallNanos;
    }

    /** Whether the client was the limit, so that the figures say less than the server can do. */
    boolean generatorBound() {
        return generatorBusy() > BUSY;
    }
}
