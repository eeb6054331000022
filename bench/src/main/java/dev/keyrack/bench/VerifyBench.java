package dev.keyrack.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Verification over HTTP beside a server that does nothing, and beside nginx with a static map.
 *
 * <p>All servers are on one core, the load generator on another. In every round each server is measured once at each of
 * its endpoints while the others are stopped; the order turns round from round to round.
 */
@Command(name = "verify", description = "Measures verify and authorize over HTTP, beside a no-op and beside nginx.")
final class VerifyBench implements Callable<Integer> {
    static final long SEED = 20_260_103;
    private static final Duration SETTLE = Duration.ofSeconds(1);

    @Option(names = "--rounds", defaultValue = "7", description = "Rounds (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "Measured in each turn (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            description = "Seconds for each turn before the first round (default ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--keys", defaultValue = "1000000", description = "Keys of the gate (default ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--connections", defaultValue = "64", description = "Connections (default ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--restricted", description = "Every key has three websites, a network, permissions and an expiry.")
    private boolean restricted;

    @Option(names = "--json", description = "Also writes every round to this file.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    VerifyBench(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Machine machine = Machine.here(clock);
        Core core = new Core();
        core.pinThisProcess();
        String setting = setting(core);
        out.println(machine.text());
        out.println(setting);
        out.flush();
        try (Contenders contenders = Contenders.start(core, keys, restricted)) {
            Comparison comparison = Comparison.of(measure(contenders.turns()), restricted);
            new ComparisonText(comparison, out).print();
            if (json != null) {
                ComparisonJson.write(json, machine, setting, comparison);
            }
        }
        return 0;
    }

    private String setting(Core core) {
        String cores = core.canPin()
                ? "servers pinned to core " + Core.OF_SERVERS + ", load generator to core " + Core.OF_CLIENT
                : "NOT pinned: servers and load generator share the cores";
        return String.format(
                Locale.ROOT,
                "%,d keys%s, %d connections, %d rounds of %d s, %s",
                keys,
                restricted ? " with a policy each" : "",
                connections,
                rounds,
                seconds,
                cores);
    }

    private List<Round> measure(List<Turn> turns) throws IOException, InterruptedException {
        PrintWriter progress = spec.commandLine().getErr();
        for (Turn turn : turns) {
            progress.printf("warming up: %s, %s%n", turn.endpoint().text(), turn.contender());
            run(turn, 0, Duration.ofSeconds(warmUp));
        }
        List<Round> done = new ArrayList<>();
        for (int number = 1; number <= rounds; number++) {
            for (Turn turn : number % 2 == 0 ? turns.reversed() : turns) {
                Round round = run(turn, number, SETTLE);
                progress.printf(
                        Locale.ROOT,
                        "round %d of %d: %-9s %-9s %,9.0f/s%s%n",
                        number,
                        rounds,
                        turn.endpoint().text(),
                        turn.contender(),
                        round.perSecond(),
                        round.generatorBound() ? "  generator-bound" : "");
                done.add(round);
            }
        }
        return done;
    }

    private Round run(Turn turn, int number, Duration settle) throws IOException, InterruptedException {
        turn.server().resume();
        try {
            long from = System.nanoTime();
            Duration before = turn.server().processorTime();
            LoadResult result = LoadGenerator.run(new Load(
                    turn.server().address(),
                    turn.requests(),
                    turn.good().status(),
                    turn.good().contentLength(),
                    connections,
                    settle,
                    Duration.ofSeconds(seconds)));
            Duration used = turn.server().processorTime().minus(before);
            double busy = (double) used.toNanos() / (System.nanoTime() - from);
            return Round.of(turn.contender(), turn.endpoint(), number, result, busy);
        } finally {
            turn.server().suspend();
        }
    }
}
