package dev.keyrack.server.app;

import dev.keyrack.server.cli.CommandLineProblem;
import dev.keyrack.server.cli.Commands;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.StoreFailure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The program. Exit status: 0 done, 1 refused, 2 cannot start or wrong usage, 3 a bug. */
public final class Keyrack {
    private Keyrack() {}

    public static void main(String[] arguments) {
        LogSetup.apply(arguments, System.getenv());
        System.exit(run(arguments));
    }

    static int run(String[] arguments) {
        CommandLine commands = Commands.of(new ServerLauncher());
        commands.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        commands.setExecutionExceptionHandler((e, line, result) -> {
            switch (e) {
                case CannotStart cannotStart -> {
                    line.getErr().println(cannotStart.getMessage());
                    return 2;
                }
                case StoreFailure failure -> {
                    line.getErr().println(failure.getMessage());
                    return 2;
                }
                case CommandLineProblem problem -> {
                    line.getErr().println(problem.getMessage());
                    return problem.status();
                }
                default -> {
                    LoggerFactory.getLogger(Keyrack.class).error("a command failed", e);
                    line.getErr().println("Keyrack failed. The reason stands in the log above; please report it.");
                    return 3;
                }
            }
        });
        return commands.execute(arguments);
    }
}
