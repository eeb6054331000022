package dev.keyrack.gate;

import dev.keyrack.verifier.NodeClock;
import java.util.function.LongSupplier;

/**
 * The control plane's time on a node: as told with the feed, carried on by the node's monotonic clock in between, so that
 * a wrong wall clock of a node never makes a key live longer.
 *
 * <p>Guarantees: it never goes back, whatever the network delays and however the control plane's clock is set, so that what
 * has ended stays ended; and it is not behind the control plane's time by more than the latest answer took. Where the control
 * plane's clock was set back, it stands still until that has caught up.
 */
public final class ControlClock implements NodeClock, LongSupplier {
    private final LongSupplier nanos;
    private volatile Reading last;

    /**
     * A line through time, and what it was already seen to have passed.
     *
     * @param micros the control plane's time at {@code nanos}
     */
    private record Reading(long micros, long nanos, long passed) {
        long at(long now) {
            return Math.max(passed, line(now));
        }

        private long line(long now) {
            return micros + (now - nanos) / 1_000;
        }
    }

    /** @param nanos a clock in nanoseconds that never goes back and counts suspended time, such as {@link BootClock} */
    public ControlClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Reading(0, nanos.getAsLong(), 0);
    }

    /** Microseconds since 1970. */
    @Override
    public long getAsLong() {
        return at(nanos());
    }

    @Override
    public long nanos() {
        return nanos.getAsLong();
    }

    @Override
    public long at(long reading) {
        // What is told between the reading and now counts: a thread that was held up tells nothing that is over.
        return last.at(reading);
    }

    /**
     * Takes over what the control plane said it is, at some moment between {@code askedAt} and now. Called by one thread at a
     * time.
     *
     * <p>The time is now between what was said, had the answer taken no time, and that and all the time since the question.
     * A clock that shows something in between keeps what a quicker answer told it before.
     */
    void told(long micros, long askedAt) {
        long now = nanos.getAsLong();
        Reading before = last;
        long latest = micros + (now - askedAt) / 1_000;
        long shown = before.line(now);
        if (shown < micros || shown > latest) {
            last = new Reading(micros, askedAt, before.at(now));
        }
    }
}
