package dev.keyrack.gate;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongSupplier;

/**
 * A monotonic clock that adds what the wall clock is ahead by, when that jumps forward: the machine was suspended, or
 * somebody set the clock. Either way no lease lasts longer for it. Readers never wait for one another.
 */
final class WatchedClock implements LongSupplier {
    /** Less than this is the wall clock being corrected. */
    private static final long JUMP = 100_000_000L;

    /** How long two readings are compared with the same earlier one: corrections add up to little meanwhile. */
    private static final long COMPARED = 1_000_000_000L;

    private static final AtomicReferenceFieldUpdater<WatchedClock, Reading> LAST =
            AtomicReferenceFieldUpdater.newUpdater(WatchedClock.class, Reading.class, "last");

    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private volatile Reading last;

    /** Both clocks at one moment, and how long the machine was suspended until then. */
    private record Reading(long monotonic, long wall, long suspended) {}

    WatchedClock(LongSupplier monotonic, LongSupplier wall) {
        this.monotonic = monotonic;
        this.wall = wall;
        this.last = new Reading(monotonic.getAsLong(), wall.getAsLong(), 0);
    }

    @Override
    public long getAsLong() {
        while (true) {
            Reading before = last;
            long now = monotonic.getAsLong();
            long wallNow = wall.getAsLong();
            long passed = now - before.monotonic;
            long ahead = (wallNow - before.wall) - passed;
            if (ahead <= JUMP && passed < COMPARED) {
                return now + before.suspended;
            }
            long suspended = before.suspended + (ahead > JUMP ? ahead : 0);
            if (LAST.compareAndSet(this, before, new Reading(now, wallNow, suspended))) {
                return now + suspended;
            }
        }
    }
}
