package dev.keyrack.bench;

import dev.keyrack.chaos.Postgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * From starting the process to the first token verified, with and without the ahead-of-time cache, in turn: of
 * {@code serve} on the embedded store, then of {@code gate} on PostgreSQL.
 */
@Command(name = "start", description = "Measures from the start of the process to the first verified token.")
final class StartBench implements Callable<Integer> {
    private static final double SERVE_TARGET_SECONDS = 3;
    private static final double GATE_TARGET_SECONDS = 1.5;

    @Option(names = "--keys", defaultValue = "100000", description = "Keys in each store (default ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--rounds", defaultValue = "7", description = "Starts of each kind (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    StartBench(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.here(clock).text());
        for (Path cache : List.of(AheadOfTime.cache("serve"), AheadOfTime.cache("gate"))) {
            if (!Files.exists(cache)) {
                out.println("There is no ahead-of-time cache " + cache + "; ./keyrack bench start makes it.");
                return 1;
            }
        }
        Path folder = Files.createTempDirectory("keyrack-bench");
        try {
            SampleStore store = SampleStore.make(folder.resolve("data"), keys);
            measure(
                    out,
                    "serve, %,d keys in SQLite",
                    AheadOfTime.cache("serve"),
                    SERVE_TARGET_SECONDS,
                    store.lastToken(),
                    options -> KeyrackProcess.launch(store.data(), options));
            try (Postgres postgres = Postgres.startRoomy(folder)) {
                SampleStore shared = SampleStore.make(folder.resolve("shared"), keys, postgres);
                measure(
                        out,
                        "gate, %,d keys in PostgreSQL",
                        AheadOfTime.cache("gate"),
                        GATE_TARGET_SECONDS,
                        shared.lastToken(),
                        options -> KeyrackProcess.launchGate(folder.resolve("gate"), postgres.url(), options));
            }
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private interface Launch {
        KeyrackProcess with(List<String> options) throws IOException;
    }

    private void measure(PrintWriter out, String what, Path cache, double target, String token, Launch launch)
            throws IOException, InterruptedException {
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            with.add(seconds(launch.with(AheadOfTime.flags(cache)), token));
            without.add(seconds(launch.with(List.of()), token));
        }
        double best = median(with);
        out.printf(Locale.ROOT, "%nStart to the first verified token, " + what + ", median of %d%n", keys, rounds);
        out.printf(
                Locale.ROOT,
                "  with the ahead-of-time cache     %.2f s  (target: at most %.1f s, %s)%n",
                best,
                target,
                best <= target ? "met" : "not met");
        out.printf(Locale.ROOT, "  without                          %.2f s%n", median(without));
        out.printf(Locale.ROOT, "  ratio                            %.2f%n", best / median(without));
        out.flush();
    }

    private static double seconds(KeyrackProcess launched, String token) throws IOException, InterruptedException {
        try (KeyrackProcess process = launched) {
            return process.untilVerified(token) / 1e9;
        }
    }

    private static double median(List<Double> values) {
        return Medians.median(values.stream().mapToDouble(v -> v));
    }
}
