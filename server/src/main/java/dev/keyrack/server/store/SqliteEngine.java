package dev.keyrack.server.store;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedSql;
import dev.keyrack.verifier.Sentence;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** SQLite: one process, one writer, so that nothing can collide. */
final class SqliteEngine implements Engine {
    /** Busy, locked, and a race for the locks of the write-ahead log. */
    private static final Set<Integer> BUSY = Set.of(5, 6, 15);

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
    public String waking() {
        return ""; // all nodes are in this process, which is told after the commit
    }

    @Override
    public FeedSource feed(DataSource readers) {
        return new FeedSql(readers, this::now);
    }

    @Override
    public boolean collided(SQLException e) {
        return false;
    }

    /** Whether somebody else had what was wanted for longer than one waits. */
    static boolean busy(SQLException e) {
        return BUSY.contains(primary(e));
    }

    /** The primary result code of SQLite (sqlite.org/rescode.html), which is the low byte of the extended ones. */
    private static int primary(SQLException e) {
        return e.getErrorCode() & 0xff;
    }

    @Override
    public Optional<Failure> failure(SQLException e, boolean committing) {
        if (busy(e)) {
            return Failure.of(StoreFailure.Reason.BUSY, Sentence.of("problem.store.busy"));
        }
        return switch (primary(e)) {
            case 13 -> Failure.of(StoreFailure.Reason.FULL, Sentence.of("problem.store.disk-full"));
            case 8, 10, 11, 14, 26 ->
                // What was written before it failed may be found whole when the file is opened again.
                committing
                        ? Failure.uncertain(Sentence.of("problem.store.folder-uncertain"))
                        : Failure.of(StoreFailure.Reason.UNAVAILABLE, Sentence.of("problem.store.folder"));
            default ->
                e instanceof SQLTransientConnectionException
                        ? Failure.of(StoreFailure.Reason.BUSY, Sentence.of("problem.store.waiting"))
                        : Optional.empty();
        };
    }
}
