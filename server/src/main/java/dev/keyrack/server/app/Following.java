package dev.keyrack.server.app;

import dev.keyrack.gate.BootClock;
import dev.keyrack.gate.ControlClock;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedMetrics;
import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.LeaseKeeper;
import dev.keyrack.gate.NodeName;
import dev.keyrack.gate.Registrar;
import dev.keyrack.gate.RegistrarSql;
import dev.keyrack.server.feed.Confirmations;
import dev.keyrack.server.feed.NodeMetrics;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How this process's own gate follows the change feed, and how changes made here are confirmed.
 *
 * @param follower not yet started
 */
record Following(Replica replica, FeedFollower follower, Verifier verifier, Confirmations confirmations) {
    private static final String NAME = NodeName.of(Registrar.Kind.SERVE);

    /** What it is made of. */
    record Parts(Store store, Ids ids, String version, PrometheusMeterRegistry metrics, NodeMetrics nodeMetrics) {
        private FeedSource feed() {
            return store.feed();
        }

        private long wallNanos() {
            return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        }
    }

    /** On the embedded store, which this process alone holds. */
    static Following embedded(Parts parts) {
        Replica replica = new Replica();
        ControlClock time = new ControlClock(BootClock.watched(parts::wallNanos));
        FeedFollower follower = new FeedFollower(parts.feed(), replica, time);
        FeedMetrics.register(parts.metrics().getPrometheusRegistry(), follower, Lease.UNLIMITED);
        return new Following(
                replica, follower, new Verifier(replica, time), Confirmations.embedded(parts.store(), NAME));
    }

    /**
     * On a store that other processes use, too: this gate is a node among others.
     *
     * @param length of leases, as far as it is known without the store
     */
    static Following leased(Parts parts, Duration length) {
        Replica replica = new Replica();
        LongSupplier nanos = BootClock.of(parts::wallNanos);
        ControlClock time = new ControlClock(nanos);
        Lease lease = new Lease(nanos);
        Store store = parts.store();
        LeaseKeeper keeper = new LeaseKeeper(
                store.shared()
                        ? RegistrarSql.postgresql(
                                store.forNodes(), store::now, parts.ids().random())
                        : new RegistrarSql(
                                store.forNodes(), store::now, parts.ids().random()),
                new Registrar.Node(NAME, Registrar.Kind.SERVE, null, parts.version()),
                replica,
                lease,
                nanos,
                () -> parts.ids().next("reg"));
        FeedFollower follower = new FeedFollower(parts.feed(), replica, time, keeper, FeedFollower.POLL_UNWOKEN);
        var registry = parts.metrics().getPrometheusRegistry();
        Confirmations confirmations =
                Confirmations.leased(store, NAME, keeper::registration, length, System::nanoTime, parts.nodeMetrics());
        follower.whenInDoubt(confirmations::inDoubt);
        FeedMetrics.register(registry, follower, lease);
        return new Following(replica, follower, new Verifier(replica, time, lease), confirmations);
    }
}
