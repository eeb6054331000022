package dev.keyrack.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads the settings and says what they are, or everything that is wrong with them. */
@Command(
        name = "check-config",
        description = "Checks the settings, and prints them without secrets.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    CheckConfigCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() {
        var out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        launcher.checkedSettings().forEach(out::println);
        return 0;
    }
}
