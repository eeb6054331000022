package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Store;

/** Clears away what was written down of refusals more than a week ago. */
public final class RefusalRetention {
    static final long KEPT_MICROS = 7L * 24 * 3_600 * 1_000_000;

    private static final int BATCH = 5_000;

    private final Store store;
    private final KeyRefusalsSql sql = new KeyRefusalsSql();

    public RefusalRetention(Store store) {
        this.store = store;
    }

    /** Returns how many rows were cleared away. */
    public long clear() {
        long before = store.now() - KEPT_MICROS;
        return Clearing.all(store, BATCH, (tx, most) -> sql.clear(tx, before, most));
    }
}
