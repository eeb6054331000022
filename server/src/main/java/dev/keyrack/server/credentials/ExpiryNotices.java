package dev.keyrack.server.credentials;

import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says in the audit trail that a key expires soon: 30, 7 and 1 days ahead.
 *
 * <p>Guarantee: each of these is said once at most for a key and the time at which it expires, whichever and however many
 * processes look, and only ahead of that time. What came due while no process ran is said once, as the nearest of them.
 */
public final class ExpiryNotices {
    /** So many keys at a time, so that no other change waits long. */
    private static final int BATCH = 200;

    private static final int[] DAYS = {30, 7, 1};
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "expiry");

    private final Store store;
    private final ExpirySql sql = new ExpirySql();

    public ExpiryNotices(Store store) {
        this.store = store;
    }

    /** Writes what is due; returns how many events. */
    public long write() {
        long all = 0;
        int keys = BATCH;
        while (keys == BATCH) {
            int[] seen = {0};
            all += store.change(CAUSE, tx -> {
                        List<Key> due = sql.due(tx, BATCH);
                        seen[0] = due.size();
                        List<AuditEvent> events = events(tx, due);
                        return new Change<>(events.size(), events, List.of());
                    })
                    .result();
            keys = seen[0];
        }
        return all;
    }

    /** In the order of their organizations, whose trails are locked one after the other. */
    private List<AuditEvent> events(Tx tx, List<Key> due) {
        List<AuditEvent> events = new ArrayList<>();
        for (Key key : due) {
            sql.plan(tx, key);
            event(key, tx.at()).ifPresent(events::add);
        }
        events.sort(Comparator.comparing(AuditEvent::organizationId));
        return events;
    }

    private static Optional<AuditEvent> event(Key key, long now) {
        Long expiresAt = key.expiresAt();
        if (expiresAt == null || expiresAt <= now) {
            return Optional.empty();
        }
        Map<String, Object> after = new LinkedHashMap<>();
        after.put("expiresAt", Times.text(expiresAt));
        after.put("daysLeft", nearest(expiresAt, now));
        return Optional.of(
                new AuditEvent(key.organizationId(), AuditAction.KEY_EXPIRES_SOON, key.target(), null, after));
    }

    /** The smallest of the days that are not more than are left. */
    private static int nearest(long expiresAt, long now) {
        int nearest = DAYS[0];
        for (int days : DAYS) {
            if (before(expiresAt, days) <= now) {
                nearest = days;
            }
        }
        return nearest;
    }

    /** When the first notice after this moment is due; nothing when there is none any more. */
    static @Nullable Long nextAfter(long expiresAt, long moment) {
        for (int days : DAYS) {
            if (before(expiresAt, days) > moment) {
                return before(expiresAt, days);
            }
        }
        return null;
    }

    private static long before(long expiresAt, int days) {
        return expiresAt - Duration.ofDays(days).toNanos() / 1_000;
    }
}
