package dev.keyrack.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.keyrack.verifier.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Opens the embedded database: checks that it fits this program and its keyset, migrates it, and hands out the
 * {@link Store}.
 *
 * <p>Guarantee: a database that is newer than the program, or belongs to another keyset, is left exactly as it was.
 */
public final class Database {
    private static final int READERS = 8;
    private static final String CHECK_PLACE = "keyrack/installation";

    private Database() {}

    /**
     * What was opened.
     *
     * @param created whether this was the first start on an empty folder
     */
    public record Opened(
            Store store,
            Keyset keyset,
            Path databaseFile,
            @Nullable Path keysetFile,
            boolean created) {}

    /** Where the keyset is: a file, or the text that the environment handed over. */
    public record KeysetPlace(@Nullable Path file, @Nullable Secret text) {}

    /** @throws CannotStart with what to do, when the database or the keyset does not fit */
    public static Opened open(DataFolder folder, KeysetPlace place, InstantSource clock, RandomGenerator random) {
        Path file = folder.database();
        Optional<String> check = DatabaseGlance.at(file).keysetCheck();
        Path keysetFile = place.text() == null ? keysetFile(folder, place) : null;
        Keyset keyset = keyset(place, keysetFile, check.isPresent());
        check.ifPresent(ciphertext -> fits(keyset, ciphertext, keysetFile));
        try {
            if (!Files.exists(file)) {
                createPrivately(file);
            }
            SQLiteDataSource direct = sqlite(file, false);
            AuditChain chain = AuditChain.of(keyset);
            migrate(direct, chain);
            if (check.isEmpty()) {
                remember(direct, keyset, clock);
            }
            Store store = new Store(writer(sqlite(file, false)), readers(sqlite(file, true)), clock, random, chain);
            return new Opened(store, keyset, file, keysetFile, check.isEmpty());
        } catch (SQLException | IOException | FlywayException | HikariPool.PoolInitializationException e) {
            throw new CannotStart(
                    "The database " + file + " cannot be opened: " + rootMessage(e)
                            + ". Check that the folder can be written and that the disk is not full.",
                    e);
        }
    }

    /** An empty file that its owner alone can read; SQLite gives its side files the same rights. */
    private static void createPrivately(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static Path keysetFile(DataFolder folder, KeysetPlace place) {
        Path named = place.file();
        return named == null ? folder.keyset() : named;
    }

    private static Keyset keyset(KeysetPlace place, @Nullable Path file, boolean needed) {
        Secret text = place.text();
        if (text != null) {
            return Keyset.parse(text.reveal(), "The keyset in KEYRACK_KEYSET");
        }
        Path path = java.util.Objects.requireNonNull(file);
        return needed || Files.exists(path) ? Keyset.read(path) : Keyset.create(path);
    }

    private static void fits(Keyset keyset, String ciphertext, @Nullable Path file) {
        try {
            keyset.open(ciphertext, CHECK_PLACE);
        } catch (GeneralSecurityException e) {
            throw new CannotStart((file == null ? "The keyset in KEYRACK_KEYSET" : "The keyset " + file)
                    + " does not belong to this database. Restore the one that does from its backup.");
        }
    }

    private static void remember(DataSource database, Keyset keyset, InstantSource clock) throws SQLException {
        String name = UUID.randomUUID().toString();
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO installation (id, name, keyset_check, created_at) VALUES (1, ?, ?, ?)")) {
            insert.setString(1, name);
            insert.setString(2, keyset.seal(Secret.of(name), CHECK_PLACE));
            insert.setLong(3, ChronoUnit.MICROS.between(java.time.Instant.EPOCH, clock.instant()));
            insert.executeUpdate();
        }
    }

    /** What a newer program wrote was refused before, by {@link DatabaseGlance}. */
    private static void migrate(DataSource database, AuditChain chain) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db")
                .javaMigrations(new V2__audit_chain(chain))
                .failOnMissingLocations(true)
                .load()
                .migrate();
    }

    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
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
        return config;
    }
}
