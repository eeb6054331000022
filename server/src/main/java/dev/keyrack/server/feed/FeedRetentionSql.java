package dev.keyrack.server.feed;

import dev.keyrack.server.store.Tx;

/** Old entries of the change feed in the store. */
final class FeedRetentionSql {
    /**
     * Everything before the first entry that must stay. Numbers decide, not times: a clock that was set back must not tear
     * a gap.
     */
    private static final String CLEAR = """
            DELETE FROM feed_entries
            WHERE seq < (SELECT MIN(seq) FROM feed_entries
                         WHERE at >= :before OR seq = (SELECT seq FROM feed_head WHERE id = 1))
              AND seq < (SELECT MIN(seq) FROM feed_entries) + :count
            """;

    int clear(Tx tx, long before, int count) {
        return tx.handle()
                .createUpdate(CLEAR)
                .bind("before", before)
                .bind("count", count)
                .execute();
    }
}
