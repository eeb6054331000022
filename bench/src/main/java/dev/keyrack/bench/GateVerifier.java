package dev.keyrack.bench;

import dev.keyrack.gate.BootClock;
import dev.keyrack.gate.ControlClock;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import java.util.function.LongSupplier;

/** A verifier as a gate has it: it looks at its lease and at the clock for every yes, as it would in earnest. */
final class GateVerifier {
    /** Longer than any measurement. */
    private static final long DAYS = 30L * 24 * 3_600 * 1_000_000_000;

    private GateVerifier() {}

    static Verifier of(Replica replica) {
        LongSupplier nanos = BootClock.of(System::nanoTime);
        Lease lease = new Lease(nanos);
        lease.grant(nanos.getAsLong(), DAYS, DAYS);
        return new Verifier(replica, new ControlClock(nanos), lease);
    }

    /** As the process has it that holds the embedded store. */
    static Verifier withoutLease(Replica replica) {
        return new Verifier(replica, new ControlClock(BootClock.of(System::nanoTime)));
    }
}
