package dev.keyrack.server.engines;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server, one for the JVM, with a user of Keyrack's that is nobody special. */
public final class TestingPostgres {
    public static final String USER = "keyrack";
    public static final String PASSWORD = "pass%2Fword";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final class Holder {
        static final TestingPostgres THE = new TestingPostgres();
    }

    private final EmbeddedPostgres server;

    private TestingPostgres() {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        asSuperuser("postgres", "CREATE ROLE keyrack LOGIN PASSWORD 'pass/word'");
    }

    public static TestingPostgres the() {
        return Holder.THE;
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

    /** As it is set in {@code KEYRACK_DATABASE_URL}. */
    public String url(String database) {
        return "postgresql://" + USER + ":" + PASSWORD + "@localhost:" + port() + "/" + database;
    }

    public int port() {
        return server.getPort();
    }

    public void drop(String database) {
        asSuperuser("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
    }

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
}
