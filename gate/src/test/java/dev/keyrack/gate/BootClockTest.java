package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Promise: the clock of a lease moves on as time does, and counts the time in which the machine was suspended. */
class BootClockTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    @EnabledOnOs(OS.LINUX)
    void clockOfTheSystemMovesOnAndIsNeverBehindTheProgressOfTheMonotonicOne() {
        LongSupplier clock = BootClock.linux();
        long first = clock.getAsLong();
        long nanosFirst = System.nanoTime();
        long last = first;
        for (int i = 0; i < 100_000; i++) {
            // Begun after it and read before it, the monotonic one has counted less.
            long nanos = System.nanoTime() - nanosFirst;
            long now = clock.getAsLong();
            assertThat(now).isGreaterThanOrEqualTo(last);
            assertThat(now - first).isGreaterThanOrEqualTo(nanos);
            last = now;
        }
        assertThat(last).isGreaterThan(first);
    }

    @Test
    void jumpOfTheWallClockCountsAsTimeInWhichTheMachineWasSuspended() {
        AtomicLong monotonic = new AtomicLong(5 * SECOND);
        AtomicLong wall = new AtomicLong(1_000 * SECOND);
        WatchedClock clock = new WatchedClock(monotonic::get, wall::get);
        monotonic.addAndGet(SECOND);
        wall.addAndGet(SECOND);
        assertThat(clock.getAsLong()).isEqualTo(6 * SECOND);
        wall.addAndGet(3_600 * SECOND);
        assertThat(clock.getAsLong()).isEqualTo(3_606 * SECOND);
        assertThat(clock.getAsLong()).as("counted once").isEqualTo(3_606 * SECOND);
        wall.addAndGet(-7_200 * SECOND);
        monotonic.addAndGet(SECOND);
        assertThat(clock.getAsLong()).as("never back").isEqualTo(3_607 * SECOND);
    }

    @Test
    void correctionOfTheWallClockIsNoSuspension() {
        AtomicLong monotonic = new AtomicLong();
        AtomicLong wall = new AtomicLong();
        WatchedClock clock = new WatchedClock(monotonic::get, wall::get);
        for (int i = 1; i <= 1_000; i++) {
            monotonic.addAndGet(SECOND);
            wall.addAndGet(SECOND + SECOND / 2_000);
            assertThat(clock.getAsLong()).isEqualTo(i * SECOND);
        }
    }
}
