package dev.keyrack.bench;

import dev.keyrack.verifier.Replica;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How much memory one key takes in the replica: used heap after garbage collection, before and after filling it. */
@Command(name = "memory", description = "Measures the memory that a key takes in the replica.")
final class MemoryBench implements Callable<Integer> {
    static final int TARGET = 128;
    static final int RESTRICTED_TARGET = 256;
    private static final int COLLECTIONS = 5;
    private static final long SEED = 20_260_102;

    @Option(
            names = "--keys",
            split = ",",
            defaultValue = "1000000",
            description = "How many keys; several with commas.")
    private List<Integer> keys = List.of();

    @Option(names = "--here", hidden = true, description = "Measures in this process.")
    private boolean here;

    @Option(names = "--restricted", hidden = true, description = "Keys that each have a policy of their own.")
    private boolean restricted;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    MemoryBench(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (here) {
            keys.forEach(count -> print(count, measure(count, restricted), out));
            return 0;
        }
        out.println(Machine.here(clock).text());
        out.printf("%nMemory of a key without restrictions in the replica (target: at most %d bytes)%n%n", TARGET);
        measureApart(out, List.of());
        out.printf(
                "%nMemory of a key with three websites and a network of its own, permissions and expiry (target: at most"
                        + " %d bytes)%n%n",
                RESTRICTED_TARGET);
        measureApart(out, List.of("--restricted"));
        return 0;
    }

    private void measureApart(PrintWriter out, List<String> more) throws IOException, InterruptedException {
        out.printf("%12s %14s %12s%n", "keys", "heap, MiB", "bytes a key");
        out.flush();
        for (int count : keys) {
            Process process = new ProcessBuilder(Java.command(
                            List.of("-Xmx" + heapMegabytes(count) + "m"),
                            Stream.concat(Stream.of("memory", "--here", "--keys", String.valueOf(count)), more.stream())
                                    .toList()))
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException("the process that measured " + count + " keys ended with " + process.exitValue());
            }
        }
    }

    /** Room for the keys, for a table that is being doubled, and for the garbage of filling it. */
    private static long heapMegabytes(int count) {
        return 512 + 600L * count / 1_000_000;
    }

    private void print(int count, long used, PrintWriter out) {
        double each = (double) used / count;
        out.printf(
                Locale.ROOT,
                "%,12d %14.1f %12.1f   %s%n",
                count,
                used / 1048576.0,
                each,
                each <= (restricted ? RESTRICTED_TARGET : TARGET) ? "met" : "NOT met");
        out.flush();
    }

    /** The bytes that a replica of so many keys takes on this process's heap. */
    static long measure(int count, boolean restricted) {
        Population population = restricted ? Population.restricted(SEED, count) : new Population(SEED, count);
        // A first, small replica loads every class that the measured one will need.
        Population.restricted(SEED, 1_000).replica();
        long before = usedHeap();
        Replica replica = population.replica();
        long used = usedHeap() - before;
        if (replica.size() != population.keys()) {
            throw new IllegalStateException("the replica holds " + replica.size() + " keys");
        }
        return used;
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
