package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Store;

/**
 * Clears away what visitors said, and who they were, when its time is over: what was said is personal data.
 *
 * <p>Guarantee: a conversation in which nothing was said for as long as its organization keeps them is gone with all its
 * messages at the next run, and so is a visitor of whom nothing else is left.
 */
public final class ConversationRetention {
    private static final int BATCH = 500;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final Store store;
    private final long usualDays;
    private final ConversationSql conversations = new ConversationSql();
    private final VisitorSessionSql sessions = new VisitorSessionSql();
    private final VisitorCountSql counts = new VisitorCountSql();
    private final IdentityKeySql identities = new IdentityKeySql();

    /** @param usualDays how many days conversations are kept where the organization chose nothing */
    public ConversationRetention(Store store, long usualDays) {
        this.store = store;
        this.usualDays = usualDays;
    }

    /** Returns how many conversations were cleared away. */
    public long clear() {
        return store.read(tx -> conversations.overdue(tx, usualDays)).stream()
                .mapToLong(overdue -> Clearing.all(store, BATCH, (tx, most) -> conversations.clear(tx, overdue, most)))
                .sum();
    }

    /** Returns how many sessions, visitors, counts and used identities were cleared away. */
    public long clearVisits() {
        return Clearing.all(store, BATCH, sessions::clearAccess)
                + Clearing.all(store, BATCH, sessions::clearSessions)
                + Clearing.all(
                        store,
                        BATCH,
                        (tx, most) -> sessions.clearVisitors(tx, tx.at() - ConversationSql.DAY_MICROS, most))
                + Clearing.all(store, BATCH, (tx, most) -> counts.clear(tx, tx.at() - 2 * HOUR_MICROS, most))
                + Clearing.all(store, BATCH, identities::clearUsed);
    }
}
