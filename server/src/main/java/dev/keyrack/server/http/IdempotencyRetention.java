package dev.keyrack.server.http;

import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Store;

/** Clears away what is kept of calls under an Idempotency-Key once its 24 hours are over. */
public final class IdempotencyRetention {
    private static final int BATCH = 1_000;

    private final Store store;
    private final IdempotencySql sql = new IdempotencySql();

    public IdempotencyRetention(Store store) {
        this.store = store;
    }

    /** Returns how many were cleared away. */
    public long clear() {
        return Clearing.all(store, BATCH, sql::clear);
    }
}
