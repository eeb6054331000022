package dev.keyrack.server.cli;

import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.util.List;

/** What the commands need of the program: to start it, and to reach a running one. */
public interface Launcher {
    String version();

    /** The settings in force, line by line, without secrets. Fails with every error at once. */
    List<String> checkedSettings();

    /** Starts both planes on the settings. */
    Serving serve();

    /** Starts the data plane alone on the settings. */
    Gating gate();

    /** Starts both planes on this folder, on free ports where the usual ones are taken. */
    Serving serveThrowAway(Path folder);

    /**
     * Reaches the process that runs on the data folder, or starts one for as long as the session is open. Never makes a
     * store.
     */
    Session session();

    /** As {@link #session}, but makes the store when there is none. */
    Session sessionForSetup();

    /** As {@link #session}, but fails when no process runs on the data folder. */
    Session runningSession();

    /** A server that runs until it is closed. */
    interface Server extends AutoCloseable {
        @Override
        void close();
    }

    /** A process that was started, with what a person should read first. */
    record Serving(List<String> summary, Target target, Server server) {}

    /**
     * A gate that was started, with what a person should read first.
     *
     * @param host where it is reached on this machine
     */
    record Gating(List<String> summary, String host, int port, Server server) {}

    /** Where the planes are, and the operator's secret for the control plane. */
    record Target(String url, String gateUrl, Secret operator) {}

    /**
     * A target for the length of one command.
     *
     * @param notices what a person must be told because of how the session began
     * @param linksLast whether links that are made now lead to Keyrack when the session has ended
     */
    record Session(Target target, List<String> notices, boolean linksLast, Server server) implements AutoCloseable {
        public Session {
            notices = List.copyOf(notices);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
