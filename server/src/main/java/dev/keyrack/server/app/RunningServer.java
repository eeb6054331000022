package dev.keyrack.server.app;

import dev.keyrack.gate.CannotListen;
import dev.keyrack.gate.ControlClock;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedSql;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.gate.Gate;
import dev.keyrack.server.accounts.DeniedCalls;
import dev.keyrack.server.audit.Anchors;
import dev.keyrack.server.feed.FeedRetention;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Both planes in one process, on one data folder.
 *
 * <p>Guarantee: {@link #start} either returns with both planes answering, or throws and leaves nothing running; whatever
 * was there on disk is as it was, or complete.
 */
public final class RunningServer implements AutoCloseable {
    private final Settings settings;
    private final Database.Opened database;
    private final Replica replica;
    private final Gate gate;
    private final ControlPlane controlPlane;
    private final Deque<AutoCloseable> open;

    private RunningServer(
            Settings settings,
            Database.Opened database,
            Replica replica,
            Gate gate,
            ControlPlane controlPlane,
            Deque<AutoCloseable> open) {
        this.settings = settings;
        this.database = database;
        this.replica = replica;
        this.gate = gate;
        this.controlPlane = controlPlane;
        this.open = open;
    }

    /**
     * @param version of the program, for those who ask
     * @throws CannotStart with what to do about it
     */
    public static RunningServer start(Settings settings, String version) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            return start(settings, version, open);
        } catch (RuntimeException | Error e) {
            try {
                close(open);
            } catch (RuntimeException whileClosing) {
                e.addSuppressed(whileClosing);
            }
            throw e;
        }
    }

    private static RunningServer start(Settings settings, String version, Deque<AutoCloseable> open) {
        if (DataFolder.taken(settings.data())) {
            throw inUse(settings);
        }
        requireFree(settings.host(), settings.port(), "KEYRACK_PORT");
        requireFree(settings.gate().host(), settings.gate().port(), "KEYRACK_GATE_PORT");
        DataFolder folder = DataFolder.take(settings.data()).orElseThrow(() -> inUse(settings));
        open.push(folder);
        ControlFile.forget(settings.data());
        SecureRandom random = new SecureRandom();
        InstantSource clock = InstantSource.system();
        Database.Opened database = Database.open(folder, settings.keyset(), clock, random);
        Store store = database.store();
        open.push(store);
        // Closed before the store and after all that changes it.
        AuditUpkeep audit = new AuditUpkeep(
                new DeniedCalls(store), new Anchors(store, AuditSigner.of(database.keyset()), folder.anchors()));
        open.push(audit);

        Replica replica = new Replica();
        ControlClock time = new ControlClock(System::nanoTime);
        FeedFollower follower = new FeedFollower(new FeedSql(store.forFeed(), store::now), replica, time);
        open.push(follower);
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Ids ids = new Ids(random);
        Secret operator = Secret.of(ids.next("operator") + ids.next(""));
        String node = ids.next("node");
        store.afterCommit(follower::catchUp);

        AtomicBoolean ready = new AtomicBoolean();
        CompletableFuture<Gate> dataPlane = CompletableFuture.supplyAsync(() -> {
            follower.start();
            return gate(settings, replica, new Verifier(replica, time), metrics, ready::get);
        });
        open.push(() -> closeWhenStarted(dataPlane));
        ControlPlane.Parts parts = new ControlPlane.Parts(
                settings, version, store, database.keyset(), audit, ids, operator, node, replica, metrics, ready::get);
        ControlPlane controlPlane = ControlPlane.start(parts);
        open.push(controlPlane);
        Gate gate = join(dataPlane);
        ready.set(true);
        audit.begin();
        open.push(Housekeeping.start(new FeedRetention(store), audit));
        open.push(ControlFile.write(
                settings.data(),
                operator,
                reachable(settings.host(), controlPlane.port()),
                reachable(settings.gate().host(), gate.port())));
        return new RunningServer(settings, database, replica, gate, controlPlane, open);
    }

    /** The data plane starts beside the control plane, so that it verifies as soon as it can. */
    private static void closeWhenStarted(CompletableFuture<Gate> dataPlane) {
        dataPlane
                .handle((gate, failure) -> {
                    if (gate != null) {
                        gate.close();
                    }
                    return null;
                })
                .join();
    }

    private static Gate join(CompletableFuture<Gate> dataPlane) {
        try {
            return dataPlane.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FeedUnavailable unavailable) {
                throw new CannotStart(
                        "The keys cannot be read from the database: " + unavailable.getMessage()
                                + ". If it is damaged, restore it from its backup.",
                        unavailable);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static CannotStart inUse(Settings settings) {
        return new CannotStart("Another Keyrack process is using the data folder "
                + settings.data()
                + ". Stop that one, or name another folder in KEYRACK_DATA.");
    }

    /** Where commands on this machine reach what listens on this host. */
    static String reachable(String host, int port) {
        return StartSummary.url(host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host, port);
    }

    private static Gate gate(
            Settings settings,
            Replica replica,
            Verifier verifier,
            PrometheusMeterRegistry metrics,
            BooleanSupplier restReady) {
        try {
            return Gate.start(settings.gate(), replica, verifier, metrics, restReady);
        } catch (CannotListen e) {
            throw new CannotStart(cannotListen(e.host(), e.port(), e.portInUse(), "KEYRACK_GATE_PORT"), e);
        }
    }

    /** Tells a busy port before anything is made on disk. Port 0 is always free. */
    private static void requireFree(String host, int port, String setting) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new CannotStart("The name " + host + " is no address of this machine. Correct "
                        + setting.replace("PORT", "HOST") + ".");
            }
            socket.bind(address);
        } catch (IOException e) {
            boolean inUse = String.valueOf(e.getMessage()).contains("in use");
            throw new CannotStart(cannotListen(host, port, inUse, setting), e);
        }
    }

    private static String cannotListen(String host, int port, boolean inUse, String setting) {
        return inUse
                ? "Port " + port + " on " + host
                        + " is in use by another program. Stop that one, or choose another port in " + setting + "."
                : "Cannot listen on " + host + " port " + port + ". Check " + setting.replace("PORT", "HOST") + " and "
                        + setting + ".";
    }

    /** Whether this start made the store, so that nobody has been told yet to back it up. */
    boolean made() {
        return database.created();
    }

    java.nio.file.Path dataFolder() {
        return settings.data();
    }

    public int port() {
        return controlPlane.port();
    }

    public int gatePort() {
        return gate.port();
    }

    /** What a person who starts it should know, line by line. */
    public List<String> summary() {
        return StartSummary.of(settings, database, replica, gate, controlPlane);
    }

    /** What to back up, line by line. */
    List<String> backUp() {
        return StartSummary.backUp(database);
    }

    @Override
    public void close() {
        close(open);
    }

    private static void close(Deque<AutoCloseable> open) {
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = new IllegalStateException("a part could not be closed", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
