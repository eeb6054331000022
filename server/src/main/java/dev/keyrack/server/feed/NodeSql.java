package dev.keyrack.server.feed;

import dev.keyrack.gate.Registrar;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.store.Rows;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** Nodes and lengths of leases in the store, as the control plane sees them. Nodes themselves write theirs. */
final class NodeSql {
    private static final String COLUMNS = """
            SELECT registration, name, kind, organization_id, version, registered_seq, registered_at, applied,
                   reported_at, reports, granted_at, lease, longest_lease, ended_at, end_reason
            """;

    private static final String NODE = COLUMNS + "FROM nodes ";

    private static final String LIVE = "ended_at IS NULL ORDER BY registered_seq";

    /** A row without a node where none lives. In one question, since whoever changes something waits for each. */
    private static final String ROUND = COLUMNS + """
            , (SELECT MAX(micros) FROM lease_lengths)
            FROM feed_head LEFT JOIN nodes ON\s""" + LIVE;

    /**
     * Of nothing but a node that has not confirmed, and whose every lease is shorter than what was waited for. A grant that
     * is under way holds the row's lock: this waits for it, and then sees what it noted.
     */
    private static final String LAPSE = """
            UPDATE nodes SET ended_at = :at, end_reason = :reason
            WHERE registration = :registration AND ended_at IS NULL AND applied < :number AND longest_lease <= :waited
            """;

    /** Of nothing but a node that has not reported since. */
    private static final String LAPSE_SILENT = """
            UPDATE nodes SET ended_at = :at, end_reason = :reason
            WHERE registration = :registration AND ended_at IS NULL AND reports = :reports
            """;

    /** Of the organization, or of all. Two questions in one, so that each walks the index from its end. */
    private static final String NEWEST_NARROWING = """
            SELECT MAX(seq) FROM (
                SELECT MAX(seq) AS seq FROM feed_entries
                WHERE narrows = 1 AND organization_id = :organization AND seq <= :number
                UNION ALL
                SELECT MAX(seq) AS seq FROM feed_entries
                WHERE narrows = 1 AND organization_id = '' AND seq <= :number
            ) AS newest
            """;

    /** Of each node, when the first change that it has not applied was made. */
    private static final String FIRST_MISSED = "SELECT at FROM feed_entries WHERE seq = :number";

    List<NodeRow> live(Tx tx) {
        return tx.handle()
                .createQuery(NODE + "WHERE " + LIVE)
                .map((row, context) -> row(row))
                .list();
    }

    /** Those that live, and how long their leases may be. */
    NodeRounds.Round round(Tx tx) {
        List<NodeRow> live = new ArrayList<>();
        List<Long> longest = tx.handle()
                .createQuery(ROUND)
                .map((row, context) -> {
                    if (row.getString(1) == null) {
                        return row.getLong(16);
                    }
                    NodeRow node = row(row);
                    live.add(node);
                    return Math.max(row.getLong(16), node.longestLease());
                })
                .list();
        return new NodeRounds.Round(live, Collections.max(longest));
    }

    /** The newest registrations first. */
    List<NodeRow> page(Tx tx, ListQuery query) {
        Cursor after = query.after();
        Query select = tx.handle()
                .createQuery(NODE + (after == null ? "" : "WHERE registered_seq < :after ")
                        + "ORDER BY registered_seq DESC LIMIT :limit")
                .bind("limit", query.limit() + 1);
        if (after != null) {
            select.bind("after", after.number(0));
        }
        return select.map((row, context) -> row(row)).list();
    }

    Optional<NodeRow> node(Tx tx, String registration) {
        return tx.handle()
                .createQuery(NODE + "WHERE registration = :registration")
                .bind("registration", registration)
                .map((row, context) -> row(row))
                .findFirst();
    }

    /** The last change up to this number that narrows something of the organization; 0 when none is kept. */
    long newestNarrowing(Tx tx, String organizationId, long number) {
        return tx.handle()
                .createQuery(NEWEST_NARROWING)
                .bind("organization", organizationId)
                .bind("number", number)
                .map((row, context) -> row.getLong(1))
                .one();
    }

    /** @param waited in microseconds, since before which no lease was granted that does not know the number */
    boolean lapse(Tx tx, String registration, long number, long waited) {
        return tx.handle()
                        .createUpdate(LAPSE)
                        .bind("at", tx.at())
                        .bind("reason", Registrar.End.LAPSED.text())
                        .bind("registration", registration)
                        .bind("number", number)
                        .bind("waited", waited)
                        .execute()
                == 1;
    }

    boolean lapseSilent(Tx tx, String registration, long reports) {
        return tx.handle()
                        .createUpdate(LAPSE_SILENT)
                        .bind("at", tx.at())
                        .bind("reason", Registrar.End.LAPSED.text())
                        .bind("registration", registration)
                        .bind("reports", reports)
                        .execute()
                == 1;
    }

    int clear(Tx tx, long endedBefore) {
        return tx.handle()
                .createUpdate("DELETE FROM nodes WHERE ended_at < :before")
                .bind("before", endedBefore)
                .execute();
    }

    /** The longest of the lengths that leases have now, in microseconds; 0 before they were set. */
    long longestLease(Tx tx) {
        return tx.handle()
                .createQuery("SELECT MAX(micros) FROM lease_lengths")
                .map((row, context) -> row.getLong(1))
                .one();
    }

    void setLease(Tx tx, String keyClass, long micros) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO lease_lengths (class, micros) VALUES (:class, :micros)
                        ON CONFLICT (class) DO NOTHING
                        """)
                .bind("class", keyClass)
                .bind("micros", micros)
                .execute();
    }

    long head(Tx tx) {
        return tx.handle()
                .createQuery("SELECT seq FROM feed_head WHERE id = 1")
                .mapTo(Long.class)
                .one();
    }

    /** When the first change was made that somebody who has applied this number lacks; nothing if there is none. */
    Optional<Long> missedSince(Tx tx, long applied) {
        return tx.handle()
                .createQuery(FIRST_MISSED)
                .bind("number", applied + 1)
                .mapTo(Long.class)
                .findFirst();
    }

    private static NodeRow row(ResultSet row) throws SQLException {
        return new NodeRow(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                Rows.longOrNull(row, 9),
                row.getLong(10),
                Rows.longOrNull(row, 11),
                row.getLong(12),
                row.getLong(13),
                Rows.longOrNull(row, 14),
                row.getString(15));
    }
}
