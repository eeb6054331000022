package dev.keyrack.server.accounts;

import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose credential a public id is. */
final class DeniedSql {
    private static final String KNOWN = """
            SELECT m.organization_id, 'token', t.id, m.email, NULL
            FROM personal_tokens t JOIN members m ON m.id = t.member_id WHERE t.id = :id
            UNION ALL
            SELECT organization_id, 'member', id, email, NULL FROM members WHERE id = :id
            UNION ALL
            SELECT organization_id, 'key', id, name, state FROM keys WHERE id = :id
            """;

    /** @param state of a key; nothing for what is none */
    record Known(
            String organizationId,
            AuditEvent.Target target,
            @Nullable String state) {}

    Optional<Known> known(Tx tx, String id) {
        return tx.handle()
                .createQuery(KNOWN)
                .bind("id", id)
                .map((row, context) -> new Known(
                        row.getString(1),
                        new AuditEvent.Target(row.getString(2), row.getString(3), row.getString(4)),
                        row.getString(5)))
                .findFirst();
    }

    /** The organization that runs the installation; nothing before somebody set it up. */
    Optional<Known> operator(Tx tx) {
        return tx.handle()
                .createQuery("SELECT id, name FROM organizations WHERE operator = 1 ORDER BY created_at, id LIMIT 1")
                .map((row, context) -> new Known(
                        row.getString(1),
                        new AuditEvent.Target("organization", row.getString(1), row.getString(2)),
                        null))
                .findFirst();
    }
}
