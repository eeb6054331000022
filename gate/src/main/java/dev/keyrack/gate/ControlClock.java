package dev.keyrack.gate;

import java.util.function.LongSupplier;

/**
 * The control plane's time on a node: as told with the feed, carried on by the node's monotonic clock in between, so that
 * a wrong wall clock of a node never makes a key live longer.
 */
public final class ControlClock implements LongSupplier {
    private final LongSupplier nanos;
    private volatile Reading last;

    private record Reading(long micros, long nanos) {}

    /** @param nanos a clock in nanoseconds that never goes back and counts suspended time, such as {@link BootClock} */
    public ControlClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Reading(0, nanos.getAsLong());
    }

    /** Microseconds since 1970. */
    @Override
    public long getAsLong() {
        Reading reading = last;
        return reading.micros + (nanos.getAsLong() - reading.nanos) / 1_000;
    }

    /** Takes over what the control plane said it is, as of a moment not before {@code askedAt}. */
    void told(long micros, long askedAt) {
        last = new Reading(micros, askedAt);
    }

    long nanos() {
        return nanos.getAsLong();
    }
}
