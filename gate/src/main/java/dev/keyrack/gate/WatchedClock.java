package dev.keyrack.gate;

import java.util.function.LongSupplier;

/**
 * A monotonic clock that adds what the wall clock is ahead by, when that jumps forward: the machine was suspended, or
 * somebody set the clock. Either way no lease lasts longer for it.
 */
final class WatchedClock implements LongSupplier {
    /** Less than this is the wall clock being corrected. */
    private static final long JUMP = 100_000_000L;

    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private long lastMonotonic;
    private long lastWall;
    private long suspended;

    WatchedClock(LongSupplier monotonic, LongSupplier wall) {
        this.monotonic = monotonic;
        this.wall = wall;
        this.lastMonotonic = monotonic.getAsLong();
        this.lastWall = wall.getAsLong();
    }

    @Override
    public synchronized long getAsLong() {
        long now = monotonic.getAsLong();
        long wallNow = wall.getAsLong();
        long ahead = (wallNow - lastWall) - (now - lastMonotonic);
        if (ahead > JUMP) {
            suspended += ahead;
        }
        lastMonotonic = now;
        lastWall = wallNow;
        return now + suspended;
    }
}
