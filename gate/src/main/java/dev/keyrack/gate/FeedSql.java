package dev.keyrack.gate;

import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the change feed from the store. The same SQL text runs on SQLite and PostgreSQL, but for the clock and for how a
 * transaction begins.
 */
public final class FeedSql implements FeedSource {
    /** Where PostgreSQL tells of each new entry, by its number. It only wakes up: what happened is read here. */
    public static final String CHANNEL = "keyrack_feed";

    /** What stands in the column {@code organization_id} of an entry that concerns all of them. */
    public static final String EVERY_ORGANIZATION = "";

    /** The database's clock as it runs, not as of the transaction's begin: microseconds since 1970. */
    public static final String POSTGRESQL_MICROS = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";

    /** What the payloads of one answer may weigh before its last entry: long lists come in entries of several hundred KiB. */
    private static final long MOST_BYTES = 8L << 20;

    /** The last of so many entries, and what the payloads of all of them weigh. */
    private static final String WEIGHT = """
            SELECT MAX(seq), SUM(octet_length(payload))
            FROM (SELECT seq, payload FROM feed_entries WHERE seq >= ? ORDER BY seq LIMIT ?) AS next
            """;

    private static final String ENTRIES = """
            SELECT seq, tag, narrows, kind, payload FROM feed_entries WHERE seq >= ? AND seq <= ? ORDER BY seq
            """;

    /** Adding up as one goes costs PostgreSQL four times as much as reading. */
    private static final String LIGHT_ENTRIES = """
            SELECT seq, tag, narrows, kind, payload
            FROM (SELECT seq, tag, narrows, kind, payload,
                         SUM(octet_length(payload)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING)
                             - octet_length(payload) AS bytes_before
                  FROM feed_entries WHERE seq >= ? ORDER BY seq LIMIT ?) AS next
            WHERE bytes_before <= ?
            ORDER BY seq
            """;

    /** So few are read in one call, whatever they weigh. */
    private static final int FEW = 100;

    /** So few come with the head. */
    private static final int WITH_HEAD = 8;

    private static final String ORGANIZATIONS = "SELECT id, subdomain, operator, state, version FROM organizations";

    private static final String CATALOGUE = "SELECT version FROM catalogue WHERE id = 1";

    private static final String PERMITTED = "SELECT permission, since FROM catalogue_permissions";

    /** Every key with its tokens, newest first: in the order of the primary keys, so that it streams. */
    private static final String KEYS = """
            SELECT k.id, k.organization_id, k.project_id, k.type, k.state, k.version, k.expires_at, k.permissions,
                   k.restrictions, t.generation, t.digest, t.ends_at, k.permissions_as_of,
                   t.created_at
            FROM keys k JOIN key_tokens t ON t.key_id = k.id
            ORDER BY k.id, t.generation DESC
            """;

    private final DataSource database;

    /** Asks the one row that numbers all changes, and the clock. */
    private final String head;

    /** The same, and with it the entries that come next: in one question, since each waits for the database. */
    private final String headAndNext;

    /** What a transaction begins with so that it sees one state of the store. */
    private final List<String> oneView;

    private final LongUnaryOperator micros;
    private final SharedRestrictions restrictions = new SharedRestrictions();

    private FeedSql(DataSource database, String clock, List<String> oneView, LongUnaryOperator micros) {
        this.database = database;
        this.head = "SELECT seq, tag, " + clock + " FROM feed_head WHERE id = 1";
        this.headAndNext = """
                SELECT h.seq, h.tag, %s, own.tag, e.seq, e.tag, e.narrows, e.kind, e.payload
                FROM feed_head h
                LEFT JOIN feed_entries own ON own.seq = ?
                LEFT JOIN (SELECT seq, tag, narrows, kind, payload FROM feed_entries
                           WHERE seq > ? ORDER BY seq LIMIT %d) e ON e.seq <= h.seq
                WHERE h.id = 1 ORDER BY e.seq
                """.formatted(clock, WITH_HEAD);
        this.oneView = oneView;
        this.micros = micros;
    }

    /**
     * Reads from SQLite, where each transaction sees one state.
     *
     * @param micros the control plane's time in microseconds since 1970
     */
    public FeedSql(DataSource database, LongSupplier micros) {
        this(database, "0", List.of(), none -> micros.getAsLong());
    }

    /** Reads from PostgreSQL, whose own clock is the control plane's time, so that all processes agree on it. */
    public static FeedSql postgresql(DataSource database) {
        return new FeedSql(
                database,
                POSTGRESQL_MICROS,
                List.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
                micros -> micros);
    }

    @Override
    public Head head() {
        try (Connection connection = database.getConnection()) {
            return head(connection);
        } catch (SQLException e) {
            throw new FeedUnavailable("the head of the change feed could not be read", e);
        }
    }

