package dev.keyrack.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Opens the embedded database. */
final class SqliteDatabase {
    private static final int READERS = 8;

    private SqliteDatabase() {}

    static Database.Opened open(
            DataFolder folder, Database.KeysetPlace place, InstantSource clock, RandomGenerator random) {
        Path file = folder.database();
        Optional<String> check = DatabaseGlance.at(file).keysetCheck();
        Database.FoundKeyset found = Database.FoundKeyset.fitting(folder, place, check.orElse(null));
        try {
            if (!Files.exists(file)) {
                createPrivately(file);
            }
            SQLiteDataSource direct = sqlite(file, false);
            SqliteEngine engine = new SqliteEngine(clock);
            AuditChain chain = AuditChain.of(found.keyset());
            Database.migrate(direct, chain, "classpath:db");
            if (check.isEmpty()) {
                Database.remember(direct, found.keyset(), engine.now());
            }
            HikariDataSource writer = writer(sqlite(file, false));
            Store store = new Store(writer, readers(sqlite(file, true)), writer, engine, random, chain);
            return new Database.Opened(
                    store, found.keyset(), file.toString(), found.file(), check.isEmpty(), List.of());
        } catch (SQLException | IOException | FlywayException | HikariPool.PoolInitializationException e) {
            throw new CannotStart(
                    "The database " + file + " cannot be opened: " + Database.rootMessage(e)
                            + ". Check that the folder can be written and that the disk is not full.",
                    e);
        }
    }

    /** An empty file that its owner alone can read; SQLite gives its side files the same rights. */
    private static void createPrivately(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static SQLiteDataSource sqlite(Path file, boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(5_000);
        config.setTransactionMode(
                readOnly ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static HikariDataSource writer(DataSource source) {
        return new HikariDataSource(pool(source, 1, "writer"));
    }

    /** Connections that cannot write, so that nothing gets past {@link Store#change}. */
    private static HikariDataSource readers(DataSource source) {
        HikariConfig config = pool(source, READERS, "readers");
        config.setConnectionInitSql("PRAGMA query_only = true");
        return new HikariDataSource(config);
    }

    private static HikariConfig pool(DataSource source, int size, String name) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        config.setMaxLifetime(0);
        config.setIdleTimeout(0);
        config.setPoolName(name);
        config.setExceptionOverride(new Refused());
        return config;
    }

    /**
     * Which connections the pool gives to nobody any more: the driver takes one whose BEGIN was refused, since the database
     * was busy, for one with a transaction, and whoever had it next would fail to end that.
     */
    private static final class Refused implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return SqliteEngine.busy(e) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }
}
