package dev.keyrack.server.engines;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** A database without any content, of the kind that the tests of this JVM run on, which ends with the test. */
public final class TestingDatabase implements AutoCloseable {
    /** Its tables on the server that all share, made once. That takes longer than most tests, and nobody is yet installed there. */
    private static final class Tables {
        static final String THERE = made(TestingPostgres.shared());
    }

    private final Path data;
    private final TestingPostgres server;
    private final String name;
    private Connection operator;

    private TestingDatabase(Path data, TestingPostgres server, String name) {
        this.data = data;
        this.server = server;
        this.name = name;
    }

    /**
     * As the program leaves it on PostgreSQL when it has made its tables.
     *
     * @param data the data folder
     */
    public static TestingDatabase fresh(Path data) {
        TestingPostgres shared = onPostgres() ? TestingPostgres.shared() : null;
        return shared == null
                ? new TestingDatabase(data, null, "")
                : new TestingDatabase(null, shared, shared.copy(Tables.THERE));
    }

    /**
     * Without any tables.
     *
     * @param data the data folder
     */
    public static TestingDatabase bare(Path data) {
        return onPostgres() ? on(TestingPostgres.shared()) : new TestingDatabase(data, null, "");
    }

    private static String made(TestingPostgres server) {
        TestingDatabase database = on(server);
        try {
            Path data = Files.createTempDirectory("keyrack-tables");
            try (DataFolder folder = DataFolder.take(data).orElseThrow()) {
                database.open(folder, InstantSource.system()).store().close();
            }
            server.asSuperuser(database.name, "DELETE FROM installation");
            return database.name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On this server, whatever the other tests run on. */
    public static TestingDatabase on(TestingPostgres server) {
        return new TestingDatabase(null, server, server.freshDatabase());
    }

    public String name() {
        return name;
    }

    public static boolean onPostgres() {
        return "postgresql".equals(System.getProperty("keyrack.engine"));
    }

    /** What tells the program to use this database. */
    public Map<String, String> settings() {
        return name.isEmpty() ? Map.of() : Map.of("KEYRACK_DATABASE_URL", server.url(name));
    }

    /** @param clock whose time rules on SQLite; a PostgreSQL server has its own */
    public Database.Opened open(DataFolder folder, InstantSource clock) {
        Database.KeysetPlace place = new Database.KeysetPlace(null, null);
        return name.isEmpty()
                ? Database.open(folder, place, clock, new SecureRandom())
                : Database.open(DatabaseUrl.parse(server.url(name)), folder, place, new SecureRandom());
    }

    public Connection connect() throws SQLException {
        return name.isEmpty()
                ? DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyrack.db"))
                : server.connect(name);
    }

    /** Connections of the user that the program comes as. */
    public DataSource connections() {
        if (!name.isEmpty()) {
            return DatabaseUrl.parse(server.url(name)).connections("test", Duration.ofSeconds(15));
        }
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + data.resolve("keyrack.db"));
        return file;
    }

    /** A query for the names of all tables. */
    public String tables() {
        return name.isEmpty()
                ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
    }

    /** Does what nobody but an operator with a database tool can do. */
    public synchronized void byHand(String... statements) {
        try {
            if (operator == null || !operator.isValid(5)) {
                operator = connect();
            }
            try (Statement statement = operator.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
            // A file is left to the program; a server takes long to let somebody in.
            if (name.isEmpty()) {
                operator.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (!name.isEmpty()) {
            server.drop(name);
        }
    }
}
