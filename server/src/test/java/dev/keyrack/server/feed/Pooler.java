package dev.keyrack.server.feed;

import dev.keyrack.server.engines.TestingPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real pgbouncer in front of one database, which asks its clients for no password. */
final class Pooler implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final String url;

    private Pooler(Process process, Path log, String url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /** @param mode {@code session} or {@code transaction} */
    static Pooler before(int server, String database, String mode, Path folder) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        // It refuses to run as root, and then must read its settings as somebody else.
        Path settings = Files.createTempFile("pgbouncer", ".ini");
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(settings, """
                [databases]
                %s = host=127.0.0.1 port=%d user=%s password='pass/word'
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                ignore_startup_parameters = extra_float_digits
                """.formatted(database, server, TestingPostgres.USER, port, mode));
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        Path log = folder.resolve("pgbouncer.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.command().set(0, Files.exists(Path.of("/usr/sbin/pgbouncer")) ? "/usr/sbin/pgbouncer" : "pgbouncer");
        Process process = builder.start();
        Pooler pooler = new Pooler(
                process, log, "postgresql://" + TestingPostgres.USER + ":x@127.0.0.1:" + port + "/" + database);
        try {
            pooler.awaitListening(port);
        } finally {
            Files.delete(settings);
        }
        return pooler;
    }

    private void awaitListening(int port) throws IOException {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new AssertionError("pgbouncer does not start:\n" + log());
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    String url() {
        return url;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(60, TimeUnit.SECONDS);
    }
}
