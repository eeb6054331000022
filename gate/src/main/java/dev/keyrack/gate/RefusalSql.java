package dev.keyrack.gate;

import dev.keyrack.verifier.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Writes counted refusals into the store, one row for each hour, key, rule and value. The same SQL text runs on SQLite and
 * PostgreSQL.
 *
 * <p>Guarantee: whoever sends ever new values pushes no other ones out. Of an hour and rule {@value #VALUES} values have rows
 * of their own, and of the hours before {@value #MOST} values of a key; all others are counted together, under
 * {@link Refusals#FURTHER}. Where there are too many, repeated rows of one value go first, and then values of the hours and
 * rules that have the most of them, the least counted ones first.
 */
public final class RefusalSql {
    /** Rows of single values that are kept of a key and the hours before this one. */
    public static final int MOST = 1_000;

    /** Values of one key, hour and rule that have rows of their own. */
    static final int VALUES = 50;

    /** Rows in one transaction, so that no other change waits long. */
    private static final int BATCH = 500;

    private static final long HOUR = 3_600_000_000L;

    private static final String ADD = """
            INSERT INTO refusals (key_id, hour, code, observed, value, count, first_at, last_at)
            VALUES (?, ?, ?, ?,
                    CASE WHEN (SELECT COUNT(*) FROM refusals
                               WHERE key_id = ? AND hour = ? AND code = ? AND observed = ? AND value NOT IN (?, '…')) < ?
                    THEN ? ELSE '…' END,
                    ?, ?, ?)
            ON CONFLICT (key_id, hour, code, observed, value) DO UPDATE SET
                count = refusals.count + excluded.count,
                first_at = CASE WHEN excluded.first_at < refusals.first_at
                           THEN excluded.first_at ELSE refusals.first_at END,
                last_at = CASE WHEN excluded.last_at > refusals.last_at THEN excluded.last_at ELSE refusals.last_at END
            """;

    /** What is too much, by its place in its hour and rule: the row in which a value stands best before its others. */
    private static final String TOO_MANY = """
            WITH placed AS (
                SELECT hour, code, observed, value, count, first_at, last_at,
                       ROW_NUMBER() OVER (PARTITION BY hour, code, observed
                                          ORDER BY count DESC, last_at DESC, value) AS place
                FROM refusals WHERE key_id = ? AND hour < ? AND value <> '…'),
            rows_of_values AS (
                SELECT hour, code, observed, value, count, first_at, last_at, place,
                       CASE WHEN ROW_NUMBER() OVER (PARTITION BY code, observed, value ORDER BY place, hour DESC) = 1
                       THEN 0 ELSE 1 END AS repeated
                FROM placed),
            too_many AS (
                SELECT hour, code, observed, value, count, first_at, last_at FROM rows_of_values
                ORDER BY repeated, CASE WHEN repeated = 1 THEN 0 ELSE place END, hour DESC, code, observed, value
                LIMIT 1000000 OFFSET ?)
            SELECT hour, code, observed, value, count, first_at, last_at FROM too_many
            ORDER BY hour, code, observed, value
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
        long at = micros.getAsLong();
        for (int from = 0; from < sorted.size(); from += BATCH) {
            List<Refusals.Counted> some = sorted.subList(from, Math.min(from + BATCH, sorted.size()));
            inTransaction(connection -> {
                for (Refusals.Counted counted : some) {
                    add(connection, new Row(counted.what(), at - at % HOUR, counted.count(), at, at));
                }
            });
        }
        Set<String> keys = new TreeSet<>();
        refusals.forEach(counted -> keys.add(counted.what().keyId()));
        for (String key : keys) {
            inTransaction(connection -> fold(connection, key, at - at % HOUR));
        }
    }

    /** How often something was refused in an hour. */
    private record Row(Refusals.What what, long hour, long count, long firstAt, long lastAt) {}

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

    private static void add(Connection connection, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            place(statement, 1, row);
            place(statement, 5, row);
            statement.setString(9, row.what().value());
            statement.setInt(10, VALUES);
            statement.setString(11, row.what().value());
            statement.setLong(12, row.count());
            statement.setLong(13, row.firstAt());
            statement.setLong(14, row.lastAt());
            statement.executeUpdate();
        }
    }

    private static void place(PreparedStatement statement, int from, Row row) throws SQLException {
        statement.setString(from, row.what().keyId());
        statement.setLong(from + 1, row.hour());
        statement.setString(from + 2, row.what().code().name());
        statement.setInt(from + 3, row.what().observed() ? 1 : 0);
    }

    /**
     * Counts with the further values what of a key is too much, so that no number is lost. Of this hour nothing is, and other
     * nodes are writing in it.
     */
    private static void fold(Connection connection, String key, long hour) throws SQLException {
        if (values(connection, key, hour) <= MOST) {
            return;
        }
        for (Row row : tooMany(connection, key, hour)) {
            if (deleted(connection, row)) {
                Refusals.What what = row.what();
                add(
                        connection,
                        new Row(
                                new Refusals.What(what.keyId(), what.code(), what.observed(), Refusals.FURTHER),
                                row.hour(),
                                row.count(),
                                row.firstAt(),
                                row.lastAt()));
            }
        }
    }

    private static long values(Connection connection, String key, long hour) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT COUNT(*) FROM refusals WHERE key_id = ? AND hour < ? AND value <> '…'")) {
            statement.setString(1, key);
            statement.setLong(2, hour);
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getLong(1);
            }
        }
    }

    /** In one order, so that two nodes that fold the same key do not wait for each other. */
    private static List<Row> tooMany(Connection connection, String key, long hour) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TOO_MANY)) {
            statement.setString(1, key);
            statement.setLong(2, hour);
            statement.setInt(3, MOST);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(
                            new Refusals.What(
                                    key,
                                    Code.valueOf(found.getString("code")),
                                    found.getInt("observed") != 0,
                                    found.getString("value")),
                            found.getLong("hour"),
                            found.getLong("count"),
                            found.getLong("first_at"),
                            found.getLong("last_at")));
                }
            }
        }
        return rows;
    }

    /** Whether it was there as it was read: another node may have been first. */
    private static boolean deleted(Connection connection, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM refusals WHERE key_id = ? AND hour = ? AND code = ? AND observed = ? AND value = ? AND count = ?")) {
            place(statement, 1, row);
            statement.setString(5, row.what().value());
            statement.setLong(6, row.count());
            return statement.executeUpdate() > 0;
        }
    }
}
