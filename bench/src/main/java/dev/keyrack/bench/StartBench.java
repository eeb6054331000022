package dev.keyrack.bench;

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

/** From starting the process to the first token verified, with and without the ahead-of-time cache, in turn. */
@Command(name = "start", description = "Measures from the start of the process to the first verified token.")
final class StartBench implements Callable<Integer> {
    static final double TARGET_SECONDS = 3;

    @Option(names = "--keys", defaultValue = "100000", description = "Keys in the store (default ${DEFAULT-VALUE}).")
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
        if (!Files.exists(KeyrackProcess.cache())) {
            out.println("There is no ahead-of-time cache; ./keyrack start makes it.");
            return 1;
        }
        Path folder = Files.createTempDirectory("keyrack-bench");
        try {
            SampleStore store = SampleStore.make(folder.resolve("data"), keys);
            List<Double> with = new ArrayList<>();
            List<Double> without = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                with.add(seconds(store, List.of("-XX:AOTCache=" + KeyrackProcess.cache(), "-Xlog:aot=off")));
                without.add(seconds(store, List.of()));
            }
            double best = median(with);
            out.printf(
                    Locale.ROOT,
                    "%nStart to the first verified token, %,d keys in SQLite, median of %d%n",
                    keys,
                    rounds);
            out.printf(
                    Locale.ROOT,
                    "  with the ahead-of-time cache     %.2f s  (target: at most %.0f s, %s)%n",
                    best,
                    TARGET_SECONDS,
                    best <= TARGET_SECONDS ? "met" : "not met");
            out.printf(Locale.ROOT, "  without                          %.2f s%n", median(without));
            out.printf(Locale.ROOT, "  ratio                            %.2f%n", best / median(without));
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private static double seconds(SampleStore store, List<String> options) throws IOException, InterruptedException {
        try (KeyrackProcess process = KeyrackProcess.launch(store.data(), options)) {
            return process.untilVerified(store.lastToken()) / 1e9;
        }
    }

    private static double median(List<Double> values) {
        return Medians.median(values.stream().mapToDouble(v -> v));
    }
}
