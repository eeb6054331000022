package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When the next notice of a key's expiry is due, in the store: a column that an index of its own leads to. */
final class ExpirySql {
    /** Keys whose notice is due, also where several processes look at once: whoever comes second finds it written. */
    static final String DUE = CredentialSql.KEY + """
            WHERE k.expiry_notice_at <= :at AND k.state <> 'revoked' ORDER BY k.expiry_notice_at LIMIT :count
            """;

    /** Plans the notices of a key whose expiry is now this: those ahead, and none that is late already. */
    void plan(Tx tx, Key key) {
        Long expiresAt = key.expiresAt();
        setNotice(tx, key, expiresAt == null ? null : ExpiryNotices.nextAfter(expiresAt, tx.at()));
    }

    List<Key> due(Tx tx, int count) {
        return tx.handle()
                .createQuery(DUE + tx.lock())
                .bind("at", tx.at())
                .bind("count", count)
                .map((row, context) -> CredentialSql.key(row))
                .list();
    }

    private static void setNotice(Tx tx, Key key, @Nullable Long at) {
        tx.handle()
                .createUpdate("UPDATE keys SET expiry_notice_at = :at WHERE id = :id")
                .bind("id", key.id().value())
                .bind("at", at)
                .execute();
    }
}
