package dev.keyrack.server.credentials;

import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.FeedChange;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Forgets keys that were revoked long ago, so that neither the store nor the nodes' memory grows for ever. What was done with
 * them stays in the audit trail.
 *
 * <p>Guarantee: their tokens are refused as before, as {@code UNKNOWN} instead of {@code REVOKED}.
 */
public final class RevokedKeys {
    /** So many at a time, so that no other change waits long. */
    private static final int BATCH = 200;

    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "housekeeping");

    private final Store store;
    private final long keptMicros;
    private final RevokedKeysSql sql = new RevokedKeysSql();

    /** @param kept how long after its revocation a key is forgotten */
    public RevokedKeys(Store store, Duration kept) {
        this.store = store;
        this.keptMicros = kept.toSeconds() * 1_000_000;
    }

    /** Returns how many were forgotten. */
    public long clear() {
        long all = 0;
        int some;
        do {
            some = store.change(CAUSE, this::clear).result();
            all += some;
        } while (some == BATCH);
        return all;
    }

    /** In the order of their organizations, whose trails are locked one after the other. */
    private Change<Integer> clear(Tx tx) {
        List<Key> old = sql.revokedBefore(tx, tx.at() - keptMicros, BATCH).stream()
                .sorted(Comparator.comparing(Key::organizationId))
                .toList();
        sql.delete(tx, old.stream().map(Key::id).toList());
        return new Change<>(
                old.size(),
                old.stream().map(RevokedKeys::event).toList(),
                old.stream().map(RevokedKeys::entry).toList());
    }

    private static AuditEvent event(Key key) {
        Map<String, Object> before = Stream.ofNullable(key.stateChanged())
                .collect(Collectors.toMap(deed -> "revokedAt", deed -> Times.text(deed.at())));
        return KeyAudit.event(AuditAction.KEY_REMOVED, key, before, null);
    }

    private static FeedDraft entry(Key key) {
        return new FeedDraft(key.organizationId(), new FeedChange.KeyRemoved(key.id()), false);
    }
}
