package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyId;
import java.util.List;
import java.util.function.Function;

/**
 * The keys of an organization that is erased, in whatever state. Its trail tells of the organization, not of each of them.
 *
 * <p>Guarantee: their tokens are refused as before, as {@code UNKNOWN} instead of {@code SUSPENDED}.
 */
public final class ErasedKeysSql implements Erasable {
    private final RevokedKeysSql keys = new RevokedKeysSql();
    private final Function<String, List<String>> counts;

    /** @param counts of a key's id: under which names it is counted what visitors do with it */
    public ErasedKeysSql(Function<String, List<String>> counts) {
        this.counts = counts;
    }

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
        if (some.isEmpty()) {
            return Change.none(0);
        }
        List<String> ids = some.stream().map(KeyId::value).toList();
        // Both outlive a key that was revoked, for a while.
        tx.handle()
                .createUpdate("DELETE FROM idempotency WHERE holder_id IN (<keys>)")
                .bindList("keys", ids)
                .execute();
        tx.handle()
                .createUpdate("DELETE FROM visitor_counts WHERE subject IN (<subjects>)")
                .bindList(
                        "subjects",
                        ids.stream().map(counts).flatMap(List::stream).toList())
                .execute();
        keys.delete(tx, some);
        return new Change<>(
                some.size(),
                List.of(),
                some.stream()
                        .map(id -> new FeedDraft(organizationId, new FeedChange.KeyRemoved(id), false))
                        .toList());
    }
}
