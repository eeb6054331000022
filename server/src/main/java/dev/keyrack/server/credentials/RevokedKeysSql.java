package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.KeyId;
import java.util.List;

/** Keys that were revoked long ago, in the store. */
final class RevokedKeysSql {
    static final String REVOKED = CredentialSql.KEY + """
            WHERE k.state = 'revoked' AND k.state_changed_at < :before ORDER BY k.state_changed_at LIMIT :count
            """;

    /** Every table that speaks of a key by itself; what its conversations were is kept as long as they are. */
    private static final List<String> DELETE = List.of(
            "DELETE FROM refusals WHERE key_id IN (<keys>)",
            "DELETE FROM identity_keys WHERE key_id IN (<keys>)",
            "DELETE FROM key_tokens WHERE key_id IN (<keys>)",
            "DELETE FROM keys WHERE id IN (<keys>)");

    /** The oldest of them, also where several processes look at once: whoever comes second finds them gone. */
    List<Key> revokedBefore(Tx tx, long micros, int count) {
        return tx.handle()
                .createQuery(REVOKED + tx.lock())
                .bind("before", micros)
                .bind("count", count)
                .map((row, context) -> CredentialSql.key(row))
                .list();
    }

    /** A statement for each table, however many they are. */
    void delete(Tx tx, List<KeyId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        List<String> keys = ids.stream().map(KeyId::value).toList();
        for (String sql : DELETE) {
            tx.handle().createUpdate(sql).bindList("keys", keys).execute();
        }
    }
}
