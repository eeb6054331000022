package dev.keyrack.server.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.keyrack.gate.FeedUnavailable;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/**
 * The one way to read and write what Keyrack keeps.
 *
 * <p>Guarantees: a change is written together with its audit events and feed entries, or not at all; when
 * {@link #change} returns, the change is on disk and in force in this process. Locks are taken in one order: rows, audit,
 * feed last.
 */
public final class Store implements AutoCloseable {
    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private final Jdbi writing;
    private final Jdbi reading;
    private final RecordSql records;
    private final InstantSource clock;
    private volatile LongConsumer committed = number -> {};

    Store(
            HikariDataSource writer,
            HikariDataSource readers,
            InstantSource clock,
            RandomGenerator random,
            AuditChain chain) {
        this.writer = writer;
        this.readers = readers;
        this.writing = discreet(writer);
        this.reading = discreet(readers);
        this.clock = clock;
        this.records = new RecordSql(random, chain);
    }

    /** A failed statement's exception must not carry its values: digests, ciphertexts, people's addresses. */
    private static Jdbi discreet(DataSource source) {
        Jdbi jdbi = Jdbi.create(source);
        jdbi.configure(
                StatementExceptions.class, c -> c.setMessageRendering(StatementExceptions.MessageRendering.NONE));
        return jdbi;
    }

    /** What puts a change in force in this process: called after each commit with the number of its last entry. */
    public void afterCommit(LongConsumer inForce) {
        committed = inForce;
    }

    /** Where the change feed can be read. */
    public DataSource forFeed() {
        return readers;
    }

    /** Microseconds since 1970. */
    public long now() {
        return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, clock.instant());
    }

    /**
     * Runs work that may write, and writes its audit events and feed entries with it.
     *
     * @throws StoreFailure if the store is full, busy or out of reach; nothing was changed, unless it says so
     */
    public <T> Committed<T> change(Cause cause, Function<Tx, Change<T>> work) {
        Committed<T> done;
        try {
            done = writing.inTransaction(handle -> write(handle, cause, work));
        } catch (JdbiException e) {
            throw failure(e);
        }
        try {
            committed.accept(done.sequence());
        } catch (FeedUnavailable e) {
            throw new StoreFailure(
                    StoreFailure.Reason.UNCONFIRMED,
                    "The change is stored but not yet in force here. Repeating a revoke, disable or enable waits for it"
                            + " again; after a create or regenerate, read the key first.",
                    e);
        }
        return done;
    }

    private <T> Committed<T> write(Handle handle, Cause cause, Function<Tx, Change<T>> work) {
        Tx tx = new Tx(handle, now());
        Change<T> change = work.apply(tx);
        for (AuditEvent event : change.auditEvents()) {
            records.append(tx, cause, event);
        }
        long sequence = -1;
        for (FeedDraft entry : change.feedEntries()) {
            sequence = records.append(tx, entry);
        }
        return new Committed<>(change.result(), sequence >= 0 ? sequence : records.head(tx));
    }

    /**
     * Runs work that only reads, on one consistent view.
     *
     * @throws StoreFailure if the store is out of reach
     */
    public <T> T read(Function<Tx, T> work) {
        try {
            return reading.inTransaction(handle -> work.apply(new Tx(handle, now())));
        } catch (JdbiException e) {
            throw failure(e);
        }
    }

    /** Tells what the engine could not do from a bug in our SQL, which stays the exception that it is. */
    private static RuntimeException failure(JdbiException e) {
        SQLException sql = sqlCause(e);
        if (sql == null) {
            return e;
        }
        // The primary result codes of SQLite (sqlite.org/rescode.html), in the low byte of the extended ones.
        return switch (sql.getErrorCode() & 0xff) {
            case 13 ->
                new StoreFailure(
                        StoreFailure.Reason.FULL,
                        "The disk that holds the data folder is full. Nothing was changed: free some space and repeat.",
                        e);
            case 5, 6 ->
                new StoreFailure(
                        StoreFailure.Reason.BUSY, "The store is busy. Nothing was changed: repeat the call.", e);
            case 8, 10, 11, 14, 26 ->
                new StoreFailure(
                        StoreFailure.Reason.UNAVAILABLE,
                        "The data folder cannot be written or read. Nothing was changed: the operator must look at it.",
                        e);
            default ->
                sql instanceof java.sql.SQLTransientConnectionException
                        ? new StoreFailure(
                                StoreFailure.Reason.BUSY,
                                "Too many changes are waiting. Nothing was changed: repeat the call.",
                                e)
                        : e;
        };
    }

    private static @Nullable SQLException sqlCause(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
    }
}
