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
        closeAtTheEnd(serving.server());
        var out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        serving.summary().forEach(out::println);
        out.flush();
        untilStopped();
        return 0;
    }

    /** Closes it when the process is asked to stop. */
    static void closeAtTheEnd(AutoCloseable server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("Keyrack did not stop cleanly: " + e.getMessage());
            }
        }));
    }

    /** Returns never: the process ends when its shutdown hooks have run. */
    static void untilStopped() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
