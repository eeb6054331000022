package dev.keyrack.server.feed;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock in nanoseconds that only the test moves: what waits for it waits for ever. */
final class TestingTime implements LongSupplier {
    private final AtomicLong now = new AtomicLong(Duration.ofDays(1).toNanos());
    private final AtomicLong readings = new AtomicLong();

    @Override
    public long getAsLong() {
        readings.incrementAndGet();
        return now.get();
    }

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    /** How often somebody has looked at it. */
    long readings() {
        return readings.get();
    }
}