    private Head head(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(head);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the feed has no head");
            }
            return new Head(row.getLong(1), row.getLong(2), micros.applyAsLong(row.getLong(3)));
        }
    }

    @Override
    public Next after(long number) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(headAndNext)) {
            statement.setLong(1, number);
            statement.setLong(2, number);
            Head head = null;
            Long tag = null;
            List<FeedEntry> entries = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    head = new Head(row.getLong(1), row.getLong(2), micros.applyAsLong(row.getLong(3)));
                    tag = longOrNull(row, 4);
                    if (longOrNull(row, 5) != null) {
                        entries.add(entry(row, 5));
                    }
                }
            }
            if (head == null) {
                throw new SQLException("the feed has no head");
            }
            return new Next(head, tag, entries);
        } catch (SQLException | RuntimeException e) {
            throw new FeedUnavailable("the change feed could not be read", e);
        }
    }

    @Override
    public List<FeedEntry> entriesFrom(long number, int limit) {
        try (Connection connection = database.getConnection()) {
            long last = limit > FEW ? lastOfLight(connection, number, limit) : -1;
            return last < 0
                    ? entries(connection, LIGHT_ENTRIES, number, limit, MOST_BYTES)
                    : entries(connection, ENTRIES, number, last);
        } catch (SQLException | RuntimeException e) {
            throw new FeedUnavailable("the change feed could not be read", e);
        }
    }

    /** The number of the last of these entries, if all of them together may be read at once; otherwise −1. */
    private static long lastOfLight(Connection connection, long number, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WEIGHT)) {
            statement.setLong(1, number);
            statement.setInt(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(2) > MOST_BYTES ? -1 : row.getLong(1);
            }
        }
    }

    private List<FeedEntry> entries(Connection connection, String query, long... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setLong(i + 1, parameters[i]);
            }
            List<FeedEntry> entries = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row, 1));
                }
            }
            return entries;
        }
    }

    /** The entry whose columns begin here. */
    private FeedEntry entry(ResultSet row, int from) throws SQLException {
        FeedChange change = FeedJson.read(row.getString(from + 3), row.getBytes(from + 4), restrictions::of);
        return new FeedEntry(row.getLong(from), row.getLong(from + 1), row.getInt(from + 2) != 0, change);
    }

    @Override
    public Head snapshot(Consumer<FeedChange> into) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                begin(connection);
                Head head = head(connection);
                organizations(connection, into);
                catalogue(connection, into);
                keys(connection, into);
                return head;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException | RuntimeException e) {
            throw new FeedUnavailable("the snapshot of all keys could not be read", e);
        }
    }

    /** For this transaction alone: a pooler may give the connection to somebody else after it. */
    private void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : oneView) {
                statement.execute(setting);
            }
        }
    }

    private static void organizations(Connection connection, Consumer<FeedChange> into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ORGANIZATIONS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                into.accept(new FeedChange.Organization(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3) != 0,
                        "suspended".equals(row.getString(4)),
                        row.getLong(5)));
            }
        }
    }

    /** Nothing as long as the operator has set none. */
    private static void catalogue(Connection connection, Consumer<FeedChange> into) throws SQLException {
        try (PreparedStatement version = connection.prepareStatement(CATALOGUE);
                ResultSet head = version.executeQuery()) {
            if (!head.next()) {
                throw new SQLException("the catalogue has no version");
            }
            if (head.getLong(1) == 0) {
                return;
            }
            List<FeedChange.Permitted> permissions = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(PERMITTED);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    permissions.add(
                            new FeedChange.Permitted(row.getString(1), CatalogueJson.readSince(row.getString(2))));
                }
            }
            into.accept(new FeedChange.Catalogue(head.getLong(1), permissions));
        }
    }

    private void keys(Connection connection, Consumer<FeedChange> into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
            statement.setFetchSize(10_000);
            try (ResultSet row = statement.executeQuery()) {
                Map<String, List<String>> permissions = new HashMap<>();
                List<FeedChange.Token> tokens = new ArrayList<>(1);
                boolean more = row.next();
                while (more) {
                    String id = row.getString(1);
                    FeedChange.Key key = key(row, id, permissions);
                    tokens.clear();
                    long newerSince = FeedChange.NEVER;
                    do {
                        tokens.add(token(row, newerSince));
                        newerSince = row.getLong(14);
                        more = row.next();
                    } while (more && id.equals(row.getString(1)));
                    into.accept(new FeedChange.Key(
                            key.id(),
                            key.organizationId(),
                            key.projectId(),
                            key.type(),
                            key.state(),
                            key.version(),
                            tokens,
                            key.expiresAt(),
                            key.permissions(),
                            key.permissionsAsOf(),
                            key.restrictions()));
                }
            }
        }
    }

    /** The key of the current row, with the token of that row. */
    private FeedChange.Key key(ResultSet row, String id, Map<String, List<String>> permissions) throws SQLException {
        String granted = row.getString(8);
        return new FeedChange.Key(
                new KeyId(id),
                row.getString(2),
                row.getString(3),
                KeyType.of(row.getString(4)).orElseThrow(() -> new SQLException("a key of an unknown type")),
                KeyState.of(row.getString(5)).orElseThrow(() -> new SQLException("a key in an unknown state")),
                row.getLong(6),
                List.of(token(row, FeedChange.NEVER)),
                orNever(row, 7),
                granted == null ? null : permissions.computeIfAbsent(granted, FeedJson::readPermissions),
                row.getLong(13),
                restrictions.of(row.getString(9)));
    }

    /** @param newerSince when the next newer token of the key was made */
    private static FeedChange.Token token(ResultSet row, long newerSince) throws SQLException {
        return new FeedChange.Token(row.getInt(10), Digest.parse(row.getString(11)), newerSince, orNever(row, 12));
    }

    private static long orNever(ResultSet row, int column) throws SQLException {
        Long micros = longOrNull(row, column);
        return micros == null ? FeedChange.NEVER : micros;
    }

    private static @Nullable Long longOrNull(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
