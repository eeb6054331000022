package dev.keyrack.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the harness: {@code ./keyrack chaos}. Exit status 1 means that a promise was broken. */
@Command(name = "chaos", description = "Harms an installation at random while it is used, and checks what is promised.")
public final class Chaos implements Callable<Integer> {
    @Option(names = "--minutes", description = "How long (default 30).")
    private long minutes = 30;

    @Option(names = "--seconds", description = "How long, in place of --minutes.")
    private long seconds;

    @Option(names = "--seed", description = "What all chances are drawn from, as a former run printed it.")
    private @Nullable Long seed;

    @Option(names = "--lease-millis", description = "The length of leases (default ${DEFAULT-VALUE}).")
    private long leaseMillis = 5_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    Chaos(Clock clock) {
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        Clock clock = Clock.systemUTC();
        CommandLine line = new CommandLine(new Chaos(clock));
        line.addSubcommand(new Faults(clock));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof IOException) {
                command.getErr().println(failure.getMessage());
                return ExitCode.USAGE;
            }
            throw failure;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long drawn = seed == null ? clock.millis() : seed;
        Duration lasts = seconds > 0 ? Duration.ofSeconds(seconds) : Duration.ofMinutes(minutes);
        Path folder = folder(clock);
        out.println("Seed " + drawn + "; logs and history in " + folder);
        out.flush();
        RandomRun run = new RandomRun(folder, Setup.of(Duration.ofMillis(leaseMillis)), lasts, drawn);
        Report report = run.run();
        out.println(report.text());
        Files.writeString(folder.resolve("report.txt"), report.text());
        return report.violations().isEmpty() && report.unshown().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** A new one for each run, beside what else the script keeps. */
    static Path folder(Clock clock) throws IOException {
        String name = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .format(clock.instant().atZone(ZoneOffset.UTC));
        return Files.createDirectories(Path.of(System.getProperty("keyrack.root", "."), ".keyrack", "chaos", name));
    }
}
