package dev.keyrack.server.feed;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.server.store.Tx;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the installation, as the operator sees them, and what becomes of those that are gone.
 *
 * <p>Guarantee: a registration is ended only when no lease of it can be left.
 */
public final class Nodes {
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "nodes");
    private static final long KEPT_MICROS = 24L * 3_600 * 1_000_000;

    private final Store store;
    private final LongSupplier nanos;
    private final NodeSql sql = new NodeSql();

    /** When each node that lives was first seen with as many reports as it has: by one thread only. */
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(long reports, long at) {}

    /** @param nanos a monotonic clock */
    public Nodes(Store store, LongSupplier nanos) {
        this.store = store;
        this.nanos = nanos;
    }

    /** A node, and how far it is behind. */
    record Listed(NodeRow node, long lag, long lagMicros, long at) {}

    /** Sets the lengths of leases in a store that has none yet. */
    public void firstLease(Duration length) {
        if (store.read(sql::longestLease) == 0) {
            long micros = ChronoUnit.MICROS.between(java.time.Instant.EPOCH, java.time.Instant.EPOCH.plus(length));
            store.change(CAUSE, tx -> {
                sql.setLease(tx, "publishable", micros);
                sql.setLease(tx, "secret", micros);
                return Change.none(micros);
            });
        }
    }

    Page<Listed> list(Caller caller, ListQuery query) {
        caller.requireOperator();
        return Page.of(
                store.read(tx -> {
                    long head = sql.head(tx);
                    return sql.page(tx, query).stream()
                            .map(node -> listed(tx, node, head))
                            .toList();
                }),
                query,
                listed -> new Cursor(
                        query.sort(), List.of(String.valueOf(listed.node().registeredAs()))));
    }

    private Listed listed(Tx tx, NodeRow node, long head) {
        if (node.endedAt() != null) {
            return new Listed(node, 0, 0, tx.at());
        }
        long lag = Math.max(0, head - node.applied());
        long since =
                lag == 0 ? tx.at() : sql.missedSince(tx, node.applied()).orElse(Math.min(tx.at(), node.registeredAt()));
        return new Listed(node, lag, Math.max(0, tx.at() - since), tx.at());
    }

    /** Lets the metrics of this process tell of the nodes, read as they are asked for. */
    public void tell(PrometheusRegistry registry) {
        NodeMetrics.tell(registry, this::told);
    }

    /** Nothing when the store cannot be read: the metrics of this process are needed then more than ever. */
    private List<NodeMetrics.Told> told() {
        try {
            return store.read(tx -> {
                long head = sql.head(tx);
                return sql.live(tx).stream()
                        .map(node -> new NodeMetrics.Told(
                                node.name(),
                                node.registration(),
                                node.applied(),
                                Math.max(0, head - node.applied()),
                                node.leaseLeft(tx.at()) / 1e6))
                        .toList();
            });
        } catch (StoreFailure e) {
            return List.of();
        }
    }

    /**
     * Ends the registrations of nodes that have not reported for twice the longest lease, so that no revocation waits for
     * them. Called now and then, by one thread.
     *
     * @return how many were ended
     */
    public int endSilent() {
        int ended = 0;
        List<NodeRow> live = store.read(sql::live);
        seen.keySet().retainAll(live.stream().map(NodeRow::registration).toList());
        long now = nanos.getAsLong();
        for (NodeRow node : live) {
            Seen last = seen.get(node.registration());
            if (last == null || last.reports != node.reports()) {
                seen.put(node.registration(), new Seen(node.reports(), now));
            } else if (now - last.at > TimeUnit.MICROSECONDS.toNanos(2 * node.longestLease()) && lapse(node)) {
                ended++;
            }
        }
        return ended;
    }

    /** Only if it has not reported in the meantime. What it was granted before has run out. */
    private boolean lapse(NodeRow node) {
        return store.change(CAUSE, tx -> Change.none(sql.lapseSilent(tx, node.registration(), node.reports())))
                .result();
    }

    /** Clears away registrations that ended more than a day ago. */
    public int clear() {
        return store.change(CAUSE, tx -> Change.none(sql.clear(tx, tx.at() - KEPT_MICROS)))
                .result();
    }

    /** What to say of a node in one word. */
    static String state(NodeRow node, long now) {
        @Nullable String ended = node.endReason();
        if (ended != null) {
            return ended;
        }
        if (node.grantedAt() == null) {
            return "joining";
        }
        return node.leaseLeft(now) > 0 ? "serving" : "stale";
    }
}
