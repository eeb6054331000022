package dev.keyrack.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows that the harness is not blind: faults that are planted in the program on purpose, each of which it must see. */
@Command(
        name = "faults",
        description = "Plants faults in the program, one after the other, and checks that each is found.")
final class Faults implements Callable<Integer> {
    /** Long enough for a gate to report twice while it waits in vain for the feed; see RunningGate.SILENCE. */
    static final Duration LEASE = Duration.ofSeconds(4);

    @Parameters(paramLabel = "FAULT", description = "Only these (default: every one).")
    private List<String> only = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    Faults(Clock clock) {
        this.clock = clock;
    }

    /** What a scenario came to, without its fault or with it. */
    record Played(Scenario scenario, boolean planted, List<Violation> violations) {
        /** Whether that is as it should be. */
        boolean right() {
            return planted != violations.isEmpty();
        }

        String text() {
            return "%-30s %-8s %s%s"
                    .formatted(
                            scenario.fault(),
                            planted ? "planted" : "clean",
                            violations.isEmpty() ? "no violation" : "violations: " + violations.size(),
                            right() ? "" : planted ? "   NOT FOUND" : "   WRONGLY ACCUSED");
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = Chaos.folder(clock);
        out.println("Logs and histories in " + folder);
        out.flush();
        boolean right = true;
        List<Scenario> wanted = Scenario.ALL.stream()
                .filter(scenario -> only.isEmpty() || only.contains(scenario.fault()))
                .toList();
        for (Played played : play(folder, Setup.of(LEASE), wanted, out)) {
            right &= played.right();
        }
        return right ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Plays every scenario without its fault, then every one with it, on one installation. */
    static List<Played> play(Path folder, Setup setup, List<Scenario> scenarios, PrintWriter out)
            throws IOException, InterruptedException {
        List<Played> all = new ArrayList<>();
        try (Installation installation = Installation.start(folder, setup, 1, 1)) {
            for (Scenario scenario : scenarios) {
                all.add(play(installation, scenario, false, out));
            }
            for (Scenario scenario : scenarios) {
                for (Node node : installation.nodes()) {
                    if (node.kind() == scenario.planted()) {
                        node.stop();
                        node.use(setup.planting(scenario.fault()));
                        node.start();
                    }
                }
                all.add(play(installation, scenario, true, out));
            }
        }
        return all;
    }

    private static Played play(Installation installation, Scenario scenario, boolean planted, PrintWriter out)
            throws IOException, InterruptedException {
        Path file = installation.folder().resolve(scenario.fault() + (planted ? "-planted" : "-clean") + ".jsonl");
        try (Stage stage = new Stage(installation, file)) {
            stage.gate().awaitReady();
            Played played = new Played(scenario, planted, scenario.play(stage));
            out.println(played.text());
            if (!played.violations().isEmpty()) {
                out.println("  " + played.violations().getFirst().text().replace("\n", "\n  "));
            }
            out.flush();
            return played;
        } catch (IOException e) {
            throw new IOException(scenario.fault() + (planted ? " (planted)" : " (clean)") + ": " + e.getMessage(), e);
        }
    }
}
