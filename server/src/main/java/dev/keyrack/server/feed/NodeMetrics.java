package dev.keyrack.server.feed;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/** What the control plane tells of the nodes: as many series as there are nodes that live; ended ones vanish. */
public final class NodeMetrics {
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60
    };

    private static final String CALL = "call";
    private static final String CANARY = "canary";

    private final Histogram lag = Histogram.builder()
            .name("keyrack_revocation_lag_seconds")
            .help(
                    "Until the last node has confirmed a change that narrows, or lost its lease: of calls since it was stored,"
                            + " of the canary key with the time to store it")
            .labelNames("source")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .withoutExemplars()
            .build();

    /** @param registry where the metrics of this process are */
    public NodeMetrics(PrometheusRegistry registry) {
        registry.register(lag);
    }

    /** From now on the metrics say how many calls there were, be it none. */
    void expectCalls() {
        lag.initLabelValues(CALL);
    }

    void expectCanary() {
        lag.initLabelValues(CANARY);
    }

    void call(long nanos) {
        lag.labelValues(CALL).observe(nanos * 1e-9);
    }

    void canary(long nanos) {
        lag.labelValues(CANARY).observe(nanos * 1e-9);
    }

    /** One node, as the metrics tell it. */
    record Told(String name, String registration, long applied, long lag, double leaseLeft) {}

    /** @param nodes reads the nodes when the metrics are asked for; an empty list when they cannot be read */
    static void tell(PrometheusRegistry registry, Supplier<List<Told>> nodes) {
        registry.register((MultiCollector) () -> snapshots(nodes.get()));
    }

    private static MetricSnapshots snapshots(List<Told> nodes) {
        var count = GaugeSnapshot.builder().name("keyrack_nodes").help("Nodes that are registered");
        count.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(nodes.size())
                .build());
        var applied = GaugeSnapshot.builder()
                .name("keyrack_node_applied")
                .help("The number of the change feed that the node said it has applied");
        var lag = GaugeSnapshot.builder().name("keyrack_node_lag").help("How many entries the node is behind");
        var left = GaugeSnapshot.builder()
                .name("keyrack_node_lease_left_seconds")
                .help("What is left of the node's lease, as the control plane counts it");
        for (Told node : nodes) {
            Labels labels = Labels.of("node", node.name, "registration", node.registration);
            applied.dataPoint(point(labels, (double) node.applied));
            lag.dataPoint(point(labels, (double) node.lag));
            left.dataPoint(point(labels, node.leaseLeft));
        }
        return MetricSnapshots.of(count.build(), applied.build(), lag.build(), left.build());
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }
}
