package dev.keyrack.verifier;

import java.util.function.LongSupplier;

/** A node's clock whose two times go as a test wants. */
final class TestingClock {
    private TestingClock() {}

    static NodeClock of(LongSupplier nanos, LongSupplier micros) {
        return new NodeClock() {
            @Override
            public long nanos() {
                return nanos.getAsLong();
            }

            @Override
            public long at(long reading) {
                return micros.getAsLong();
            }
        };
    }
}
