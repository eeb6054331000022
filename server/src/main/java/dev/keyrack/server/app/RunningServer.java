package dev.keyrack.server.app;

import dev.keyrack.gate.CannotListen;
import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.gate.Gate;
import dev.keyrack.gate.ListenSql;
import dev.keyrack.gate.RefusalSql;
import dev.keyrack.gate.RefusalWriter;
import dev.keyrack.gate.Refusals;
import dev.keyrack.gate.WakeUps;
import dev.keyrack.server.accounts.DeniedCalls;
import dev.keyrack.server.accounts.Erasure;
import dev.keyrack.server.accounts.OrganizationSettings;
import dev.keyrack.server.accounts.Sessions;
import dev.keyrack.server.accounts.SignInFailures;
import dev.keyrack.server.assistants.WebhookSecretRetention;
import dev.keyrack.server.audit.Anchors;
import dev.keyrack.server.conversations.Answerer;
import dev.keyrack.server.conversations.ConversationRetention;
import dev.keyrack.server.credentials.RefusalRetention;
import dev.keyrack.server.credentials.RevokedKeys;
import dev.keyrack.server.feed.Canary;
import dev.keyrack.server.feed.FeedRetention;
import dev.keyrack.server.feed.NodeMetrics;
import dev.keyrack.server.feed.Nodes;
import dev.keyrack.server.http.IdempotencyRetention;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Secret;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both planes in one process, on one data folder.
 *
 * <p>Guarantee: {@link #start} either returns with both planes answering, or throws and leaves nothing running; whatever
 * was there on disk is as it was, or complete.
 */
public final class RunningServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

    private final Settings settings;
    private final Database.Opened database;
    private final Replica replica;
    private final Gate gate;
    private final ControlPlane controlPlane;
    private final OpenParts open;

    private RunningServer(
            Settings settings,
            Database.Opened database,
            Replica replica,
            Gate gate,
            ControlPlane controlPlane,
            OpenParts open) {
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
        return start(settings, version, false, Canary.PERIOD, null);
    }

    /**
     * As above, with a canary key that is revoked as often as this.
     *
     * @throws CannotStart with what to do about it
     */
    public static RunningServer start(Settings settings, String version, Duration canary) {
        return start(settings, version, false, canary, null);
    }

    /**
     * As above, with a gate that needs a lease and confirmations that wait for nodes, even on the embedded store.
     *
     * @throws CannotStart with what to do about it
     */
    public static RunningServer startLeased(Settings settings, String version) {
        return start(settings, version, true, Canary.PERIOD, null);
    }

    /**
     * As above, with this to answer visitors in place of their assistants.
     *
     * @throws CannotStart with what to do about it
     */
    public static RunningServer startAnswering(Settings settings, String version, Answerer answerer) {
        return start(settings, version, false, Canary.PERIOD, answerer);
    }

    private static RunningServer start(
            Settings settings, String version, boolean leased, Duration canary, @Nullable Answerer answerer) {
        OpenParts open = new OpenParts();
        try {
            return start(settings, version, leased, canary, answerer, open);
        } catch (RuntimeException | Error e) {
            open.closeAfter(e);
            throw e;
        }
    }

    private static RunningServer start(
            Settings settings,
            String version,
            boolean leased,
            Duration canary,
            @Nullable Answerer answerer,
            OpenParts open) {
        if (DataFolder.taken(settings.data())) {
            throw inUse(settings);
        }
        requireFree(settings.host(), settings.port(), "KEYRACK_PORT");
        requireFree(settings.gate().host(), settings.gate().port(), "KEYRACK_GATE_PORT");
        DataFolder folder = DataFolder.take(settings.data()).orElseThrow(() -> inUse(settings));
        open.push(folder);
        ControlFile.forget(settings.data());
        SecureRandom random = new SecureRandom();
        DatabaseUrl url = settings.database();
        Database.Opened database = url == null
                ? Database.open(folder, settings.keyset(), InstantSource.system(), random)
                : Database.open(url, folder, settings.keyset(), random);
        database.warnings().forEach(LOG::warn);
        Store store = database.store();
        open.push(store);
        // Closed before the store and after all that changes it.
        AuditUpkeep audit = new AuditUpkeep(
                new DeniedCalls(store), new Anchors(store, AuditSigner.of(database.keyset()), folder.anchors()));
        open.push(audit);

        Nodes nodes = new Nodes(store, System::nanoTime);
        nodes.firstLease(settings.lease());
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        nodes.tell(metrics.getPrometheusRegistry());
        Ids ids = new Ids(random);
        NodeMetrics nodeMetrics = new NodeMetrics(metrics.getPrometheusRegistry());
        Following.Parts of = new Following.Parts(store, ids, version, metrics, nodeMetrics);
        Following following =
                leased || store.shared() ? Following.leased(of, settings.lease()) : Following.embedded(of);
        FeedFollower follower = following.follower();
        open.push(follower);
        if (url != null) {
            ListenSql listening = new ListenSql(url.connections("keyrack wake-ups", RunningGate.SILENCE));
            open.push(new WakeUps(listening, follower::wake, follower::every).start());
        }
        Secret operator = Secret.of(ids.next("operator") + ids.next(""));
        store.afterCommit(follower::catchUp);

        Refusals refusals = new Refusals();
        open.push(new RefusalWriter(refusals, new RefusalSql(store.forNodes(), store::now)).start());
        AtomicBoolean ready = new AtomicBoolean();
        CompletableFuture<Gate> dataPlane = CompletableFuture.supplyAsync(() -> {
            follower.start();
            return gate(settings, following, refusals, metrics, ready::get);
        });
        open.push(() -> closeWhenStarted(dataPlane));
        ControlPlane.Parts parts = new ControlPlane.Parts(
                settings,
                version,
                store,
                database.keyset(),
                audit,
                ids,
                operator,
                nodes,
                following,
                refusals,
                answerer,
                metrics,
                ready::get,
                () -> join(dataPlane).port());
        ControlPlane controlPlane = ControlPlane.start(parts);
        open.push(controlPlane);
        Gate gate = join(dataPlane);
        ready.set(true);
        audit.begin();
        open.push(Housekeeping.start(
                nodes,
                settings.lease(),
                audit,
                new KeyUpkeep(store),
                List.of(
                        new Housekeeping.Old("entries of the change feed", new FeedRetention(store)::clear),
                        new Housekeeping.Old(
                                "answers to calls with an Idempotency-Key", new IdempotencyRetention(store)::clear),
                        new Housekeeping.Old("nodes that ended", nodes::clear),
                        new Housekeeping.Old("revoked keys", new RevokedKeys(store, settings.keepRevoked())::clear),
                        new Housekeeping.Old("refusals of keys", new RefusalRetention(store)::clear),
                        new Housekeeping.Old(
                                "conversations",
                                new ConversationRetention(store, OrganizationSettings.USUAL_CONVERSATION_DAYS)::clear),
                        new Housekeeping.Old(
                                "records of visits",
                                new ConversationRetention(store, OrganizationSettings.USUAL_CONVERSATION_DAYS)
                                        ::clearVisits),
                        new Housekeeping.Old("signing secrets of webhooks", new WebhookSecretRetention(store)::clear),
                        new Housekeeping.Old("sessions of the portal", new Sessions(store, ids)::clear),
                        new Housekeeping.Old("deleted organizations", new Erasure(store, ErasedParts.all())::clear),
                        new Housekeeping.Old(
                                "counts of failed sign-ins",
                                new SignInFailures(store, database.keyset(), ids)::clear))));
        open.push(new Canary(store, following.confirmations(), nodeMetrics, random, System::nanoTime).start(canary));
        open.push(ControlFile.write(
                settings.data(),
                operator,
                reachable(settings.host(), controlPlane.port()),
                reachable(settings.gate().host(), gate.port())));
        return new RunningServer(settings, database, following.replica(), gate, controlPlane, open);
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
        return StartSummary.url(RunningGate.reachable(host), port);
    }

    private static Gate gate(
            Settings settings,
            Following following,
            Refusals refusals,
            PrometheusMeterRegistry metrics,
            BooleanSupplier restReady) {
        try {
            return Gate.start(settings.gate(), following.replica(), following.verifier(), refusals, metrics, restReady);
        } catch (CannotListen e) {
            throw new CannotStart(StartSummary.cannotListen(e.host(), e.port(), e.portInUse(), "KEYRACK_GATE_PORT"), e);
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
            throw new CannotStart(StartSummary.cannotListen(host, port, inUse, setting), e);
        }
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

    /** What a person who starts it should know, line by line; for their eyes only, since it may hold a one-time link. */
    public List<String> summary() {
        return StartSummary.of(settings, database, replica, gate, controlPlane);
    }

    /** What to back up, line by line. */
    List<String> backUp() {
        return StartSummary.backUp(database);
    }

    @Override
    public void close() {
        open.close();
    }
}
