package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;

/** Clears away what was written down of refusals more than a week ago. */
public final class RefusalRetention {
    static final long KEPT_MICROS = 7L * 24 * 3_600 * 1_000_000;

    /** So many at a time, so that no other change waits long. */
    private static final int BATCH = 5_000;

    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "housekeeping");

    private final Store store;
    private final KeyRefusalsSql sql = new KeyRefusalsSql();

    public RefusalRetention(Store store) {
        this.store = store;
    }

    /** Returns how many rows were cleared away. */
    public long clear() {
        long before = store.now() - KEPT_MICROS;
        long all = 0;
        int some;
        do {
            some = store.change(CAUSE, tx -> Change.none(sql.clear(tx, before, BATCH)))
                    .result();
            all += some;
        } while (some == BATCH);
        return all;
    }
}
