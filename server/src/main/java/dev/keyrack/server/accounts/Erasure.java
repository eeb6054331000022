package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.FeedChange;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases organizations that were deleted, when the time is over in which they could be restored.
 *
 * <p>Guarantee: afterwards nothing tells of it but the audit trail, which stays whole, and a row without name and subdomain. One
 * that was begun is finished, however often it is interrupted, and can be restored no more.
 */
public final class Erasure {
    /** So many things at a time, so that no other change waits long. */
    private static final int BATCH = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "housekeeping");

    private final Store store;
    private final List<Erasable> parts;
    private final int most;
    private final AccountSql sql = new AccountSql();
    private final DeletionSql deletions = new DeletionSql();

    /** @param parts what slices keep of an organization: what refers to something comes before it */
    public Erasure(Store store, List<Erasable> parts) {
        this(store, parts, BATCH);
    }

    public Erasure(Store store, List<Erasable> parts, int most) {
        this.store = store;
        this.parts = List.copyOf(parts);
        this.most = most;
    }

    /**
     * Returns how many organizations were erased. One that cannot be keeps no other waiting.
     *
     * @throws RuntimeException what kept the last of them, when all were tried
     */
    public long clear() {
        long erased = 0;
        RuntimeException failed = null;
        for (String id : store.read(deletions::toErase)) {
            try {
                erased += erase(id) ? 1 : 0;
            } catch (StoreFailure e) {
                LOG.warn("organization {} could not be erased yet: {}", id, e.getMessage());
                failed = e;
            } catch (RuntimeException e) {
                LOG.error("organization {} could not be erased yet", id, e);
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return erased;
    }

    /** Whether there was anything to erase: somebody may have restored it just now. */
    private boolean erase(String id) {
        boolean begun =
                store.change(CAUSE, tx -> Change.none(deletions.begin(tx, id))).result();
        boolean left = begun;
        while (left) {
            left = store.change(CAUSE, tx -> step(tx, id)).result();
        }
        return begun;
    }

    /** One batch of what is left, or, when nothing is, the end. Whether there may be more. */
    private Change<Boolean> step(Tx tx, String id) {
        Organization erasing = deletions.erasing(tx, id).orElse(null);
        if (erasing == null) {
            return Change.none(false);
        }
        for (Erasable part : parts) {
            Change<Integer> some = part.erase(tx, id, most);
            if (some.result() > 0) {
                return some.map(count -> true);
            }
        }
        deletions.bury(tx, id);
        return new Change<>(
                false,
                OrganizationStates.trails(sql, tx, id).stream()
                        .map(trail -> new AuditEvent(
                                trail,
                                AuditAction.ORGANIZATION_ERASED,
                                erasing.target(),
                                Map.of("state", erasing.state(), "subdomain", erasing.subdomain()),
                                Map.of("state", "erased")))
                        .toList(),
                List.of(new FeedDraft(
                        id, new FeedChange.Organization(id, id, false, true, erasing.version() + 1), false)));
    }
}
