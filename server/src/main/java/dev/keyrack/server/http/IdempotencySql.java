package dev.keyrack.server.http;

import dev.keyrack.server.store.Tx;
import org.jspecify.annotations.Nullable;

/** Calls under an Idempotency-Key in the store. */
final class IdempotencySql {
    /**
     * Takes the id for a call that is about to be carried out, unless it was carried out already. The row is there for
     * others only if the call is: until then a second process that wants the id waits here (PostgreSQL), or for its turn
     * to write (SQLite).
     */
    private static final String CLAIM = """
            INSERT INTO idempotency (id, request_hash, created_at, expires_at)
            VALUES (:id, :requestHash, :at, :expiresAt)
            ON CONFLICT (id) DO UPDATE SET request_hash = excluded.request_hash, sealed = NULL, holder_id = NULL,
                created_at = excluded.created_at, expires_at = excluded.expires_at
            WHERE idempotency.expires_at <= excluded.created_at
            RETURNING id
            """;

    private static final String CLEAR = """
            DELETE FROM idempotency WHERE id IN
                (SELECT id FROM idempotency WHERE expires_at <= :at ORDER BY expires_at LIMIT :count)
            """;

    /** @param sealed nothing when the answer is not to be given again */
    record Kept(String requestHash, @Nullable String sealed) {}

    boolean claim(Tx tx, IdempotentCall call, long expiresAt) {
        return tx.handle()
                .createQuery(CLAIM)
                .bind("id", call.id())
                .bind("requestHash", call.requestHash())
                .bind("at", tx.at())
                .bind("expiresAt", expiresAt)
                .mapTo(String.class)
                .findFirst()
                .isPresent();
    }

    void keep(Tx tx, IdempotentCall call, @Nullable String sealed, @Nullable String holder) {
        tx.handle()
                .createUpdate("UPDATE idempotency SET sealed = :sealed, holder_id = :holder WHERE id = :id")
                .bind("id", call.id())
                .bind("sealed", sealed)
                .bind("holder", holder)
                .execute();
    }

    Kept kept(Tx tx, IdempotentCall call) {
        return tx.handle()
                .createQuery("SELECT request_hash, sealed FROM idempotency WHERE id = :id")
                .bind("id", call.id())
                .map((row, context) -> new Kept(row.getString(1), row.getString(2)))
                .one();
    }

    void erase(Tx tx, String holder) {
        tx.handle()
                .createUpdate("UPDATE idempotency SET sealed = NULL WHERE holder_id = :holder AND sealed IS NOT NULL")
                .bind("holder", holder)
                .execute();
    }

    int clear(Tx tx, int count) {
        return tx.handle()
                .createUpdate(CLEAR)
                .bind("at", tx.at())
                .bind("count", count)
                .execute();
    }
}
