package dev.keyrack.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A PostgreSQL of its own, for the harness on a small disk of its own where the system lets it have one. */
public final class Postgres implements AutoCloseable {
    private static final String MEGABYTES = "384";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** How it is stopped; each has its signal. */
    enum Stop {
        /** Connections are ended, then all is written: pg_ctl stop -m fast. */
        FAST("INT"),
        /** Nothing is written, the log of changes is gone through at the next start: pg_ctl stop -m immediate. */
        IMMEDIATE("QUIT"),
        /** As if the machine had lost its power. */
        KILL("KILL");

        private final String signal;

        Stop(String signal) {
            this.signal = signal;
        }
    }

    private final Path programs;
    private final Path disk;
    private final Path log;
    private final boolean bounded;
    private final int port;
    private Process process;

    private Postgres(Path programs, Path disk, Path log, boolean bounded) throws IOException {
        this.programs = programs;
        this.disk = disk;
        this.log = log;
        this.bounded = bounded;
        this.port = Shell.freePort();
        this.process = launch();
    }

    /** Makes a new one in this folder and starts it. */
    static Postgres start(Path folder) throws IOException, InterruptedException {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        return start(folder, disk, mount(disk));
    }

    /** The same with as much room as the folder has. */
    public static Postgres startRoomy(Path folder) throws IOException, InterruptedException {
        return start(folder, Files.createDirectories(folder.resolve("disk")), false);
    }

    private static Postgres start(Path folder, Path disk, boolean bounded) throws IOException, InterruptedException {
        try {
            Path programs = Files.createDirectories(folder.resolve("programs"));
            PostgresFiles.unpack(programs);
            List<String> init = unprivileged();
            init.addAll(List.of(
                    programs.resolve("bin/initdb").toString(),
                    "-D",
                    disk.resolve("data").toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--wal-segsize=1"));
            Shell.run(init.toArray(String[]::new));
            Postgres postgres = new Postgres(programs, disk, folder.resolve("postgres.log"), bounded);
            postgres.awaitReady();
            postgres.execute("CREATE ROLE app LOGIN PASSWORD 'secret'", "CREATE DATABASE keyrack OWNER app");
            return postgres;
        } catch (IOException | InterruptedException e) {
            if (bounded) {
                Shell.run("umount", "-l", disk.toString());
            }
            throw e;
        }
    }

    private static boolean mount(Path disk) throws InterruptedException {
        try {
            Shell.run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m,mode=0700", "tmpfs", disk.toString());
            return true;
        } catch (IOException e) {
            return false; // no right to; then its disk is everybody's, and is never filled
        }
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own it does not. */
    private static List<String> unprivileged() {
        return new ArrayList<>(Shell.root() ? List.of("unshare", "-U") : List.of());
    }

    private Process launch() throws IOException {
        List<String> command = unprivileged();
        command.addAll(List.of(
                programs.resolve("bin/postgres").toString(),
                "-D",
                disk.resolve("data").toString()));
        for (String setting : List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=120",
                "shared_buffers=32MB",
                "min_wal_size=4MB",
                "max_wal_size=24MB",
                "checkpoint_timeout=30s",
                "restart_after_crash=on")) {
            command.addAll(List.of("-c", setting));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    int port() {
        return port;
    }

    /** Whether its disk can be filled without harm to others. */
    boolean bounded() {
        return bounded;
    }

    /** What a process of Keyrack is told to use. */
    public String url() {
        return "postgresql://app:secret@127.0.0.1:" + port + "/keyrack";
    }

    /** A connection of the harness itself, past all links. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database
                + "?user=postgres&connectTimeout=5&socketTimeout=120");
    }

    private void execute(String... statements) throws IOException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not do what it is told", e);
        }
    }

    /** A new and empty database. */
    void createDatabase(String name) throws IOException {
        execute("CREATE DATABASE " + name + " OWNER app");
    }

    void stop(Stop how) throws IOException, InterruptedException {
        Shell.signal(process, how.signal);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Returns when it takes connections; starts it when it does not run. */
    void awaitReady() throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE;
        while (true) {
            if (!process.isAlive()) {
                process = launch(); // at once after a kill its children may still be there: then once more
            }
            try (Connection connection = connect("postgres")) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (System.nanoTime() - giveUp > 0) {
                    throw new IOException("PostgreSQL does not start:\n" + Files.readString(log), e);
                }
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Leaves no byte free on its disk. */
    void fillDisk() throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
            byte[] block = new byte[64 * 1024];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (disk.toFile().getUsableSpace() > 64 * 1024) {
                throw e;
            }
        }
    }

    void emptyDisk() throws IOException {
        Files.deleteIfExists(disk.resolve("filler"));
    }

    /** For good, and everything that it kept with it. */
    void end() throws IOException, InterruptedException {
        Shell.signal(process, "QUIT");
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        if (bounded) {
            Shell.run("umount", "-l", disk.toString());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
