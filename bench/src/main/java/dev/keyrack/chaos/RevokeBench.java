package dev.keyrack.chaos;

import dev.keyrack.bench.Folders;
import dev.keyrack.bench.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What a revocation costs whoever calls it, while every node verifies at half of what it can on this machine; how fast a
 * gate takes in a feed meanwhile; and what following costs one that has nothing to do.
 */
@Command(name = "revoke", description = "Measures revocations confirmed by three nodes on PostgreSQL, under load.")
public final class RevokeBench implements Callable<Integer> {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int ENTRIES = 100_000;
    private static final int BURSTS = 8;

    /** Rounds after which a node is taken as it is. */
    private static final int MOST_WARMING = 10;

    @Option(names = "--revocations", defaultValue = "300", description = "Default ${DEFAULT-VALUE}.")
    private int revocations;

    @Option(names = "--seconds", defaultValue = "5", description = "To find out the most each node can do, and idle.")
    private int seconds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    public RevokeBench(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.here(clock).text());
        Path folder = Files.createTempDirectory("keyrack-bench");
        try (Installation installation = Installation.start(folder, Setup.production(LEASE), 1, 2)) {
            out.printf("One serve and two gates on PostgreSQL, leases of %d s%n", LEASE.toSeconds());
            out.printf(
                    Locale.ROOT,
                    "%nfollowing the feed      %5.2f %% of a core, a gate with nothing to do (target: at most 3 %%)%n",
                    100 * idle(installation.gates().getFirst()));
            out.flush();
            String token = create(installation, "Load").text("/token");
            List<PacedLoad> loads = new ArrayList<>();
            try {
                for (Node node : installation.nodes()) {
                    loads.add(new PacedLoad(node.gatePort(), token));
                }
                double[] most = most(loads);
                for (int i = 0; i < loads.size(); i++) {
                    loads.get(i).pace(most[i] / 2);
                    out.printf(
                            Locale.ROOT,
                            "%-23s %,7.0f verifications/s at most, all nodes at once; half from now on%n",
                            installation.nodes().get(i).name(),
                            most[i]);
                }
                out.flush();
                revocations(installation, out);
                bursts(installation, loads, out);
            } finally {
                for (PacedLoad load : loads) {
                    load.close();
                }
            }
            return 0;
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not do what it is told: " + e.getMessage(), e);
        } finally {
            Folders.delete(folder);
        }
    }

    /** The share of a core that it uses. */
    private double idle(Node gate) throws InterruptedException {
        Duration before = gate.processorTime();
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(4L * seconds);
        return (double) gate.processorTime().minus(before).toNanos() / (System.nanoTime() - from);
    }

    /** The most that each can do when all are driven as hard as they would go, once they have become no faster. */
    private double[] most(List<PacedLoad> loads) throws InterruptedException {
        loads.forEach(load -> load.pace(Double.POSITIVE_INFINITY));
        double[] before = measured(loads);
        double[] most = measured(loads);
        for (int i = 0; i < MOST_WARMING && sum(most) > 1.03 * sum(before); i++) {
            before = most;
            most = measured(loads);
        }
        return most;
    }

    private double[] measured(List<PacedLoad> loads) throws InterruptedException {
        long[] before = loads.stream().mapToLong(PacedLoad::answered).toArray();
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        double took = (System.nanoTime() - from) / 1e9;
        double[] each = new double[loads.size()];
        for (int i = 0; i < each.length; i++) {
            each[i] = (loads.get(i).answered() - before[i]) / took;
        }
        return each;
    }

    private static double sum(double[] values) {
        return DoubleStream.of(values).sum();
    }

    private static Answered create(Installation installation, String name) throws IOException, InterruptedException {
        Answered made = installation
                .api()
                .post(
                        installation.serves().getFirst(),
                        "/api/v1/keys",
                        Map.of("name", name, "type", "server", "projectId", installation.project()),
                        Map.of());
        if (made.status() != 201) {
            throw new IOException("a key could not be made: " + made.json());
        }
        return made;
    }

    private void revocations(Installation installation, PrintWriter out) throws IOException, InterruptedException {
        Node serve = installation.serves().getFirst();
        Histogram nanos = new Histogram(3);
        int confirmed = 0;
        for (int i = -revocations / 10; i < revocations; i++) {
            String id = create(installation, "Key " + i).text("/key/id");
            long from = System.nanoTime();
            Answered gone = installation.api().send(serve, "DELETE", "/api/v1/keys/" + id, null, Map.of());
            long took = System.nanoTime() - from;
            if (gone.status() != 200) {
                throw new IOException("a key could not be revoked: " + gone.json());
            }
            if (i >= 0) {
                nanos.recordValue(took);
                confirmed += gone.json().at("/confirmation/confirmedBy").size() == 3 ? 1 : 0;
            }
        }
        out.printf(
                Locale.ROOT,
                "%nrevoke                  %6.1f ms median (target: at most 50), %.1f ms p99 (target: at most 250),"
                        + " %.1f ms longest; %d of %d confirmed by all three%n",
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getMaxValue() / 1e6,
                confirmed,
                revocations);
        out.flush();
    }

    /** The first is read by code that was hardly ever run; the target is for a gate that has been at it for a while. */
    private static void bursts(Installation installation, List<PacedLoad> loads, PrintWriter out)
            throws SQLException, IOException, InterruptedException {
        List<double[]> each = new ArrayList<>();
        for (int i = 0; i < BURSTS; i++) {
            each.add(burst(installation));
            // Fails if a node has said anything but yes meanwhile.
            loads.forEach(PacedLoad::answered);
        }
        for (int gate = 0; gate < installation.gates().size(); gate++) {
            int own = gate;
            double[] rates = each.stream().mapToDouble(rate -> rate[own]).toArray();
            double[] later = Arrays.stream(rates).skip(1).sorted().toArray();
            out.printf(
                    Locale.ROOT,
                    "%-23s %,7.0f entries/s taken in while verifying, median of %d bursts of %,d after a first one at %,.0f"
                            + " (target: at least 50,000)%n",
                    installation.gates().get(gate).name(),
                    later[later.length / 2],
                    later.length,
                    ENTRIES,
                    rates[0]);
        }
        out.flush();
    }

    /**
     * Puts entries of as many keys into the feed at once, as a restored link would find them, and waits for every gate.
     *
     * @return how many entries each took in a second
     */
    private static double[] burst(Installation installation) throws SQLException, IOException, InterruptedException {
        long head;
        try (Connection connection = installation.postgres().connect("keyrack");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT seq FROM feed_head WHERE id = 1 FOR UPDATE");
            statement.execute("INSERT INTO feed_entries (seq, tag, organization_id, kind, narrows, payload, at)"
                    + " SELECT h.seq + i, (random() * 1e15)::BIGINT, e.organization_id, e.kind, 0,"
                    + " regexp_replace(e.payload, '\"id\":\"[0-9A-Za-z]{11}\"',"
                    + " '\"id\":\"' || lpad(i::TEXT, 11, '0') || '\"'), e.at"
                    + " FROM feed_head h, generate_series(1, " + ENTRIES + ") i,"
                    + " (SELECT * FROM feed_entries WHERE kind = 'key' ORDER BY seq DESC LIMIT 1) e");
            statement.execute("UPDATE feed_head SET (seq, tag) ="
                    + " (SELECT seq, tag FROM feed_entries ORDER BY seq DESC LIMIT 1)");
            statement.execute("NOTIFY keyrack_feed, 'bench'");
            try (ResultSet row = statement.executeQuery("SELECT seq FROM feed_head")) {
                row.next();
                head = row.getLong(1);
            }
            connection.commit();
        }
        long from = System.nanoTime();
        double[] rates = new double[installation.gates().size()];
        boolean behind = true;
        while (behind) {
            // Seldom: rendering the metrics costs the gate more than many entries.
            LockSupport.parkNanos(25_000_000);
            behind = false;
            for (int i = 0; i < rates.length; i++) {
                if (rates[i] == 0) {
                    if (installation.gates().get(i).metric("keyrack_feed_number") < head) {
                        behind = true;
                    } else {
                        rates[i] = ENTRIES / ((System.nanoTime() - from) / 1e9);
                    }
                }
            }
        }
        return rates;
    }
}
