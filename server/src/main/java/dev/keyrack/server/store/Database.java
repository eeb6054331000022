package dev.keyrack.server.store;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.verifier.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * Opens a database: checks that it fits this program and its keyset, migrates it, and hands out the {@link Store}.
 *
 * <p>Guarantee: a database that is newer than the program, or belongs to another keyset, is left exactly as it was.
 */
public final class Database {
    private static final String CHECK_PLACE = "keyrack/installation";

    private Database() {}

    /**
     * What was opened.
     *
     * @param place the database, for people: its file, or its URL without the password
     * @param created whether this was the first start on an empty database
     * @param warnings what an operator should know about how this database keeps what it is given
     */
    public record Opened(
            Store store,
            Keyset keyset,
            String place,
            @Nullable Path keysetFile,
            boolean created,
            List<String> warnings) {
        public Opened {
            warnings = List.copyOf(warnings);
        }
    }

    /** Where the keyset is: a file, or the text that the environment handed over. */
    public record KeysetPlace(@Nullable Path file, @Nullable Secret text) {}

    /**
     * Opens the embedded database in a folder.
     *
     * @throws CannotStart with what to do, when the database or the keyset does not fit
     */
    public static Opened open(DataFolder folder, KeysetPlace place, InstantSource clock, RandomGenerator random) {
        return SqliteDatabase.open(folder, place, clock, random);
    }

    /**
     * Opens a database on a PostgreSQL server, which other processes may have open, too.
     *
     * @param folder where the keyset is, when the settings name no other place
     * @throws CannotStart with what to do, when the server, the database or the keyset does not fit
     */
    public static Opened open(DatabaseUrl url, DataFolder folder, KeysetPlace place, RandomGenerator random) {
        return new PostgresDatabase(url).open(folder, place, random);
    }

    /**
     * A keyset and where it was found.
     *
     * @param file nothing when it came with the environment
     */
    record FoundKeyset(Keyset keyset, @Nullable Path file) {
        /**
         * Reads the keyset, or makes it when no database needs one yet.
         *
         * @param check what it must decrypt; nothing when there is no installation yet
         */
        static FoundKeyset fitting(DataFolder folder, KeysetPlace place, @Nullable String check) {
            Secret text = place.text();
            if (text != null) {
                return new FoundKeyset(Keyset.parse(text.reveal(), "The keyset in KEYRACK_KEYSET"), null).fits(check);
            }
            Path named = place.file();
            Path file = named == null ? folder.keyset() : named;
            return new FoundKeyset(check != null || Files.exists(file) ? Keyset.read(file) : Keyset.create(file), file)
                    .fits(check);
        }

        private FoundKeyset fits(@Nullable String check) {
            try {
                if (check != null) {
                    keyset.open(check, CHECK_PLACE);
                }
                return this;
            } catch (GeneralSecurityException e) {
                throw new CannotStart((file == null ? "The keyset in KEYRACK_KEYSET" : "The keyset " + file)
                        + " does not belong to this database. Restore the one that does from its backup.");
            }
        }
    }

    /** Ties the database to its keyset. */
    static void remember(DataSource database, Keyset keyset, long micros) throws SQLException {
        String name = UUID.randomUUID().toString();
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO installation (id, name, keyset_check, created_at) VALUES (1, ?, ?, ?)")) {
            insert.setString(1, name);
            insert.setString(2, keyset.seal(Secret.of(name), CHECK_PLACE));
            insert.setLong(3, micros);
            insert.executeUpdate();
        }
    }

    /** What a newer program wrote was refused before, by {@link DatabaseGlance} or {@link PostgresGlance}. */
    static void migrate(DataSource database, AuditChain chain, String... locations) {
        Flyway.configure()
                .dataSource(database)
                .locations(locations)
                .javaMigrations(new V2__audit_chain(chain))
                .failOnMissingLocations(true)
                .load()
                .migrate();
    }

    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = Objects.requireNonNull(root.getCause());
        }
        return String.valueOf(root.getMessage());
    }
}
