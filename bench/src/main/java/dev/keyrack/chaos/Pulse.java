package dev.keyrack.chaos;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Notices when the machine itself stood still or had no time for us: no node can be blamed for what it did not do then. */
final class Pulse implements Runnable {
    private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long STALL = TimeUnit.MILLISECONDS.toNanos(700);

    private final Set<String> nodes;
    private final History history;
    private final BooleanSupplier going;

    Pulse(Set<String> nodes, History history, BooleanSupplier going) {
        this.nodes = nodes;
        this.history = history;
        this.going = going;
    }

    @Override
    public void run() {
        try {
            long last = history.now();
            while (going.getAsBoolean()) {
                TimeUnit.NANOSECONDS.sleep(BEAT);
                long now = history.now();
                if (now - last > STALL) {
                    history.add(new Event.Disturbed(nodes, "machine: stood still", last, now));
                }
                last = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
