package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyId;
import java.util.List;

/**
 * The keys of an organization that is erased, in whatever state. Its trail tells of the organization, not of each of them.
 *
 * <p>Guarantee: their tokens are refused as before, as {@code UNKNOWN} instead of {@code SUSPENDED}.
 */
public final class ErasedKeysSql implements Erasable {
    /** What outlives a key that was revoked, for a while. */
    private static final List<String> DELETE = List.of(
            "DELETE FROM idempotency WHERE holder_id = :key",
            "DELETE FROM visitor_counts WHERE subject IN ('ck/' || :key, 'mk/' || :key, 'sk/' || :key)");

    private final RevokedKeysSql keys = new RevokedKeysSql();

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        List<KeyId> some = tx.handle()
                .createQuery(
                        "SELECT id FROM keys WHERE organization_id = :organization ORDER BY created_at, id LIMIT :most"
                                + tx.lock())
                .bind("organization", organizationId)
                .bind("most", most)
                .map((row, context) -> new KeyId(row.getString(1)))
                .list();
        for (KeyId id : some) {
            for (String sql : DELETE) {
                tx.handle().createUpdate(sql).bind("key", id.value()).execute();
            }
            keys.delete(tx, id);
        }
        return new Change<>(
                some.size(),
                List.of(),
                some.stream()
                        .map(id -> new FeedDraft(organizationId, new FeedChange.KeyRemoved(id), false))
                        .toList());
    }
}
