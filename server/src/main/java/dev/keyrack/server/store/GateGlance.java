package dev.keyrack.server.store;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.FeedUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A look at a PostgreSQL database before a gate follows it: may we in, is there a store, and is it one that this program
 * knows?
 */
public final class GateGlance {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private GateGlance() {}

    /**
     * Returns when the database fits.
     *
     * @throws CannotStart if it does not, with what to do
     * @throws FeedUnavailable if that cannot be told at present: the server cannot be reached, or is not ready
     */
    public static void at(DatabaseUrl database) {
        try (Connection connection =
                        database.connections("keyrack gate", PATIENCE).getConnection();
                Statement statement = connection.createStatement()) {
            String store = one(statement, "SELECT to_regclass('flyway_schema_history')");
            String schema = store == null
                    ? null
                    : one(
                            statement,
                            "SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history"
                                    + " WHERE version IS NOT NULL AND success");
            if (schema == null) {
                throw new CannotStart("The database " + database
                        + " holds no store of Keyrack yet. Start ./keyrack serve on it first, or correct"
                        + " KEYRACK_DATABASE_URL.");
            }
            requireFits(database, Integer.parseInt(schema));
        } catch (SQLException e) {
            throw failure(database, e);
        }
    }

    private static void requireFits(DatabaseUrl database, int schema) {
        if (schema > DatabaseGlance.NEWEST_SCHEMA) {
            throw new CannotStart("The database " + database + " was written by a newer Keyrack (its schema is "
                    + schema + ", this program's " + DatabaseGlance.NEWEST_SCHEMA + "). Start a gate of that version.");
        }
        if (schema < DatabaseGlance.NEWEST_SCHEMA) {
            throw new CannotStart("The database " + database + " was written by an older Keyrack (its schema is "
                    + schema + ", this program's " + DatabaseGlance.NEWEST_SCHEMA
                    + "). Start ./keyrack serve of this version on it first, then its gates.");
        }
    }

    /** By the codes of the SQL standard and of PostgreSQL (appendix A of its manual). */
    private static RuntimeException failure(DatabaseUrl database, SQLException e) {
        String code = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (code) {
            case "28P01", "28000" ->
                new CannotStart(
                        "PostgreSQL at " + database.server() + " does not let the user " + database.user()
                                + " in. Correct the user or the password in KEYRACK_DATABASE_URL, or the server's"
                                + " pg_hba.conf.",
                        e);
            case "3D000" ->
                new CannotStart(
                        "There is no database " + database.database() + " on PostgreSQL at " + database.server()
                                + ". Create it and start ./keyrack serve on it first, or correct KEYRACK_DATABASE_URL.",
                        e);
            case "42501" ->
                new CannotStart(
                        "The user " + database.user() + " may not read the store in " + database
                                + ". Grant it the rights on Keyrack's tables that docs/gate.md lists.",
                        e);
            default -> new FeedUnavailable("PostgreSQL at " + database.server() + " cannot be reached", e);
        };
    }

    private static @Nullable String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
