package dev.keyrack.bench;

import dev.keyrack.chaos.RevokeBench;
import java.io.IOException;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;

/** Runs the benchmark that the first argument names. */
@Command(
        name = "bench",
        description = "Measures Keyrack on this machine. Prints figures and never fails because of one.",
        subcommands = HelpCommand.class)
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        Clock clock = Clock.systemUTC();
        CommandLine line = new CommandLine(new Bench());
        line.addSubcommand(new VerifyBench(clock));
        line.addSubcommand(new GateProcess());
        line.addSubcommand(new NoOpServer());
        line.addSubcommand(new MicroBench(clock));
        line.addSubcommand(new MemoryBench(clock));
        line.addSubcommand(new StartBench(clock));
        line.addSubcommand(new PagesBench(clock));
        line.addSubcommand(new PortalBench(clock));
        line.addSubcommand(new ConversationsBench(clock));
        line.addSubcommand(new RevokeBench(clock));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof IOException) {
                command.getErr().println(failure.getMessage());
                return ExitCode.SOFTWARE;
            }
            throw failure;
        });
        System.exit(line.execute(arguments));
    }
}
