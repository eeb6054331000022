package dev.keyrack.server.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.verifier.Sentence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
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
    /** How often work that collides with somebody else's is run. */
    private static final int RUNS = 5;

    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private final HikariDataSource nodes;
    private final Jdbi writing;
    private final Jdbi reading;

    /** With connections as the pool gives them, each question of which begins by itself what cannot write. */
    private final Jdbi asking;

    private final RecordSql records;
    private final Engine engine;
    private volatile InForce committed = (number, tag) -> {};

    /** @param nodes may be the writer, where nobody else holds up what is written */
    Store(
            HikariDataSource writer,
            HikariDataSource readers,
            HikariDataSource nodes,
            Engine engine,
            RandomGenerator random,
            AuditChain chain) {
        this.writer = writer;
        this.readers = readers;
        this.nodes = nodes;
        this.writing = discreet(writer);
        this.reading = discreet(readers);
        this.asking = discreet(Jdbi.create(readers));
        this.engine = engine;
        this.records = new RecordSql(random, chain);
    }

    /** Connections come with no transaction open, also from a pool whose connections would open one by themselves. */
    private static Jdbi discreet(DataSource source) {
        return discreet(Jdbi.create(() -> {
            Connection connection = source.getConnection();
            connection.setAutoCommit(true);
            return connection;
        }));
    }

    /** A failed statement's exception must not carry its values: digests, ciphertexts, people's addresses. */
    private static Jdbi discreet(Jdbi jdbi) {
        return jdbi.configure(
                StatementExceptions.class, c -> c.setMessageRendering(StatementExceptions.MessageRendering.NONE));
    }

    /** Puts the feed in force in this process, up to this number as the database has it: with this tag. */
    public interface InForce {
        void upTo(long number, long tag);
    }

    /** What puts a change in force in this process: called after each commit with its last entry's number and tag. */
    public void afterCommit(InForce inForce) {
        committed = inForce;
    }

    /**
     * Where nodes are registered: connections that may write, for {@code nodes} and the entries of registrations. They are
     * nobody else's, so that this process keeps its lease while all its changes wait for somebody's lock.
     */
    public DataSource forNodes() {
        return nodes;
    }

    /** Whether other processes may change the same store, so that this one does not know all of it by itself. */
    public boolean shared() {
        return engine.shared();
    }

    /** How many bytes the database takes. */
    public long size() {
        return read(
                tx -> tx.handle().createQuery(engine.size()).mapTo(Long.class).one());
    }

    /** The change feed of this store. */
    public FeedSource feed() {
        return engine.feed(readers);
    }

    /** Connections that cannot write. */
    public DataSource forFeed() {
        return readers;
    }

    /** The control plane's time, on which all processes agree: microseconds since 1970. */
    public long now() {
        return engine.now();
    }

    /**
     * Runs work that may write, and writes its audit events and feed entries with it. Work that collides with somebody
     * else's is run again, and only its last run counts: it must leave no trace but in the transaction.
     *
     * @throws StoreFailure if the store is full, busy or out of reach; nothing was changed, unless it says so
     */
    public <T> Committed<T> change(Cause cause, Function<Tx, Change<T>> work) {
        Written<T> done = stored(cause, work);
        try {
            committed.upTo(done.last().number(), done.last().tag());
        } catch (FeedUnavailable e) {
            throw new StoreFailure(StoreFailure.Reason.UNCONFIRMED, Sentence.of("problem.store.not-in-force"), e);
        }
        return new Committed<>(done.result(), done.last().number(), done.narrowed());
    }

    private record Written<T>(
            T result, RecordSql.Entry last, @Nullable String narrowed) {}

    private <T> Written<T> stored(Cause cause, Function<Tx, Change<T>> work) {
        for (int run = 1; ; run++) {
            AtomicBoolean written = new AtomicBoolean();
            try {
                return writing.inTransaction(handle -> {
                    Written<T> done = write(handle, cause, work);
                    written.set(true);
                    return done;
                });
            } catch (SQLException | JdbiException e) {
                SQLException sql = sqlCause(e);
                if (run == RUNS || sql == null || !engine.collided(sql)) {
                    throw failure(e, sql, written.get());
                }
            }
        }
    }

    private <T> Written<T> write(Handle handle, Cause cause, Function<Tx, Change<T>> work) throws SQLException {
        Tx tx = new Tx(handle, engine.beginChange(handle), engine.rowLock());
        Change<T> change = work.apply(tx);
        for (AuditEvent event : change.auditEvents()) {
            records.append(tx, cause, event);
        }
        List<FeedDraft> entries = change.feedEntries();
        if (entries.isEmpty()) {
            return new Written<>(change.result(), records.head(tx), null);
        }
        FeedDraft last = entries.getLast();
        return new Written<>(
                change.result(),
                records.append(tx, entries, engine.waking()),
                last.narrows() ? last.organizationId() : null);
    }

    /**
     * Runs work that only reads, on one consistent view.
     *
     * @throws StoreFailure if the store is out of reach
     */
    public <T> T read(Function<Tx, T> work) {
        try {
            return reading.inTransaction(handle -> work.apply(new Tx(handle, engine.beginRead(handle), "")));
        } catch (SQLException | JdbiException e) {
            throw failure(e, sqlCause(e), false);
        }
    }

    /**
     * Runs one question that only reads: a single statement, which is one consistent view by itself, and has its answer after
     * one way to the database where {@link #read} needs two.
     *
     * @throws StoreFailure if the store is out of reach
     */
    public <T> T ask(Function<Tx, T> question) {
        try {
            return asking.withHandle(handle -> question.apply(new Tx(handle, engine.now(), "")));
        } catch (JdbiException e) {
            throw failure(e, sqlCause(e), false);
        }
    }

    /** Tells what the engine could not do from a bug in our SQL, which stays the exception that it is. */
    private RuntimeException failure(Exception e, @Nullable SQLException sql, boolean committing) {
        RuntimeException bug = e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        return sql == null
                ? bug
                : engine.failure(sql, committing)
                        .<RuntimeException>map(f -> new StoreFailure(f.reason(), f.says(), e))
                        .orElse(bug);
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
        nodes.close();
    }
}
