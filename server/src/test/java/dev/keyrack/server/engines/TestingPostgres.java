package dev.keyrack.server.engines;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server, with a user of Keyrack's who is nobody special and needs a password. */
public final class TestingPostgres implements AutoCloseable {
    public static final String USER = "keyrack";
    public static final String PASSWORD = "pass/word";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** One for all tests of this JVM that do it no harm. It ends with the JVM. */
    private static final class Shared {
        static final TestingPostgres THE = start("off");
    }

    private final EmbeddedPostgres server;
    private final Path data;

    private TestingPostgres(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    public static TestingPostgres shared() {
        return Shared.THE;
    }

    /** One for a test that stops it, and that keeps what it has acknowledged. */
    public static TestingPostgres own() {
        return start("on");
    }

    private static TestingPostgres start(String durable) {
        try {
            Path data = Files.createTempDirectory("keyrack-postgres");
            TestingPostgres started = new TestingPostgres(
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setServerConfig("max_connections", "300")
                            .setServerConfig("synchronous_commit", durable)
                            .setServerConfig("fsync", durable)
                            .start(),
                    data);
            started.asSuperuser("postgres", "CREATE ROLE keyrack LOGIN PASSWORD '" + PASSWORD + "'");
            started.let("host all keyrack all scram-sha-256");
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts these lines before those that say who may connect. */
    public void let(String... lines) {
        try {
            Path file = data.resolve("pg_hba.conf");
            Files.writeString(file, String.join("\n", lines) + "\n" + Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        asSuperuser("postgres", "SELECT pg_reload_conf()");
    }

    /** An empty database of the user's own, sorted by the rules of a language unless we say otherwise. */
    public String freshDatabase() {
        String name = "keyrack" + NUMBER.incrementAndGet();
        asSuperuser(
                "postgres",
                "CREATE DATABASE " + name + " OWNER keyrack TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu"
                        + " ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'");
        return name;
    }

    /** A copy of another one, to which nobody may be connected. */
    public String copy(String database) {
        String name = "keyrack" + NUMBER.incrementAndGet();
        asSuperuser("postgres", "CREATE DATABASE " + name + " OWNER keyrack TEMPLATE " + database);
        return name;
    }

    /** As it is set in {@code KEYRACK_DATABASE_URL}. */
    public String url(String database) {
        return url(port(), database);
    }

    /** The same through another port, where a pooler listens. */
    public static String url(int port, String database) {
        return "postgresql://" + USER + ":" + PASSWORD.replace("/", "%2F") + "@localhost:" + port + "/" + database;
    }

    public int port() {
        return server.getPort();
    }

    public void drop(String database) {
        asSuperuser("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
    }

    /** As an administrator of the server. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port() + "/" + database, "postgres", "");
    }

    /** Does what an administrator of the server can do. */
    public void asSuperuser(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public long number(String database, String query) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends every connection of Keyrack's. */
    public void cut(String database) {
        asSuperuser(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keyrack' AND datname = '"
                        + database + "'");
    }

    /** Ends the server without a word to anybody, as if it had crashed, and starts it again. */
    public void crash() {
        control(program(), "restart", "-m", "immediate", "-w");
    }

    /** Stops the server; what is handed back starts it again. */
    public Runnable stop() {
        Path program = program();
        control(program, "stop", "-m", "fast", "-w");
        return () -> control(program, "start", "-w", "-o", "-p " + port());
    }

    /** The {@code pg_ctl} beside the program that runs. */
    private Path program() {
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
            return Path.of("/proc/" + pid + "/exe").toRealPath().resolveSibling("pg_ctl");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It refuses to be root. */
    private void control(Path program, String... arguments) {
        try {
            List<String> command = new ArrayList<>();
            if ((int) Files.getAttribute(data, "unix:uid") == 0) {
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(program.toString(), "-D", data.toString(), "-s", "-l", data + ".log"));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of(data + ".control").toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed:\n" + Files.readString(Path.of(data + ".control")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(Path.of(data + ".log"));
            Files.deleteIfExists(Path.of(data + ".control"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
