package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Invitations in the store. */
final class InvitationSql {
    private static final String INVITATION = """
            SELECT i.id, i.organization_id, i.email, i.role, i.invited_by_kind, i.invited_by_id, i.invited_by_name,
                   i.created_at, i.ends_at
            FROM invitations i
            """;

    void insert(Tx tx, Invitation invitation, String digest) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO invitations (id, organization_id, email, email_folded, role, digest, invited_by_kind,
                            invited_by_id, invited_by_name, created_at, ends_at)
                        VALUES (:id, :organization, :email, :folded, :role, :digest, :byKind, :byId, :byName, :createdAt,
                            :endsAt)
                        """)
                .bind("id", invitation.id())
                .bind("organization", invitation.organizationId())
                .bind("email", invitation.email())
                .bind("folded", MemberSql.folded(invitation.email()))
                .bind("role", invitation.role().text())
                .bind("digest", digest)
                .bind("byKind", invitation.invitedBy().kind().text())
                .bind("byId", invitation.invitedBy().id())
                .bind("byName", invitation.invitedBy().name())
                .bind("createdAt", invitation.createdAt())
                .bind("endsAt", invitation.endsAt())
                .execute();
    }

    Optional<Invitation> byEmail(Tx tx, String organizationId, String email) {
        return tx.handle()
                .createQuery(INVITATION + "WHERE i.organization_id = :organization AND i.email_folded = :email")
                .bind("organization", organizationId)
                .bind("email", MemberSql.folded(email))
                .map((row, context) -> invitation(row))
                .findFirst();
    }

    Optional<Invitation> byId(Tx tx, String organizationId, String id) {
        return tx.handle()
                .createQuery(INVITATION + "WHERE i.organization_id = :organization AND i.id = :id" + tx.lock())
                .bind("organization", organizationId)
                .bind("id", id)
                .map((row, context) -> invitation(row))
                .findFirst();
    }

    /** The one that this code opens, unless it has ended. Within a change, nobody else uses it until the commit. */
    Optional<Invitation> open(Tx tx, String digest) {
        return tx.handle()
                .createQuery(INVITATION + "WHERE i.digest = :digest AND i.ends_at > :at" + tx.lock())
                .bind("digest", digest)
                .bind("at", tx.at())
                .map((row, context) -> invitation(row))
                .findFirst();
    }

    /** A page by creation, whose cursor holds it and the id. */
    List<Invitation> page(Tx tx, String organizationId, ListQuery query, @Nullable Long createdBefore) {
        Cursor after = query.after();
        Query select = tx.handle()
                .createQuery(INVITATION
                        + "WHERE i.organization_id = :organization"
                        + (after == null ? "" : " AND (i.created_at, i.id) < (:value, :id)")
                        + " ORDER BY i.created_at DESC, i.id DESC LIMIT :limit")
                .bind("organization", organizationId)
                .bind("limit", query.limit() + 1);
        if (after != null) {
            select.bind("value", createdBefore).bind("id", after.values().get(1));
        }
        return select.map((row, context) -> invitation(row)).list();
    }

    void delete(Tx tx, String id) {
        tx.handle()
                .createUpdate("DELETE FROM invitations WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Those of an organization that ended before this time. */
    void clear(Tx tx, String organizationId, long before) {
        tx.handle()
                .createUpdate("DELETE FROM invitations WHERE organization_id = :organization AND ends_at < :before")
                .bind("organization", organizationId)
                .bind("before", before)
                .execute();
    }

    private static Invitation invitation(ResultSet row) throws SQLException {
        return new Invitation(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Role.of(row.getString(4)).orElseThrow(),
                Actor.of(row.getString(5), row.getString(6), row.getString(7)),
                row.getLong(8),
                row.getLong(9));
    }
}
