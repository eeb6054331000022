package dev.keyrack.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.FeedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/**
 * Opens a database on a PostgreSQL server.
 *
 * <p>Guarantee: of several processes that open the same database at once, one checks, migrates and ties it to its keyset
 * while the others wait, and then find what it made.
 */
final class PostgresDatabase {
    private static final int WRITERS = 8;
    private static final int READERS = 8;

    /** One is in use all the time; another when that one is replaced. */
    private static final int NODES = 3;

    /** The most that one process has open at once. */
    static final int CONNECTIONS = WRITERS + READERS + NODES;

    /** How long PostgreSQL may be silent: while a table is rewritten, and while something is read or changed. */
    private static final Duration OPENING = Duration.ofMinutes(10);

    private static final Duration RUNNING = Duration.ofSeconds(15);

    /** The same where a node reports: well within a lease. */
    private static final Duration REPORTING = Duration.ofSeconds(2);

    /** "keyrack" as a number: the lock that one process holds while it opens the database. */
    private static final String TURN = """
        SELECT set_config('lock_timeout', '60s', true),
               set_config('idle_in_transaction_session_timeout', '0', true),
               pg_advisory_xact_lock(30229394792473451)
        """;

    private final DatabaseUrl url;
    private final PostgresRefusal refusal;

    PostgresDatabase(DatabaseUrl url) {
        this.url = url;
        this.refusal = new PostgresRefusal(url);
    }

    Database.Opened open(DataFolder folder, Database.KeysetPlace place, RandomGenerator random) {
        DataSource opening = url.connections("keyrack start", OPENING);
        try (Connection turn = opening.getConnection()) {
            turn.setAutoCommit(false);
            try (Statement statement = turn.createStatement()) {
                statement.execute(TURN);
            }
            // The lock is this transaction's: it ends with the connection, whatever happens.
            return openAlone(opening, folder, place, random);
        } catch (SQLException | FlywayException | HikariPool.PoolInitializationException e) {
            throw refusal.of(e);
        }
    }

    private Database.Opened openAlone(
            DataSource opening, DataFolder folder, Database.KeysetPlace place, RandomGenerator random)
            throws SQLException {
        PostgresGlance glance = PostgresGlance.at(opening, url);
        Database.FoundKeyset found = Database.FoundKeyset.fitting(folder, place, glance.keysetCheck());
        // The second place has what only PostgreSQL needs.
        AuditChain chain = AuditChain.of(found.keyset());
        Database.migrate(opening, chain, "classpath:db", "classpath:postgresql");
        long micros = micros(opening);
        if (glance.keysetCheck() == null) {
            Database.remember(opening, found.keyset(), micros);
        }
        List<String> warnings = PostgresDurability.warnings(opening);
        DataSource running = url.connections("keyrack", RUNNING);
        HikariDataSource writer = new HikariDataSource(pool(running, WRITERS, "writer"));
        try {
            HikariDataSource nodes = nodes(url.connections("keyrack node", REPORTING));
            Store store = new Store(
                    writer, readers(running), nodes, new PostgresEngine(micros, System::nanoTime), random, chain);
            return new Database.Opened(
                    store, found.keyset(), url.toString(), found.file(), glance.keysetCheck() == null, warnings);
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private static long micros(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + FeedSql.POSTGRESQL_MICROS)) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Connections that cannot write, so that nothing gets past {@link Store#change}: whatever they do begins with BEGIN
     * READ ONLY, which ends with the transaction, so that a pooler hands nobody else a connection that cannot write.
     */
    private static HikariDataSource readers(DataSource source) {
        HikariConfig config = pool(source, READERS, "readers");
        config.setReadOnly(true);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    /** Made when they are first needed: nobody waits for them to start. */
    private static HikariDataSource nodes(DataSource source) {
        HikariConfig config = pool(source, NODES, "nodes");
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(REPORTING.toMillis());
        config.setValidationTimeout(REPORTING.toMillis() / 2);
        return new HikariDataSource(config);
    }

    private static HikariConfig pool(DataSource source, int size, String name) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.setPoolName(name);
        return config;
    }
}
