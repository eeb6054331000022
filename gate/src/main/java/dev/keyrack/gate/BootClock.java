package dev.keyrack.gate;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock in nanoseconds that never goes back and counts the time in which the machine is suspended, which
 * {@code System.nanoTime()} does not on Linux: Linux's {@code CLOCK_BOOTTIME} (clock_gettime(2)). Elsewhere a jump of the
 * wall clock against {@code nanoTime} is taken for a suspension, see {@link WatchedClock}.
 */
public final class BootClock {
    private static final Logger LOG = LoggerFactory.getLogger(BootClock.class);

    /** The same on every architecture: linux/time.h. */
    private static final int CLOCK_BOOTTIME = 7;

    private BootClock() {}

    /** @param wallNanos the wall clock in nanoseconds, used where there is nothing better */
    public static LongSupplier of(LongSupplier wallNanos) {
        if (System.getProperty("os.name", "").equals("Linux")) {
            try {
                return linux();
            } catch (IllegalStateException | IllegalCallerException | LinkageError e) {
                LOG.info(
                        "this system's clock of suspended time cannot be read; the wall clock is watched instead: {}",
                        e.getMessage());
                LOG.debug("why the clock of suspended time cannot be read", e);
            }
        }
        return watched(wallNanos);
    }

    /** The one that is used where there is nothing better: to start with, it is the cheaper one. */
    public static LongSupplier watched(LongSupplier wallNanos) {
        return new WatchedClock(System::nanoTime, wallNanos);
    }

    /** @throws IllegalStateException if the system does not have this clock */
    static LongSupplier linux() {
        LongSupplier clock = new Linux();
        if (clock.getAsLong() <= 0) {
            throw new IllegalStateException("CLOCK_BOOTTIME does not count");
        }
        return clock;
    }

    private static final class Linux implements LongSupplier {
        private static final MethodHandle GETTIME = gettime();

        /** struct timespec: seconds and nanoseconds, 64 bits each. */
        private final ThreadLocal<MemorySegment> times =
                ThreadLocal.withInitial(() -> MemorySegment.ofArray(new long[2]));

        @SuppressWarnings("restricted") // The program is started with the right to call native code.
        private static MethodHandle gettime() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup()
                            .find("clock_gettime")
                            .orElseThrow(() -> new IllegalStateException("there is no clock_gettime")),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                    // It returns at once, and may write to memory on the heap.
                    Linker.Option.critical(true));
        }

        @Override
        public long getAsLong() {
            MemorySegment time = times.get();
            if (call(time) != 0) {
                throw new IllegalStateException("CLOCK_BOOTTIME cannot be read");
            }
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                    + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        }

        private static int call(MemorySegment time) {
            try {
                return (int) GETTIME.invokeExact(CLOCK_BOOTTIME, time);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a native call threw what it cannot", e);
            }
        }
    }
}
