package dev.keyrack.server.store;

import dev.keyrack.gate.DatabaseUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A look at a database on a server before anything in it is changed: is it Keyrack's, not newer than this program, and
 * which keyset does it need?
 *
 * @param keysetCheck what the right keyset can decrypt; nothing when there is no installation yet
 */
record PostgresGlance(@Nullable String keysetCheck) {
    /** Before it, no FROM of a RETURNING upsert and no exact clock could be relied upon; it is out of support, too. */
    private static final int OLDEST_SERVER = 140_000;

    /** Whatever lies in the schema that is not part of an extension. */
    private static final String ANYTHING = """
            SELECT 1 FROM pg_class c
            WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
              AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            LIMIT 1
            """;

    private static final String NEWEST =
            "SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE version IS NOT NULL";

    private static final String FIRST = "SELECT script FROM flyway_schema_history WHERE version = '1'";

    /** @throws CannotStart if it is another program's, or newer than this program, or the server is too old */
    static PostgresGlance at(DataSource database, DatabaseUrl url) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            String version = one(statement, "SELECT current_setting('server_version_num')");
            if (version == null || Integer.parseInt(version) < OLDEST_SERVER) {
                throw new CannotStart("The server " + url.server() + " runs PostgreSQL "
                        + one(statement, "SELECT current_setting('server_version')")
                        + ", and Keyrack needs 14 or newer. Upgrade it.");
            }
            if (one(statement, "SELECT current_schema()") == null) {
                throw new CannotStart("The user " + url.user() + " has no schema in the database " + url.database()
                        + " to make tables in. Run there: CREATE SCHEMA " + url.user() + " AUTHORIZATION "
                        + url.user() + ";");
            }
            if (!table(statement, "flyway_schema_history")) {
                if (one(statement, ANYTHING) != null) {
                    throw anotherProgram(url);
                }
                return new PostgresGlance(null);
            }
            String first = one(statement, FIRST);
            if (first != null && !first.equals("V1__keys_and_feed.sql")) {
                throw anotherProgram(url);
            }
            requireNotNewer(statement, url);
            return new PostgresGlance(
                    table(statement, "installation")
                            ? one(statement, "SELECT keyset_check FROM installation WHERE id = 1")
                            : null);
        }
    }

    private static CannotStart anotherProgram(DatabaseUrl url) {
        return new CannotStart("The database " + url.database() + " on " + url.server()
                + " belongs to another program. Make one for Keyrack alone, and name it in KEYRACK_DATABASE_URL.");
    }

    private static void requireNotNewer(Statement statement, DatabaseUrl url) throws SQLException {
        String newest = one(statement, NEWEST);
        if (newest != null && Integer.parseInt(newest) > DatabaseGlance.NEWEST_SCHEMA) {
            throw new CannotStart("The database " + url.database() + " on " + url.server()
                    + " was written by a newer Keyrack (its schema is " + newest + ", this program's "
                    + DatabaseGlance.NEWEST_SCHEMA + "). Start that version, or restore a backup made before it.");
        }
    }

    private static boolean table(Statement statement, String name) throws SQLException {
        return one(statement, "SELECT to_regclass('" + name + "')") != null;
    }

    private static @Nullable String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
