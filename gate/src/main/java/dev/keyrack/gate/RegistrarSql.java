package dev.keyrack.gate;

import dev.keyrack.verifier.Fault;
import dev.keyrack.verifier.FeedChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Registers nodes and grants leases in the store. The same SQL text runs on SQLite and PostgreSQL.
 *
 * <p>Guarantee: a lease is granted in a transaction that saw no change which narrows, is in the node's scope and is not
 * applied there. Whoever commits one later starts to wait after that, and longer than the lease is counted by the node.
 */
public final class RegistrarSql implements Registrar {
    /** Takes the next number of the feed, as every change does. */
    private static final String NEXT_ENTRY = "UPDATE feed_head SET seq = seq + 1, tag = ? WHERE id = 1 RETURNING seq";

    private static final String ENTRY = """
        INSERT INTO feed_entries (seq, tag, organization_id, kind, narrows, payload, at)
        VALUES (?, ?, ?, ?, 0, ?, ?)
        """;

    /**
     * The length that a grant could have by now counts from the beginning, so that a node that is just joining is given
     * the time to.
     */
    private static final String NODE = """
        INSERT INTO nodes (registration, name, kind, organization_id, version, registered_seq, registered_at, applied,
            tag, longest_lease)
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)
        """;

    private static final String END =
            "UPDATE nodes SET ended_at = ?, end_reason = ? WHERE registration = ? AND ended_at IS NULL";

    /**
     * First of all, for the lock on the row: whoever ends this registration does it wholly before or wholly after this
     * transaction. The longest length is noted before it is granted.
     */
    private static final String REPORT = """
        UPDATE nodes SET applied = ?, tag = ?, reported_at = ?, reports = reports + 1,
            longest_lease = CASE WHEN longest_lease < ? THEN ? ELSE longest_lease END
        WHERE registration = ? AND ended_at IS NULL
        RETURNING registered_seq, organization_id
        """;

    private static final String TAG = "SELECT tag FROM feed_entries WHERE seq = ?";

    /**
     * In one question, since each waits for the database. It sees what was committed before it began, and the lock on the
     * row was taken before.
     */
    private static final String GRANT = """
        UPDATE nodes SET granted_at = ?, lease = ?
        WHERE registration = ?
            AND EXISTS (SELECT 1 FROM feed_entries WHERE seq = ? AND tag = ?)
            AND NOT EXISTS (SELECT 1 FROM feed_entries WHERE narrows = 1 AND seq > ?%s)
        """;

    private static final String GRANT_FOR_ALL = GRANT.formatted("");

    private static final String GRANT_FOR_ONE = GRANT.formatted(" AND organization_id IN (?, '')");

    /**
     * A node that is frozen in the middle of this must not keep its locks, above all the one on the feed: the server then
     * ends its transaction. For this transaction alone, as a pooler demands.
     */
    private static final String UNLESS_FROZEN =
            ", set_config('lock_timeout', '2s', true), set_config('idle_in_transaction_session_timeout', '2s', true)";

    private final DataSource database;

    /** What every transaction begins with: the lengths of leases, and what keeps it from keeping its locks. */
    private final String begin;

    private final LongSupplier micros;
    private final RandomGenerator random;

    /** On PostgreSQL; otherwise as below. */
    public static RegistrarSql postgresql(DataSource database, LongSupplier micros, RandomGenerator random) {
        return new RegistrarSql(database, UNLESS_FROZEN, micros, random);
    }

    /**
     * On SQLite.
     *
     * @param database whose connections may write
     * @param micros the control plane's time in microseconds since 1970
     * @param random a cryptographically strong source
     */
    public RegistrarSql(DataSource database, LongSupplier micros, RandomGenerator random) {
        this(database, "", micros, random);
    }

    private RegistrarSql(DataSource database, String settings, LongSupplier micros, RandomGenerator random) {
        this.database = database;
        this.begin = """
                SELECT MAX(CASE class WHEN 'publishable' THEN micros END), MAX(CASE class WHEN 'secret' THEN micros END)
                """ + settings + " FROM lease_lengths";
        this.micros = micros;
        this.random = random;
    }

    @Override
    public long register(String registration, Node node, @Nullable Former former) {
        return inTransaction("this node could not be registered", (connection, lengths) -> {
            if (former != null) {
                end(connection, former.registration(), former.why());
            }
            long at = micros.getAsLong();
            long number = Fault.REGISTRATION_WITHOUT_NUMBER.planted() ? 0 : append(connection, registration, node, at);
            try (PreparedStatement insert = connection.prepareStatement(NODE)) {
                insert.setString(1, registration);
                insert.setString(2, node.name());
                insert.setString(3, node.kind().text());
                insert.setString(4, node.organizationId());
                insert.setString(5, node.version());
                insert.setLong(6, number);
                insert.setLong(7, at);
                insert.setLong(8, lengths.longest());
                insert.executeUpdate();
            }
            connection.commit();
            return number;
        });
    }

