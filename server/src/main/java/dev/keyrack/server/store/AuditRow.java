package dev.keyrack.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An event of the audit trail as it is stored, column by column.
 *
 * @param seq its number in the trail of its organization, from 1 and without gaps
 * @param at when, in microseconds since 1970
 * @param before JSON, or nothing; so is {@code after}
 */
public record AuditRow(
        String organizationId,
        long seq,
        long at,
        String actorKind,
        String actorId,
        String actorName,
        String action,
        String targetKind,
        String targetId,
        @Nullable String targetName,
        @Nullable String before,
        @Nullable String after,
        @Nullable String address,
        String requestId) {
    /** What {@link #read} reads, in this order; {@code mac} may follow. */
    public static final String COLUMNS = "organization_id, seq, at, actor_kind, actor_id, actor_name, action,"
            + " target_kind, target_id, target_name, before_state, after_state, address, request_id";

    public static AuditRow read(ResultSet row) throws SQLException {
        return new AuditRow(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12),
                row.getString(13),
                row.getString(14));
    }

    /** The same event under another number. */
    public AuditRow numbered(long number) {
        return new AuditRow(
                organizationId,
                number,
                at,
                actorKind,
                actorId,
                actorName,
                action,
                targetKind,
                targetId,
                targetName,
                before,
                after,
                address,
                requestId);
    }

    byte[] bytes(String previous) {
        return new Canonical("keyrack audit event 1")
                .text(previous)
                .text(organizationId)
                .number(seq)
                .number(at)
                .text(actorKind)
                .text(actorId)
                .text(actorName)
                .text(action)
                .text(targetKind)
                .text(targetId)
                .text(targetName)
                .text(before)
                .text(after)
                .text(address)
                .text(requestId)
                .bytes();
    }
}
