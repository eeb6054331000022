package dev.keyrack.bench;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs {@link HotPathBenchmark} and {@link RestrictedBenchmark}, and prints each figure beside the bare SHA-256 of the same pass.
 *
 * <p>A pass is one fork of every benchmark. There are several, one after the other, so that a machine that gets slower
 * meanwhile does so for all of them; the ratio is the median of the passes' ratios.
 */
@Command(name = "hotpath", description = "Measures one verification in-process beside one bare SHA-256 (JMH).")
final class MicroBench implements Callable<Integer> {
    private static final double TARGET = 2.0;
    private static final double RESTRICTED_TARGET = 2.5;
    private static final double LIST_TARGET = 1.5;
    private static final String YARDSTICK = "bareSha256";
    private static final List<String> ORDER = List.of(
            YARDSTICK,
            "read",
            "digest",
            "parse",
            "verifyMalformed",
            "verifyUnknown",
            "verifyFirst",
            "verifyAtStore",
            "verifyValid",
            "verifyRestricted",
            "oneWebsite",
            "manyWebsites",
            "oneNetwork",
            "manyNetworks");

    @Option(names = "--forks", defaultValue = "3", description = "Passes, each with a fresh JVM for every benchmark.")
    private int forks;

    @Option(names = "--seconds", defaultValue = "3", description = "Seconds measured in each fork.")
    private int seconds;

    @Option(names = "--only", description = "Only the benchmarks whose names contain this, beside the yardstick.")
    private String only = "";

    @Option(names = "--keys", defaultValue = "1000000", description = "Keys in the replica.")
    private int keys;

    @Option(names = "--verbose", description = "Shows what JMH says.")
    private boolean verbose;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    MicroBench(Clock clock) {
        this.clock = clock;
    }

    /** One benchmark in one fork. */
    private record Figure(double nanos, double bytes) {}

    /** A benchmark with a pool of this size. */
    private record Row(String benchmark, String pool) {}

    @Override
    public Integer call() throws RunnerException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.here(clock).text());
        List<Map<Row, Figure>> passes = new ArrayList<>();
        for (int pass = 1; pass <= forks; pass++) {
            spec.commandLine().getErr().printf("pass %d of %d%n", pass, forks);
            passes.add(pass());
        }
        out.printf(Locale.ROOT, "%nOne thread, %,d keys; medians of %d forks, of %d s each.%n", keys, forks, seconds);
        out.println(
                "Cold: 100 000 different inputs; hot: 1 000; near: 16. Each is compared with the bare SHA-256 of as many.");
        print(out, passes, "cold", HotPathBenchmark.COLD);
        print(out, passes, "hot", HotPathBenchmark.HOT);
        print(out, passes, "near", HotPathBenchmark.NEAR);
        return 0;
    }

    private Map<Row, Figure> pass() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(wanted(HotPathBenchmark.class))
                        .include(wanted(RestrictedBenchmark.class))
                        .param("keys", String.valueOf(keys))
                        .forks(1)
                        .measurementIterations(seconds)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .jvmArgs(Java.OPTIONS.toArray(String[]::new))
                        .jvmArgsAppend("-Xms3g", "-Xmx3g")
                        .shouldFailOnError(true)
                        .verbosity(verbose ? VerboseMode.NORMAL : VerboseMode.SILENT)
                        .build())
                .run();
        Map<Row, Figure> figures = new LinkedHashMap<>();
        for (RunResult result : results) {
            String benchmark = result.getPrimaryResult().getLabel();
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            figures.put(
                    new Row(benchmark, result.getParams().getParam("pool")),
                    new Figure(
                            result.getPrimaryResult().getScore(),
                            allocated == null ? Double.NaN : allocated.getScore()));
        }
        return figures;
    }

    private String wanted(Class<?> of) {
        return "^" + Pattern.quote(of.getName()) + "\\.(" + YARDSTICK + "|.*" + Pattern.quote(only) + ".*)$";
    }

    private void print(PrintWriter out, List<Map<Row, Figure>> passes, String name, String pool) {
        out.printf("%n%-18s %10s %16s %10s%n", name, "ns", "× bare SHA-256", "bytes/op");
        Row yardstick = new Row(YARDSTICK, pool);
        for (String benchmark : ORDER) {
            Row row = new Row(benchmark, pool);
            if (!passes.getFirst().containsKey(row)) {
                continue;
            }
            out.printf(
                    Locale.ROOT,
                    "%-18s %10.1f %16.2f %10.1f%n",
                    benchmark,
                    median(passes, pass -> of(pass, row).nanos()),
                    median(
                            passes,
                            pass -> of(pass, row).nanos() / of(pass, yardstick).nanos()),
                    median(passes, pass -> of(pass, row).bytes()));
        }
        tell(passes, "a valid token at the store", new Row("verifyAtStore", pool), yardstick, TARGET);
        tell(passes, "a valid token under a lease", new Row("verifyValid", pool), yardstick, TARGET);
        tell(passes, "with a policy on every key", new Row("verifyRestricted", pool), yardstick, RESTRICTED_TARGET);
        Row website = new Row("oneWebsite", pool);
        tell(passes, "1 000 websites beside one", new Row("manyWebsites", pool), website, LIST_TARGET);
        Row network = new Row("oneNetwork", pool);
        tell(passes, "10 000 networks beside one", new Row("manyNetworks", pool), network, LIST_TARGET);
        out.flush();
    }

    private void tell(List<Map<Row, Figure>> passes, String what, Row row, Row beside, double target) {
        if (!passes.getFirst().containsKey(row) || !passes.getFirst().containsKey(beside)) {
            return;
        }
        double ratio =
                median(passes, pass -> of(pass, row).nanos() / of(pass, beside).nanos());
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "target: %s at most %.1f × %s: %s (%.2f)%n",
                        what,
                        target,
                        beside.benchmark(),
                        ratio <= target ? "met" : "NOT met",
                        ratio);
    }

    private static Figure of(Map<Row, Figure> pass, Row row) {
        Figure figure = pass.get(row);
        if (figure == null) {
            throw new IllegalStateException("JMH gave no figure for " + row);
        }
        return figure;
    }

    private static double median(List<Map<Row, Figure>> passes, ToDoubleFunction<Map<Row, Figure>> figure) {
        return Medians.median(passes.stream().mapToDouble(figure));
    }
}
