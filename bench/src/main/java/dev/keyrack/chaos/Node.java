package dev.keyrack.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One process of the installation, with ports and links that outlive it. */
final class Node {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    /** What it is started as; the same as the command. */
    enum Kind {
        SERVE("serve"),
        GATE("gate");

        private final String command;

        Kind(String command) {
            this.command = command;
        }
    }

    private final String name;
    private final Kind kind;
    private final Path folder;
    private final Path keyset;
    private final String database;
    private final Link link;
    private final Link clients;
    private final Link askers;
    private final Optional<FakeTime> time;
    private final int controlPort;
    private final int gatePort;
    private Setup setup;
    private @Nullable Process process;

    /**
     * @param keyset of the installation, which all that serve share
     * @param database its name
     */
    Node(String name, Kind kind, Path folder, Path keyset, Postgres postgres, String database, Setup setup)
            throws IOException {
        this.name = name;
        this.kind = kind;
        this.folder = Files.createDirectories(folder.resolve(name));
        this.keyset = keyset;
        this.database = database;
        this.setup = setup;
        this.link = new Link(postgres.port());
        this.time = FakeTime.in(this.folder.resolve("clock"));
        this.controlPort = Shell.freePort();
        this.clients = new Link(controlPort);
        this.gatePort = Shell.freePort();
        this.askers = new Link(gatePort);
    }

    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    /** To the database. */
    Link link() {
        return link;
    }

    /** From those who change keys at it to one that serves. */
    Link clients() {
        return clients;
    }

    /** From those who ask it about tokens to its data plane. */
    Link askers() {
        return askers;
    }

    /** Its wall clock, where the system lets it have its own. */
    Optional<FakeTime> time() {
        return time;
    }

    int gatePort() {
        return gatePort;
    }

    /** Of its control plane, by the link of its clients; where something is measured, without it. */
    String url() {
        return "http://127.0.0.1:" + (setup.earnest() ? controlPort : clients.port());
    }

    /** Where the data folder of one that serves is. */
    Path data() {
        return folder.resolve("data");
    }

    /** What it printed, in all its lives. */
    Path log() {
        return folder.resolve("log");
    }

    /** How it is started from now on. */
    void use(Setup next) {
        setup = next;
    }

    /** Starts it without waiting for anything. */
    synchronized void launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(setup.command(kind.command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        var environment = builder.environment();
        environment.keySet().removeIf(n -> n.startsWith("KEYRACK_") || n.equals("JAVA_TOOL_OPTIONS"));
        time.ifPresent(fake -> environment.putAll(fake.environment()));
        environment.putAll(environment());
        process = builder.start();
    }

    /** Its settings. */
    Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>(Map.of(
                "KEYRACK_DATABASE_URL",
                "postgresql://app:secret@127.0.0.1:" + link.port() + "/" + database,
                "KEYRACK_GATE_PORT",
                String.valueOf(gatePort),
                "KEYRACK_LOG",
                "json",
                "KEYRACK_LEASE",
                setup.lease().toMillis() + "ms"));
        if (kind == Kind.SERVE) {
            all.put("KEYRACK_DATA", data().toString());
            all.put("KEYRACK_PORT", String.valueOf(controlPort));
            all.put("KEYRACK_KEYSET_FILE", keyset.toString());
        }
        return all;
    }

    /** Returns when it is ready; one that ends by itself meanwhile is started again, as whoever supervises it would. */
    void awaitReady() throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE;
        while (!ready()) {
            if (System.nanoTime() - giveUp > 0) {
                throw new IOException(name + " does not get ready; it printed\n" + Files.readString(log()));
            }
            Process now = process;
            if (now == null || !now.isAlive()) {
                LockSupport.parkNanos(300_000_000);
                launch();
            }
            LockSupport.parkNanos(30_000_000);
        }
    }

    void start() throws IOException, InterruptedException {
        launch();
        awaitReady();
    }

    /** Whether it says that it is ready, at its data plane: one that serves is ready as a whole. */
    boolean ready() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(5_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gatePort), 1_000);
            socket.getOutputStream()
                    .write("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] line = socket.getInputStream().readNBytes(12);
            return new String(line, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    void kill() throws InterruptedException {
        Process now = process;
        if (now != null) {
            now.destroyForcibly().waitFor();
        }
    }

    /** SIGTERM; returns when it has ended. */
    void stop() throws InterruptedException {
        Process now = process;
        if (now != null) {
            now.destroy();
            if (!now.waitFor(30, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process now = process;
        if (now != null) {
            Shell.signal(now, signal);
        }
    }

    /** What it used of the processors in this life. */
    Duration processorTime() {
        Process now = process;
        return now == null ? Duration.ZERO : now.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** One of its metrics that has no labels. */
    double metric(String metric) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + gatePort + "/metrics").toURL().openStream()) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return all.lines()
                    .filter(line -> line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new IOException(name + " has no metric " + metric));
        }
    }

    /** For good. */
    void end() throws IOException, InterruptedException {
        kill();
        link.close();
        clients.close();
        askers.close();
    }
}
