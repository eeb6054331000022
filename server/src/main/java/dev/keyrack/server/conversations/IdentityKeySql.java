package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Tx;
import java.util.List;
import java.util.Optional;

/** Identity keys, and identities that were used, in the store. */
final class IdentityKeySql {
    /** A live one. */
    record Key(String kid, String keyId, String sealed, long createdAt, Actor createdBy) {}

    private static final String LIVE = """
            SELECT kid, key_id, sealed, created_at, created_by_kind, created_by_id, created_by_name
            FROM identity_keys WHERE key_id = :key AND ended_at IS NULL
            """;

    private static Key key(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Key(
                row.getString("kid"),
                row.getString("key_id"),
                row.getString("sealed"),
                row.getLong("created_at"),
                Actor.of(
                        row.getString("created_by_kind"),
                        row.getString("created_by_id"),
                        row.getString("created_by_name")));
    }

    Optional<Key> live(Tx tx, String keyId, String kid) {
        return tx.handle()
                .createQuery(LIVE + " AND kid = :kid" + tx.lock())
                .bind("key", keyId)
                .bind("kid", kid)
                .map((row, context) -> key(row))
                .findFirst();
    }

    /** Oldest first. */
    List<Key> list(Tx tx, String keyId) {
        return tx.handle()
                .createQuery(LIVE + " ORDER BY created_at, kid")
                .bind("key", keyId)
                .map((row, context) -> key(row))
                .list();
    }

    void insert(Tx tx, Key key) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO identity_keys (kid, key_id, sealed, created_at, created_by_kind, created_by_id,
                            created_by_name)
                        VALUES (:kid, :key, :sealed, :at, :kind, :id, :name)
                        """)
                .bind("kid", key.kid())
                .bind("key", key.keyId())
                .bind("sealed", key.sealed())
                .bind("at", key.createdAt())
                .bind("kind", key.createdBy().kind().text())
                .bind("id", key.createdBy().id())
                .bind("name", key.createdBy().name())
                .execute();
    }

    /** Its secret goes with it. */
    void end(Tx tx, String kid) {
        tx.handle()
                .createUpdate("UPDATE identity_keys SET ended_at = :at, sealed = NULL WHERE kid = :kid")
                .bind("at", tx.at())
                .bind("kid", kid)
                .execute();
    }

    /** Whether this was one, and has ended. */
    boolean ended(Tx tx, String keyId, String kid) {
        return tx.handle()
                .createQuery("SELECT 1 FROM identity_keys WHERE key_id = :key AND kid = :kid AND ended_at IS NOT NULL")
                .bind("key", keyId)
                .bind("kid", kid)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Whether it is live, which it then stays until the commit. */
    boolean hold(Tx tx, String kid) {
        return tx.handle()
                .createQuery("SELECT 1 FROM identity_keys k WHERE k.kid = :kid AND k.ended_at IS NULL" + tx.hold("k"))
                .bind("kid", kid)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Whether this was the first time. */
    boolean use(Tx tx, String digest, long endsAt) {
        return tx.handle()
                        .createUpdate("""
                                INSERT INTO identities_used (digest, ends_at) VALUES (:digest, :ends)
                                ON CONFLICT (digest) DO NOTHING
                                """)
                        .bind("digest", digest)
                        .bind("ends", endsAt)
                        .execute()
                == 1;
    }

    /** Notes which session it opened. */
    void open(Tx tx, String digest, String sessionId) {
        tx.handle()
                .createUpdate("UPDATE identities_used SET session_id = :session WHERE digest = :digest")
                .bind("session", sessionId)
                .bind("digest", digest)
                .execute();
    }

    /** Whether this identity opened this session. */
    boolean opened(Tx tx, String digest, String sessionId) {
        return tx.handle()
                .createQuery("SELECT 1 FROM identities_used WHERE digest = :digest AND session_id = :session")
                .bind("digest", digest)
                .bind("session", sessionId)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    int clearUsed(Tx tx, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM identities_used WHERE digest IN (
                            SELECT digest FROM identities_used WHERE ends_at <= :at LIMIT :most)
                        """)
                .bind("at", tx.at())
                .bind("most", most)
                .execute();
    }
}
