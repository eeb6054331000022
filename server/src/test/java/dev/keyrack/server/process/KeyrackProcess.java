package dev.keyrack.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** A process that serves. Closing it kills it, if it still runs. */
final class KeyrackProcess implements AutoCloseable {
    private static final Pattern CONTROL = Pattern.compile("Control plane +http://[^ ]*:([0-9]+) ");
    private static final Pattern GATE = Pattern.compile("Data plane +http://[^ ]*:([0-9]+) ");

    private final Process process;
    private final Path data;
    private final Path out;
    private final Path err;

    KeyrackProcess(Process process, Path data, Path out, Path err) {
        this.process = process;
        this.data = data;
        this.out = out;
        this.err = err;
    }

    void awaitReady() throws Exception {
        Wait.until("the program has started; it printed\n" + err(), () -> {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the program ended with status " + process.exitValue() + ":\n" + out() + err());
            }
            return CONTROL.matcher(out()).find() && GATE.matcher(out()).find();
        });
        Wait.until(
                "both planes are ready",
                () -> control().get("/health/ready").status() == 200
                        && gate().get("/health/ready").status() == 200);
    }

    private int port(Pattern line) throws IOException {
        Matcher matcher = line.matcher(out());
        if (!matcher.find()) {
            throw new AssertionError("no " + line + " in\n" + out());
        }
        return Integer.parseInt(matcher.group(1));
    }

    int controlPort() throws IOException {
        return port(CONTROL);
    }

    int gatePort() throws IOException {
        return port(GATE);
    }

    /** The control plane, without a credential. */
    Api control() throws IOException {
        return new Api("http://127.0.0.1:" + controlPort(), null);
    }

    Api gate() throws IOException {
        return new Api("http://127.0.0.1:" + gatePort(), null);
    }

    /** The control plane, as whoever holds the data folder. */
    Api operator() throws IOException {
        return control()
                .as(JsonMapper.shared()
                        .readTree(Files.readString(insight(data.resolve("control.json"))))
                        .get("operator")
                        .stringValue());
    }

    /** A path as the process itself sees it, through its own mounts. */
    Path insight(Path path) {
        return Path.of("/proc/" + process.pid() + "/root" + path.toAbsolutePath());
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
