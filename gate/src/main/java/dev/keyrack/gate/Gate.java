package dev.keyrack.gate;

import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The data plane's HTTP server: {@code /v1/verify}, {@code /v1/authorize}, {@code /v1/introspect}, health and metrics.
 *
 * <p>Guarantees: an answer comes from memory alone; no request, however malformed or slow, disturbs another connection;
 * no token appears in a log line, a metric or an answer.
 */
public final class Gate implements AutoCloseable {
    private static final int SECONDS_TO_START = 30;

    private final GateSettings settings;
    private final SocketAddress address;
    private final Trust trust;
    private final GateMetrics metrics;
    private final Refusals refusals;
    private final Vertx vertx;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile int port;

    private Gate(
            GateSettings settings,
            InetAddress bound,
            Replica replica,
            Refusals refusals,
            PrometheusMeterRegistry registry) {
        this.settings = settings;
        this.refusals = refusals;
        this.address = settings.port() == 0
                ? SocketAddress.sharedRandomPort(1, bound.getHostAddress())
                : SocketAddress.inetSocketAddress(settings.port(), bound.getHostAddress());
        this.trust = new Trust(bound, Networks.parse(settings.trustedNetworks()));
        this.metrics = new GateMetrics(registry.getPrometheusRegistry(), replica, connections);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /**
     * Starts to listen. The gate answers from the replica as it is, and says {@code STALE} until it is loaded.
     *
     * @throws CannotListen when the address is taken, or not this machine's; nothing is left running then
     */
    public static Gate start(
            GateSettings settings, Replica replica, Verifier verifier, PrometheusMeterRegistry registry) {
        return start(settings, replica, verifier, new Refusals(), registry, () -> true);
    }

    /**
     * As above, in a process that does more than this.
     *
     * @param refusals where what is refused is counted
     * @param restReady whether the rest of the process is ready, without which this gate does not say that it is
     */
    public static Gate start(
            GateSettings settings,
            Replica replica,
            Verifier verifier,
            Refusals refusals,
            PrometheusMeterRegistry registry,
            BooleanSupplier restReady) {
        Gate gate = new Gate(settings, resolved(settings), replica, refusals, registry);
        StatusApi.Source source =
                new StatusApi.Source(replica, verifier.lease(), gate.closing::get, restReady, registry);
        try {
            DeploymentOptions everyLoop = new DeploymentOptions().setInstances(settings.eventLoops());
            await(gate.vertx.deployVerticle(() -> new GateLoop(gate, verifier, source), everyLoop));
            return gate;
        } catch (ExecutionException e) {
            gate.close();
            throw new CannotListen(settings.host(), settings.port(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            gate.close();
            throw new CannotListen(settings.host(), settings.port(), e);
        }
    }

    private static InetAddress resolved(GateSettings settings) {
        try {
            return InetAddress.getByName(settings.host());
        } catch (UnknownHostException e) {
            throw new CannotListen(settings.host(), settings.port(), e);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** Who is trusted without a verifier key, line by line, for the operator to read at the start. */
    public List<String> trust() {
        return trust.lines();
    }

    /** Takes no more connections, lets the requests under way be answered, and returns when all is closed. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            await(vertx.close());
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the gate did not close in time", e);
        } finally {
            metrics.close();
        }
    }

    private static void await(Future<?> future) throws ExecutionException, TimeoutException {
        try {
            future.toCompletionStage().toCompletableFuture().get(SECONDS_TO_START, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a gate was starting or closing", e);
        }
    }

    GateSettings settings() {
        return settings;
    }

    GateMetrics metrics() {
        return metrics;
    }

    Refusals refusals() {
        return refusals;
    }

    AtomicInteger connections() {
        return connections;
    }

    SocketAddress address() {
        return address;
    }

    Trust.Of trust(@Nullable String peer) {
        return trust.of(peer);
    }

    void listening(int actualPort) {
        port = actualPort;
    }
}
