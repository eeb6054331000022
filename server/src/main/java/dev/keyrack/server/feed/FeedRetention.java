package dev.keyrack.server.feed;

import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Store;

/**
 * Clears away entries of the change feed that are older than 24 hours. A node that asks for one of them takes a snapshot
 * instead.
 *
 * <p>Guarantees: what is left has no gap, and always has the newest entry, so that a node that is up to date after a quiet
 * day needs no snapshot for the next change.
 */
public final class FeedRetention {
    private static final long KEPT_MICROS = 24L * 3_600 * 1_000_000;

    private static final int BATCH = 5_000;

    private final Store store;
    private final FeedRetentionSql sql = new FeedRetentionSql();

    public FeedRetention(Store store) {
        this.store = store;
    }

    /** Returns how many entries were cleared away. */
    public long clear() {
        long before = store.now() - KEPT_MICROS;
        return Clearing.all(store, BATCH, (tx, most) -> sql.clear(tx, before, most));
    }
}
