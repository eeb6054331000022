package dev.keyrack.gate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Writes counted refusals into the store, one row for each hour, key, rule and value. The same SQL text runs on SQLite and
 * PostgreSQL.
 */
public final class RefusalSql {
    /** Rows that are kept of a key: the latest. */
    public static final int MOST = 1_000;

    /** Rows in one transaction, so that no other change waits long. */
    private static final int BATCH = 500;

    private static final long HOUR = 3_600_000_000L;

    private static final String ADD = """
            INSERT INTO refusals (key_id, hour, code, observed, value, count, first_at, last_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key_id, hour, code, observed, value) DO UPDATE SET
                count = refusals.count + excluded.count, last_at = excluded.last_at
            """;

    private static final String TRIM = """
            DELETE FROM refusals WHERE key_id = ? AND last_at <
                (SELECT last_at FROM refusals WHERE key_id = ? ORDER BY last_at DESC LIMIT 1 OFFSET ?)
            """;

    /** One order for all, so that two nodes that write the same rows do not wait for each other. */
    private static final Comparator<Refusals.Counted> IN_ORDER = Comparator.comparing(
                    (Refusals.Counted counted) -> counted.what().keyId())
            .thenComparing(counted -> counted.what().code())
            .thenComparing(counted -> counted.what().observed())
            .thenComparing(counted -> counted.what().value());

    private final DataSource database;
    private final LongSupplier micros;

    /** @param micros the control plane's time in microseconds since 1970 */
    public RefusalSql(DataSource database, LongSupplier micros) {
        this.database = database;
        this.micros = micros;
    }

    /** @throws FeedUnavailable when the store cannot be written now; what was written until then stays */
    void write(List<Refusals.Counted> refusals) {
        List<Refusals.Counted> sorted = refusals.stream().sorted(IN_ORDER).toList();
        for (int from = 0; from < sorted.size(); from += BATCH) {
            List<Refusals.Counted> some = sorted.subList(from, Math.min(from + BATCH, sorted.size()));
            inTransaction(connection -> add(connection, some));
            inTransaction(connection -> trim(connection, some));
        }
    }

    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    private void inTransaction(Work work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                work.in(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new FeedUnavailable("refusals could not be written down", e);
        }
    }

    private void add(Connection connection, List<Refusals.Counted> refusals) throws SQLException {
        long at = micros.getAsLong();
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            for (Refusals.Counted counted : refusals) {
                Refusals.What what = counted.what();
                statement.setString(1, what.keyId());
                statement.setLong(2, at - at % HOUR);
                statement.setString(3, what.code().name());
                statement.setInt(4, what.observed() ? 1 : 0);
                statement.setString(5, what.value());
                statement.setLong(6, counted.count());
                statement.setLong(7, at);
                statement.setLong(8, at);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void trim(Connection connection, List<Refusals.Counted> refusals) throws SQLException {
        Set<String> keys = new TreeSet<>();
        refusals.forEach(counted -> keys.add(counted.what().keyId()));
        try (PreparedStatement statement = connection.prepareStatement(TRIM)) {
            for (String key : keys) {
                statement.setString(1, key);
                statement.setString(2, key);
                statement.setInt(3, MOST - 1);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
