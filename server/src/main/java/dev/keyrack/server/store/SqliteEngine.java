package dev.keyrack.server.store;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedSql;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** SQLite: one process, one writer, so that nothing can collide. */
final class SqliteEngine implements Engine {
    private final InstantSource clock;

    SqliteEngine(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String size() {
        return "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public long beginChange(Handle handle) {
        return now();
    }

    @Override
    public long beginRead(Handle handle) {
        return now();
    }

    @Override
    public long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /** The writer has the whole database. */
    @Override
    public String rowLock() {
        return "";
    }

    @Override
    public void wake(Handle handle, long number) {
        // All nodes are in this process, which is told after the commit.
    }

    @Override
    public FeedSource feed(DataSource readers) {
        return new FeedSql(readers, this::now);
    }

    @Override
    public boolean collided(SQLException e) {
        return false;
    }

    /** By the primary result codes of SQLite (sqlite.org/rescode.html), in the low byte of the extended ones. */
    @Override
    public Optional<Failure> failure(SQLException e, boolean committing) {
        return switch (e.getErrorCode() & 0xff) {
            case 13 ->
                Failure.of(
                        StoreFailure.Reason.FULL,
                        "The disk that holds the data folder is full. Nothing was changed: free some space and repeat.");
            case 5, 6 ->
                Failure.of(StoreFailure.Reason.BUSY, "The store is busy. Nothing was changed: repeat the call.");
            case 8, 10, 11, 14, 26 ->
                // What was written before it failed may be found whole when the file is opened again.
                committing
                        ? Failure.uncertain("The data folder cannot be written: the operator must look at it.")
                        : Failure.of(
                                StoreFailure.Reason.UNAVAILABLE,
                                "The data folder cannot be written or read. Nothing was changed: the operator must look"
                                        + " at it.");
            default ->
                e instanceof SQLTransientConnectionException
                        ? Failure.of(
                                StoreFailure.Reason.BUSY,
                                "Too many changes are waiting. Nothing was changed: repeat the call.")
                        : Optional.empty();
        };
    }
}
