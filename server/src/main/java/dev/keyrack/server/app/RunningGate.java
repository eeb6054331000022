package dev.keyrack.server.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keyrack.gate.BootClock;
import dev.keyrack.gate.CannotListen;
import dev.keyrack.gate.ControlClock;
import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedMetrics;
import dev.keyrack.gate.FeedSql;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.gate.Gate;
import dev.keyrack.gate.LeaseKeeper;
import dev.keyrack.gate.ListenSql;
import dev.keyrack.gate.NodeName;
import dev.keyrack.gate.RefusalSql;
import dev.keyrack.gate.RefusalWriter;
import dev.keyrack.gate.Refusals;
import dev.keyrack.gate.Registrar;
import dev.keyrack.gate.RegistrarSql;
import dev.keyrack.gate.WakeUps;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.GateGlance;
import dev.keyrack.server.store.Ids;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane alone in a process, on the keys that it reads from PostgreSQL. Loads nothing of the control plane, and
 * holds no secret of the installation but the password of its database.
 *
 * <p>Guarantee: {@link #start} either returns with the endpoints answering, or throws and leaves nothing running. A
 * server that cannot be reached is waited for, at the start and later: until its keys are there, what would be
 * {@code VALID} is {@code STALE}.
 */
final class RunningGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningGate.class);
    private static final String APPLICATION = "keyrack gate";

    /** A server that is silent for so long while it is asked is as good as gone: well within a lease. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    /** A database of many keys may think for a while before it gives out the first of them all. */
    private static final Duration LOADING = Duration.ofMinutes(5);

    private final GateOnlySettings settings;
    private final String version;
    private final Replica replica;
    private final Gate gate;
    private final OpenParts open;

    private RunningGate(GateOnlySettings settings, String version, Replica replica, Gate gate, OpenParts open) {
        this.settings = settings;
        this.version = version;
        this.replica = replica;
        this.gate = gate;
        this.open = open;
    }

    /** @throws CannotStart with what to do about it */
    static RunningGate start(GateOnlySettings settings, String version) {
        OpenParts open = new OpenParts();
        try {
            return start(settings, version, open);
        } catch (RuntimeException | Error e) {
            open.closeAfter(e);
            throw e;
        }
    }

    private static RunningGate start(GateOnlySettings settings, String version, OpenParts open) {
        DatabaseUrl database = settings.database();
        HikariDataSource connections = open.push(pool(database));
        CheckedFeed feed = new CheckedFeed(
                FeedSql.postgresql(connections),
                FeedSql.postgresql(database.connections(APPLICATION, LOADING)),
                () -> GateGlance.at(database));
        LongSupplier nanos = BootClock.of(() -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        ControlClock time = new ControlClock(nanos);
        Lease lease = new Lease(nanos);
        Replica replica = new Replica();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SecureRandom random = new SecureRandom();
        Ids ids = new Ids(random);
        LeaseKeeper keeper = new LeaseKeeper(
                RegistrarSql.postgresql(connections, time, random),
                new Registrar.Node(NodeName.of(Registrar.Kind.GATE), Registrar.Kind.GATE, null, version),
                replica,
                lease,
                nanos,
                () -> ids.next("reg"));
        boolean readable = feed.readable();
        // What is closed first stands last: the gate stops to answer, and then the lease is given back.
        FeedFollower follower = open.push(new FeedFollower(feed, replica, time, keeper, FeedFollower.POLL_UNWOKEN));
        FeedMetrics.register(metrics.getPrometheusRegistry(), follower, lease);
        ListenSql listening = new ListenSql(database.connections(APPLICATION, SILENCE));
        open.push(new WakeUps(listening, follower::wake, follower::every).start());
        Refusals refusals = new Refusals();
        open.push(new RefusalWriter(refusals, new RefusalSql(connections, time)).start());
        Gate gate = open.push(listen(settings, replica, new Verifier(replica, time, lease), refusals, metrics));
        follow(follower, readable);
        return new RunningGate(settings, version, replica, gate, open);
    }

    /** A database that went away since it was looked at is one that was never there: the follower says so, and waits. */
    private static void follow(FeedFollower follower, boolean readable) {
        try {
            if (readable) {
                follower.start();
                return;
            }
        } catch (FeedUnavailable e) {
            LOG.debug("{}", e.getMessage(), e);
        }
        follower.startLater();
    }

    /**
     * One connection that is used all the time, to read the feed and to report; another one when that one is replaced, and one to
     * write down refusals.
     */
    private static HikariDataSource pool(DatabaseUrl database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.connections(APPLICATION, SILENCE));
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(SILENCE.toMillis());
        config.setValidationTimeout(SILENCE.toMillis() / 2);
        config.setInitializationFailTimeout(-1);
        config.setPoolName("feed");
        return new HikariDataSource(config);
    }

    private static Gate listen(
            GateOnlySettings settings,
            Replica replica,
            Verifier verifier,
            Refusals refusals,
            PrometheusMeterRegistry metrics) {
        try {
            return Gate.start(settings.gate(), replica, verifier, refusals, metrics, () -> true);
        } catch (CannotListen e) {
            throw new CannotStart(StartSummary.cannotListen(e.host(), e.port(), e.portInUse(), "KEYRACK_GATE_PORT"), e);
        }
    }

    /** How commands on this machine call what listens on this host. */
    static String reachable(String host) {
        return host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
    }

    int port() {
        return gate.port();
    }

    /** What a person who starts it should know, line by line. */
    List<String> summary() {
        return StartSummary.ofGate(settings, version, replica, gate);
    }

    @Override
    public void close() {
        open.close();
    }
}