    /** Takes a number of the feed for a registration. */
    private long append(Connection connection, String registration, Node node, long at) throws SQLException {
        long tag = random.nextLong();
        long number = nextNumber(connection, tag);
        FeedChange change = new FeedChange.Node(registration);
        try (PreparedStatement insert = connection.prepareStatement(ENTRY)) {
            insert.setLong(1, number);
            insert.setLong(2, tag);
            insert.setString(3, node.organizationId() == null ? FeedSql.EVERY_ORGANIZATION : node.organizationId());
            insert.setString(4, FeedJson.kind(change));
            insert.setString(5, FeedJson.write(change));
            insert.setLong(6, at);
            insert.executeUpdate();
        }
        return number;
    }

    private static long nextNumber(Connection connection, long tag) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(NEXT_ENTRY)) {
            update.setLong(1, tag);
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the feed has no head");
                }
                return row.getLong(1);
            }
        }
    }

    @Override
    public Answer report(String registration, long number, long tag) {
        return inTransaction("this node's lease could not be prolonged", (connection, lengths) -> {
            Scope scope = note(connection, registration, number, tag, lengths);
            if (scope == null) {
                return new Answer.Ended();
            }
            if (number >= scope.registeredAs && grant(connection, registration, scope, number, tag, lengths)) {
                connection.commit();
                return new Answer.Granted(
                        Duration.of(lengths.publishable, ChronoUnit.MICROS),
                        Duration.of(lengths.secret, ChronoUnit.MICROS));
            }
            if (!has(connection, number, tag)) {
                // Nothing is noted: the number belongs to another history, where it may be higher than here.
                return new Answer.Diverged();
            }
            connection.commit();
            return new Answer.Behind();
        });
    }

    /** @param organizationId whose changes concern the node; nothing for all */
    private record Scope(long registeredAs, @Nullable String organizationId) {}

    private @Nullable Scope note(Connection connection, String registration, long number, long tag, Lengths lengths)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(REPORT)) {
            update.setLong(1, number);
            update.setLong(2, tag);
            update.setLong(3, micros.getAsLong());
            update.setLong(4, lengths.longest());
            update.setLong(5, lengths.longest());
            update.setString(6, registration);
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? new Scope(row.getLong(1), row.getString(2)) : null;
            }
        }
    }

    /**
     * Whether this number has this tag here. Where its entry is no longer kept, neither may be what came after it, so that
     * it is not known what the node has missed.
     */
    private static boolean has(Connection connection, long number, long tag) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(TAG)) {
            select.setLong(1, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) == tag;
            }
        }
    }

    /** Grants a lease, unless the history is another one or has a change which the node must apply first. */
    private boolean grant(
            Connection connection, String registration, Scope scope, long number, long tag, Lengths lengths)
            throws SQLException {
        String organization = scope.organizationId;
        try (PreparedStatement update =
                connection.prepareStatement(organization == null ? GRANT_FOR_ALL : GRANT_FOR_ONE)) {
            update.setLong(1, micros.getAsLong());
            update.setLong(2, lengths.longest());
            update.setString(3, registration);
            update.setLong(4, number);
            update.setLong(5, tag);
            update.setLong(6, Fault.LEASE_PROLONGED_WHILE_BEHIND.planted() ? Long.MAX_VALUE : number);
            if (organization != null) {
                update.setString(7, organization);
            }
            return update.executeUpdate() == 1;
        }
    }

    @Override
    public void end(String registration, End why) {
        inTransaction("this node's registration could not be ended", (connection, lengths) -> {
            int ended = end(connection, registration, why);
            connection.commit();
            return ended;
        });
    }

    private int end(Connection connection, String registration, End why) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(END)) {
            update.setLong(1, micros.getAsLong());
            update.setString(2, why.text());
            update.setString(3, registration);
            return update.executeUpdate();
        }
    }

    /** The lengths of leases at present, in microseconds. */
    private record Lengths(long publishable, long secret) {
        long longest() {
            return Math.max(publishable, secret);
        }
    }

    private Lengths begin(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(begin);
                ResultSet row = select.executeQuery()) {
            if (!row.next() || row.getLong(1) <= 0 || row.getLong(2) <= 0) {
                throw new SQLException("the store has no lengths of leases");
            }
            return new Lengths(row.getLong(1), row.getLong(2));
        }
    }

    private interface Work<T> {
        T in(Connection connection, Lengths lengths) throws SQLException;
    }

    /** What the work does not commit is undone. */
    private <T> T inTransaction(String otherwise, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                return work.in(connection, begin(connection));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new FeedUnavailable(otherwise, e);
        }
    }
}
