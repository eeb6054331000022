package dev.keyrack.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A look at a database file before it is opened: is it Keyrack's, not newer than this program, and which keyset does it
 * need?
 *
 * <p>Guarantee: the file is not changed by a byte. SQLite would change it by opening it for writing: the journal mode
 * stands in it, and what a killed process left in the log is moved into it.
 *
 * @param keysetCheck what the right keyset can decrypt; nothing when there is no installation yet
 */
public record DatabaseGlance(Optional<String> keysetCheck) {
    /**
     * The number of the newest migration, in {@code db/} or a class of this package: told here so that nothing is loaded
     * to look it up.
     */
    public static final int NEWEST_SCHEMA = 21;

    private static final DatabaseGlance NOTHING = new DatabaseGlance(Optional.empty());

    /** @throws CannotStart if it is no database, another program's, or newer than this program */
    static DatabaseGlance at(Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) == 0) {
                return NOTHING;
            }
        } catch (IOException e) {
            throw new CannotStart("The database " + file + " cannot be read: " + CannotStart.why(e)
                    + ". Give this user the right to read it.");
        }
        try (Connection connection = readOnly(file).getConnection();
                Statement statement = connection.createStatement()) {
            if (one(statement, "SELECT 1 FROM sqlite_master LIMIT 1") == null) {
                return NOTHING;
            }
            if (!table(statement, "flyway_schema_history")) {
                throw new CannotStart("The database " + file + " belongs to another program. Move it away, or name"
                        + " another folder in KEYRACK_DATA.");
            }
            requireNotNewer(statement, file);
            return table(statement, "installation")
                    ? new DatabaseGlance(
                            Optional.ofNullable(one(statement, "SELECT keyset_check FROM installation WHERE id = 1")))
                    : NOTHING;
        } catch (SQLException e) {
            throw new CannotStart(
                    "The database " + file + " cannot be read: " + Database.rootMessage(e)
                            + ". If it is damaged, restore it from its backup.",
                    e);
        }
    }

    private static void requireNotNewer(Statement statement, Path file) throws SQLException {
        String newest = one(
                statement, "SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE version IS NOT NULL");
        if (newest != null && Integer.parseInt(newest) > NEWEST_SCHEMA) {
            throw new CannotStart("The database " + file + " was written by a newer Keyrack (its schema is " + newest
                    + ", this program's " + NEWEST_SCHEMA
                    + "). Start that version, or restore a backup made before it.");
        }
    }

    private static boolean table(Statement statement, String name) throws SQLException {
        return one(statement, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + name + "'") != null;
    }

    private static @Nullable String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /**
     * With a log beside it, SQLite must read that too, and makes an index for it. Without one, "immutable" keeps even
     * that from being made (sqlite.org/uri.html).
     */
    private static SQLiteDataSource readOnly(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        boolean log = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
        source.setUrl("jdbc:sqlite:" + file.toUri().toString().replaceFirst("^file:/+", "file:/")
                + (log ? "?mode=ro" : "?immutable=1"));
        return source;
    }
}
