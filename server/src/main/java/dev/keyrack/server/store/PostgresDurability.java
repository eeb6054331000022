package dev.keyrack.server.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Whether a server keeps what it has acknowledged, by its own settings. */
final class PostgresDurability {
    /** Standbys that follow it now; a base backup under way is none. */
    private static final String SETTINGS = """
            SELECT current_setting('synchronous_commit'), current_setting('fsync'),
                   current_setting('synchronous_standby_names'),
                   (SELECT COUNT(*) FROM pg_stat_replication WHERE application_name <> 'pg_basebackup')
            """;

    private PostgresDurability() {}

    /** What can be lost, and what to do about it; empty when nothing can by what the settings say. */
    static List<String> warnings(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SETTINGS)) {
            row.next();
            return warnings(row.getString(1), row.getString(2), row.getString(3), row.getLong(4));
        }
    }

    static List<String> warnings(String commit, String fsync, String standbyNames, long standbys) {
        List<String> all = new ArrayList<>();
        if (fsync.equals("off")) {
            all.add("PostgreSQL runs with fsync off: a crash of its machine can lose or damage everything."
                    + " Set fsync = on.");
        }
        if (commit.equals("off")) {
            all.add("PostgreSQL runs with synchronous_commit off: a crash can bring a revoked key back."
                    + " Set synchronous_commit = on.");
        }
        if (standbys > 0 && standbyNames.isBlank()) {
            all.add("PostgreSQL has standbys, and none is synchronous: a fail-over can bring a revoked key back."
                    + " Set synchronous_standby_names.");
        } else if (!standbyNames.isBlank() && commit.equals("local")) {
            all.add("PostgreSQL runs with synchronous_commit local: it does not wait for its synchronous standbys, and"
                    + " a fail-over can bring a revoked key back. Set synchronous_commit = on.");
        }
        return all;
    }
}
