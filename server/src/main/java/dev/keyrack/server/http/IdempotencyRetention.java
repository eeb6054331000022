package dev.keyrack.server.http;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;

/** Clears away what is kept of calls under an Idempotency-Key once its 24 hours are over. */
public final class IdempotencyRetention {
    /** So many at a time, so that no other change waits long. */
    private static final int BATCH = 1_000;

    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "housekeeping");

    private final Store store;
    private final IdempotencySql sql = new IdempotencySql();

    public IdempotencyRetention(Store store) {
        this.store = store;
    }

    /** Returns how many were cleared away. */
    public long clear() {
        long all = 0;
        int some;
        do {
            some = store.change(CAUSE, tx -> Change.none(sql.clear(tx, BATCH))).result();
            all += some;
        } while (some == BATCH);
        return all;
    }
}
