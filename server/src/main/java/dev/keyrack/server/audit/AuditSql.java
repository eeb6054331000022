package dev.keyrack.server.audit;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads the audit trail. */
final class AuditSql {
    private static final String EVENT = """
            SELECT seq, at, organization_id, actor_kind, actor_id, actor_name, action, target_kind, target_id,
                   target_name, before_state, after_state, address, request_id
            FROM audit_events WHERE organization_id = :organization
            """;

    /** A row of the trail; before and after are JSON objects. */
    record Row(
            long seq,
            long at,
            String organizationId,
            Actor actor,
            String action,
            String targetKind,
            String targetId,
            @Nullable String targetName,
            @Nullable String before,
            @Nullable String after,
            @Nullable String address,
            String requestId) {}

    /** The newest events first. */
    List<Row> page(Tx tx, String organizationId, ListQuery query, @Nullable Long since, @Nullable Long until) {
        Cursor after = query.after();
        StringBuilder sql = new StringBuilder(EVENT);
        query.one("target").ifPresent(v -> sql.append(" AND target_id = :target"));
        query.one("action").ifPresent(v -> sql.append(" AND action = :action"));
        query.one("actor").ifPresent(v -> sql.append(" AND actor_id = :actor"));
        sql.append(since == null ? "" : " AND at >= :since");
        sql.append(until == null ? "" : " AND at < :until");
        sql.append(after == null ? "" : " AND (at, seq) < (:at, :seq)");
        sql.append(" ORDER BY at DESC, seq DESC LIMIT :limit");
        Query select = tx.handle()
                .createQuery(sql)
                .bind("organization", organizationId)
                .bind("limit", query.limit() + 1);
        for (String filter : List.of("target", "action", "actor")) {
            query.one(filter).ifPresent(value -> select.bind(filter, value));
        }
        if (since != null) {
            select.bind("since", since);
        }
        if (until != null) {
            select.bind("until", until);
        }
        if (after != null) {
            select.bind("at", after.number(0)).bind("seq", after.number(1));
        }
        return select.map((row, context) -> row(row)).list();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                Actor.of(row.getString(4), row.getString(5), row.getString(6)),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12),
                row.getString(13),
                row.getString(14));
    }
}
