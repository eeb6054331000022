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

    private static RuntimeException failure(DatabaseUrl database, SQLException e) {
        return switch (PostgresStates.of(e)) {
            case "3D000" ->
                new CannotStart(
                        "There is no database " + database.database() + " on " + database.server()
                                + ". Start ./keyrack serve on one first, or correct KEYRACK_DATABASE_URL.",
                        e);
            case "42501" ->
                new CannotStart(
                        "The user " + database.user() + " may not read Keyrack's tables in the database "
                                + database.database() + " on " + database.server()
                                + ". Grant it the rights that docs/gate.md lists.",
                        e);
            case "28P01", "28000" -> new PostgresRefusal(database).of(e);
            default ->
                new FeedUnavailable(
                        "PostgreSQL cannot be used: "
                                + new PostgresRefusal(database).of(e).getMessage(),
                        e);
        };
    }

    private static @Nullable String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
