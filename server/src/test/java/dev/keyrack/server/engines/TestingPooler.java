package dev.keyrack.server.engines;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A real pgbouncer in transaction mode: a connection belongs to its user for one transaction, then to another. */
public final class TestingPooler implements AutoCloseable {
    /** Fewer than one process of Keyrack opens, so that connections change hands all the time. */
    private static final int CONNECTIONS = 6;

    private final Process process;
    private final int port;

    private TestingPooler(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static TestingPooler start(TestingPostgres server, Path folder) throws Exception {
        Files.createDirectories(folder);
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path users = Files.writeString(
                folder.resolve("users"), "\"" + TestingPostgres.USER + "\" \"" + TestingPostgres.PASSWORD + "\"\n");
        Path settings = Files.writeString(
                folder.resolve("pgbouncer.ini"), """
                [databases]
                * = host=localhost port=%d
                [pgbouncer]
                listen_addr = localhost
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 200
                """.formatted(server.port(), port, users, CONNECTIONS));
        List<String> command = new ArrayList<>(List.of(
                Files.isExecutable(Path.of("/usr/sbin/pgbouncer")) ? "/usr/sbin/pgbouncer" : "pgbouncer",
                settings.toString()));
        if ((int) Files.getAttribute(folder, "unix:uid") == 0) {
            // It refuses to be root.
            command.addAll(1, List.of("-u", "nobody"));
            for (Path open = folder;
                    !open.equals(Path.of("/tmp")) && open.getNameCount() > 1;
                    open = open.getParent()) {
                Files.setPosixFilePermissions(
                        open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new AssertionError("pgbouncer ended:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(5_000_000);
        }
        return new TestingPooler(process, port);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor();
    }
}
