package dev.keyrack.gate;

import dev.keyrack.verifier.Lease;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;

/** How a node keeps up with the change feed, as it sees it itself. */
public final class FeedMetrics {
    private FeedMetrics() {}

    /** @param lease infinite where the node needs none */
    public static void register(PrometheusRegistry registry, FeedFollower follower, Lease lease) {
        gauge(
                registry,
                "keyrack_feed_lag",
                "How many entries the node was behind when it read the change feed last",
                follower::lag);
        gauge(
                registry,
                "keyrack_lease_left_seconds",
                "How long this node may answer VALID without hearing from the control plane again",
                () -> lease.left() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : lease.left() * 1e-9);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        registry.register(GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .build());
    }
}
