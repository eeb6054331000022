package dev.keyrack.server.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs both planes until SIGTERM or Ctrl C. */
@Command(
        name = "serve",
        description = "Runs the control plane and the data plane on the data folder.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--exit-when-ready",
            hidden = true,
            description = "Stops as soon as both planes answer: for making the ahead-of-time cache.")
    private boolean exitWhenReady;

    ServeCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws Exception {
        Launcher.Serving serving = launcher.serve();
        if (exitWhenReady) {
            Warmth.exercise(serving.target());
            serving.server().close();
            return 0;
        }
        var out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        serving.summary().forEach(out::println);
        out.flush();
        untilStopped(serving.server());
        return 0;
    }

    /** Returns never: the process ends when the shutdown hook has closed the server. */
    static void untilStopped(AutoCloseable server) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("Keyrack did not stop cleanly: " + e.getMessage());
            }
        }));
        new CountDownLatch(1).await();
    }
}
