package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Tx;
import java.util.Optional;

/** How often visitors did something of late, in the store. */
final class VisitorCountSql {
    record Count(String times, long count, long beganAt, long pausedUntil) {
        static final Count NONE = new Count("", 0, 0, 0);
    }

    private static final String COUNT =
            "SELECT times, count, began_at, paused_until FROM visitor_counts WHERE subject = :subject";

    private static Optional<Count> count(Tx tx, String sql, String subject) {
        return tx.handle()
                .createQuery(sql)
                .bind("subject", subject)
                .map((row, context) -> new Count(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .findFirst();
    }

    /** As it stands, for whoever changes nothing. */
    Count find(Tx tx, String subject) {
        return count(tx, COUNT, subject).orElse(Count.NONE);
    }

    /** Within a change, nobody else reads it until the commit. */
    Count get(Tx tx, String subject) {
        // A row that is not there cannot be locked: many first ones at once would not see each other.
        tx.handle()
                .createUpdate("""
                        INSERT INTO visitor_counts (subject, times, count, began_at, paused_until, last_at)
                        VALUES (:subject, '', 0, :at, 0, :at)
                        ON CONFLICT (subject) DO NOTHING
                        """)
                .bind("subject", subject)
                .bind("at", tx.at())
                .execute();
        // It may have been cleared away in between.
        return count(tx, COUNT + tx.lock(), subject).orElse(Count.NONE);
    }

    void set(Tx tx, String subject, Count count) {
        tx.handle()
                .createUpdate("""
                        UPDATE visitor_counts
                        SET times = :times, count = :count, began_at = :began, paused_until = :paused, last_at = :at
                        WHERE subject = :subject
                        """)
                .bind("times", count.times())
                .bind("count", count.count())
                .bind("began", count.beganAt())
                .bind("paused", count.pausedUntil())
                .bind("at", tx.at())
                .bind("subject", subject)
                .execute();
    }

    int clear(Tx tx, long before, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM visitor_counts WHERE subject IN (
                            SELECT subject FROM visitor_counts WHERE last_at <= :before LIMIT :most)
                        """)
                .bind("before", before)
                .bind("most", most)
                .execute();
    }
}
