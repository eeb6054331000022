package dev.keyrack.server.credentials;

import dev.keyrack.gate.RefusalSql;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Code;
import java.util.List;

/** What gates wrote down of refusals: see {@link RefusalSql}. */
final class KeyRefusalsSql {
    /** More are never told, however many nodes wrote at once. */
    private static final int MOST_GROUPS = 1_500;

    /** Everything of one rule and value. */
    record Group(Code code, boolean observed, String value, long count, long firstAt, long lastAt) {}

    /** Everything in one hour. */
    record Hour(long at, long count, long observed) {}

    List<Group> groups(Tx tx, String key, long after) {
        return tx.handle()
                .createQuery("""
                        SELECT code, observed, value, SUM(count) AS count, MIN(first_at) AS first_at,
                               MAX(last_at) AS last_at
                        FROM refusals WHERE key_id = :key AND last_at >= :after
                        GROUP BY code, observed, value ORDER BY MAX(last_at) DESC, code, value LIMIT :most
                        """)
                .bind("key", key)
                .bind("after", after)
                .bind("most", MOST_GROUPS)
                .map((row, context) -> new Group(
                        Code.valueOf(row.getString("code")),
                        row.getInt("observed") != 0,
                        row.getString("value"),
                        row.getLong("count"),
                        row.getLong("first_at"),
                        row.getLong("last_at")))
                .list();
    }

    List<Hour> hours(Tx tx, String key, long after) {
        return tx.handle()
                .createQuery("""
                        SELECT hour, SUM(count * (1 - observed)) AS refused, SUM(count * observed) AS observed
                        FROM refusals WHERE key_id = :key AND last_at >= :after GROUP BY hour ORDER BY hour
                        """)
                .bind("key", key)
                .bind("after", after)
                .map((row, context) -> new Hour(row.getLong("hour"), row.getLong("refused"), row.getLong("observed")))
                .list();
    }

    /** Returns how many rows were cleared away. */
    int clear(Tx tx, long before, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM refusals WHERE (key_id, hour, code, observed, value) IN
                            (SELECT key_id, hour, code, observed, value FROM refusals
                             WHERE last_at < :before ORDER BY last_at LIMIT :most)
                        """)
                .bind("before", before)
                .bind("most", most)
                .execute();
    }
}
