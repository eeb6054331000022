package dev.keyrack.verifier;

import java.util.function.LongSupplier;

/**
 * When a verdict is made: one reading of the clock for all that depends on it, taken where something first does.
 *
 * <p>Guarantee: it lies after {@link #begin}, and hence after the question. A verdict for what is asked after a lease or a key
 * has ended is made at a moment after that, however long its thread is held up. For one thread.
 */
final class Moment implements LongSupplier {
    private final NodeClock clock;
    private boolean read;
    private long nanos;

    Moment(NodeClock clock) {
        this.clock = clock;
    }

    /** Forgets the moment of the verdict before. */
    void begin() {
        read = false;
    }

    /** In nanoseconds, by the clock that leases are counted by. */
    long nanos() {
        if (!read) {
            nanos = clock.nanos();
            read = true;
        }
        return nanos;
    }

    /** The control plane's time, in microseconds since 1970. */
    @Override
    public long getAsLong() {
        return clock.at(nanos());
    }
}
