package dev.keyrack.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the data plane alone until SIGTERM or Ctrl C. */
@Command(
        name = "gate",
        description = "Runs the data plane alone, on the keys of the PostgreSQL database in KEYRACK_DATABASE_URL.",
        mixinStandardHelpOptions = true)
final class GateCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--exit-when-ready",
            hidden = true,
            description = "Stops as soon as the gate answers, whatever it answers: for making the ahead-of-time cache.")
    private boolean exitWhenReady;

    GateCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws Exception {
        Launcher.Gating gating = launcher.gate();
        if (exitWhenReady) {
            GateWarmth.exercise(gating.host(), gating.port());
            gating.server().close();
            return 0;
        }
        ServeCommand.closeAtTheEnd(gating.server());
        var out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        gating.summary().forEach(out::println);
        out.flush();
        ServeCommand.untilStopped();
        return 0;
    }
}
