package dev.keyrack.server.store;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedSql;
import dev.keyrack.verifier.Sentence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/**
 * PostgreSQL, as several processes share it, also through a pooler in transaction mode: every setting made here ends with
 * its transaction.
 */
final class PostgresEngine implements Engine {
    /**
     * A process that is frozen in mid-change must not keep its locks, least of all the feed's: PostgreSQL ends its
     * transaction. Whoever waits for a lock gives up sooner.
     */
    private static final String BEGIN_CHANGE = "SELECT " + FeedSql.POSTGRESQL_MICROS + """
            , set_config('lock_timeout', '5s', true), set_config('idle_in_transaction_session_timeout', '10s', true)
            """;

    private static final String BEGIN_READ =
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT " + FeedSql.POSTGRESQL_MICROS;

    private final LongSupplier nanos;
    private volatile Reading last;

    private record Reading(long micros, long nanos) {}

    /** @param nanos a monotonic clock, which carries the database's time on between two transactions */
    PostgresEngine(long micros, LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Reading(micros, nanos.getAsLong());
    }

    @Override
    public String size() {
        return "SELECT pg_database_size(current_database())";
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public long beginChange(Handle handle) throws SQLException {
        try (Statement statement = handle.getConnection().createStatement();
                ResultSet row = statement.executeQuery(BEGIN_CHANGE)) {
            return told(row);
        }
    }

    @Override
    public long beginRead(Handle handle) throws SQLException {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(BEGIN_READ);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                return told(row);
            }
        }
    }

    private long told(ResultSet row) throws SQLException {
        row.next();
        long micros = row.getLong(1);
        last = new Reading(micros, nanos.getAsLong());
        return micros;
    }

    @Override
    public long now() {
        Reading reading = last;
        return reading.micros + (nanos.getAsLong() - reading.nanos) / 1_000;
    }

    /** Against other changes of the row; a new row may still refer to it. */
    @Override
    public String rowLock() {
        return " FOR NO KEY UPDATE";
    }

    @Override
    public String waking() {
        return "RETURNING pg_notify('" + FeedSql.CHANNEL + "', CAST(seq AS TEXT))";
    }

    @Override
    public FeedSource feed(DataSource readers) {
        return FeedSql.postgresql(readers);
    }

    /**
     * Collisions are deadlocks and serialization failures, and rows that appeared between a check and an insert: the next
     * run's check finds them.
     */
    @Override
    public boolean collided(SQLException e) {
        String state = PostgresStates.of(e);
        return state.equals("40001") || state.equals("40P01") || state.equals("23505");
    }

    /** By SQLSTATE (PostgreSQL manual, appendix A). */
    @Override
    public Optional<Failure> failure(SQLException e, boolean committing) {
        String state = PostgresStates.of(e);
        if (committing && !PostgresStates.rolledBack(state)) {
            return Failure.uncertain(Sentence.of("problem.store.lost"));
        }
        if (PostgresStates.unreachable(e)) {
            return Failure.of(StoreFailure.Reason.UNAVAILABLE, Sentence.of("problem.store.unreachable"));
        }
        return switch (state) {
            case "53100", "53000" -> Failure.of(StoreFailure.Reason.FULL, Sentence.of("problem.store.database-full"));
            case "40001", "40P01", "55P03", "57014", "25P03", "25P04", "53200", "53300" ->
                Failure.of(StoreFailure.Reason.BUSY, Sentence.of("problem.store.database-busy"));
            case "42501" -> Failure.of(StoreFailure.Reason.UNAVAILABLE, Sentence.of("problem.store.database-right"));
            case "25006" -> Failure.of(StoreFailure.Reason.UNAVAILABLE, Sentence.of("problem.store.standby"));
            case "58000", "58030", "58P01", "XX001", "XX002" ->
                Failure.of(StoreFailure.Reason.UNAVAILABLE, Sentence.of("problem.store.database-files"));
            default ->
                e instanceof java.sql.SQLTransientConnectionException
                        ? Failure.of(StoreFailure.Reason.BUSY, Sentence.of("problem.store.waiting"))
                        : Optional.empty();
        };
    }
}
