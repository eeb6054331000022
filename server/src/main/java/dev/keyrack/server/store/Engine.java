package dev.keyrack.server.store;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.verifier.Sentence;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** What differs between the two databases: how transactions begin, whose clock rules, and what their failures mean. */
interface Engine {
    /** Whether other processes may change the same store. */
    boolean shared();

    /** Begins a transaction that writes, and tells its time in microseconds since 1970. */
    long beginChange(Handle handle) throws SQLException;

    /** Begins a transaction that sees one state of the store, and tells its time in microseconds since 1970. */
    long beginRead(Handle handle) throws SQLException;

    /** The control plane's time in microseconds since 1970. */
    long now();

    /** A query of how many bytes the database takes. */
    String size();

    /** See {@link Tx#lock}. */
    String rowLock();

    /**
     * What the nodes are woken by when this transaction commits: the end of the statement that inserts its last entry of
     * the feed, which then answers a row. Empty where they need not be woken.
     */
    String waking();

    FeedSource feed(DataSource readers);

    /** Whether the work collided with somebody else's and can succeed when it is run again from the start. */
    boolean collided(SQLException e);

    /**
     * Tells what the database could not do from a bug in our SQL, for which this is empty.
     *
     * @param committing whether it failed as it was committing, so that it may not be known what came of it
     */
    Optional<Failure> failure(SQLException e, boolean committing);

    /** What stands in the way, for a caller to read. */
    record Failure(StoreFailure.Reason reason, Sentence says) {
        /** For whoever was just changing something. */
        static Optional<Failure> of(StoreFailure.Reason reason, Sentence says) {
            return Optional.of(new Failure(reason, says));
        }

        static Optional<Failure> uncertain(Sentence says) {
            return of(StoreFailure.Reason.UNCERTAIN, says);
        }
    }
}
