package dev.keyrack.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the program that has a data plane. Closing it kills it, if it still runs. */
class GateProcess implements AutoCloseable {
    private static final Pattern GATE = Pattern.compile("Data plane +http://[^ ]*:([0-9]+) ");

    private final Process process;
    private final Path out;
    private final Path err;

    GateProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Waits until it has said where it listens, ready or not. */
    void awaitListening() throws Exception {
        awaitSaid(GATE);
    }

    void awaitReady() throws Exception {
        awaitListening();
        awaitReady(gate());
    }

    final void awaitSaid(Pattern line) throws Exception {
        Wait.until("the program has started; it printed\n" + err(), () -> {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the program ended with status " + process.exitValue() + ":\n" + out() + err());
            }
            return line.matcher(out()).find();
        });
    }

    static void awaitReady(Api plane) throws Exception {
        Wait.until(plane.url() + " is ready", () -> plane.get("/health/ready").status() == 200);
    }

    final int port(Pattern line) throws IOException {
        Matcher matcher = line.matcher(out());
        if (!matcher.find()) {
            throw new AssertionError("no " + line + " in\n" + out());
        }
        return Integer.parseInt(matcher.group(1));
    }

    int gatePort() throws IOException {
        return port(GATE);
    }

    Api gate() throws IOException {
        return new Api("http://127.0.0.1:" + gatePort(), null);
    }

    long pid() {
        return process.pid();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns at once. */
    void terminate() {
        process.destroy();
    }

    /** The exit status, when it has ended. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(Wait.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    /** SIGTERM, and the exit status. */
    int stop() throws InterruptedException {
        terminate();
        return awaitEnd();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
