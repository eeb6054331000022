package dev.keyrack.gate;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Replica;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a gate counts. Every counter of a verdict is made beforehand, so that counting is two array look-ups. */
final class GateMetrics implements AutoCloseable {
    private static final double[] SECONDS = {
        0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 1, 10
    };

    private final PrometheusRegistry registry;
    private final List<Collector> registered = new ArrayList<>();
    private final Map<Endpoint, Map<Code, CounterDataPoint>> verdicts = new EnumMap<>(Endpoint.class);
    private final Map<Endpoint, DistributionDataPoint> seconds = new EnumMap<>(Endpoint.class);
    private final Map<Endpoint, CounterDataPoint> refusedAskers = new EnumMap<>(Endpoint.class);
    private final Counter malformed;

    GateMetrics(PrometheusRegistry registry, Replica replica, AtomicInteger connections) {
        this.registry = registry;
        Counter codes = Counter.builder()
                .name("keyrack_verdicts")
                .help("Verdicts given")
                .labelNames("endpoint", "code")
                .withoutExemplars()
                .build();
        Histogram latency = Histogram.builder()
                .name("keyrack_verification_seconds")
                .help("From the head of a request to its answer")
                .labelNames("endpoint")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .build();
        Counter refused = Counter.builder()
                .name("keyrack_refused_askers")
                .help("Requests of askers that did not show who they are")
                .labelNames("endpoint")
                .withoutExemplars()
                .build();
        for (Endpoint endpoint : Endpoint.values()) {
            Map<Code, CounterDataPoint> of = new EnumMap<>(Code.class);
            for (Code code : Code.values()) {
                of.put(code, codes.labelValues(endpoint.label(), code.name()));
            }
            verdicts.put(endpoint, of);
            seconds.put(endpoint, latency.labelValues(endpoint.label()));
            refusedAskers.put(endpoint, refused.labelValues(endpoint.label()));
        }
        malformed = Counter.builder()
                .name("keyrack_malformed_requests")
                .help("Requests that were refused as malformed")
                .withoutExemplars()
                .build();
        register(codes);
        register(latency);
        register(refused);
        register(malformed);
        gauge("keyrack_feed_number", "Number of the change feed that is in force", replica::number);
        gauge("keyrack_replica_keys", "Keys held in memory", replica::size);
        gauge("keyrack_connections", "Open connections", connections::get);
    }

    void verdict(Endpoint endpoint, Code code, long nanos) {
        of(of(verdicts, endpoint), code).inc();
        of(seconds, endpoint).observe(nanos * 1e-9);
    }

    void refusedAsker(Endpoint endpoint) {
        of(refusedAskers, endpoint).inc();
    }

    void malformedRequest() {
        malformed.inc();
    }

    @Override
    public void close() {
        registered.forEach(registry::unregister);
    }

    private interface Value {
        double now();
    }

    private void gauge(String name, String help, Value value) {
        register(GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.now()))
                .build());
    }

    private void register(Collector collector) {
        registry.register(collector);
        registered.add(collector);
    }

    private static <K, V> V of(Map<K, V> complete, K key) {
        V value = complete.get(key);
        if (value == null) {
            throw new IllegalStateException("every value of an enum was counted in");
        }
        return value;
    }
}
