package dev.keyrack.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.server.engines.TestingPostgres;
import dev.keyrack.verifier.Secret;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a database that does not fit is refused with what to do about it, unchanged, and without its password. */
class PostgresStartTest {
    private static final TestingPostgres SERVER = TestingPostgres.shared();
    private static final Database.KeysetPlace IN_THE_FOLDER = new Database.KeysetPlace(null, null);

    @TempDir
    Path path;

    private String database;

    @BeforeEach
    void create() {
        database = SERVER.freshDatabase();
    }

    @AfterEach
    void drop() {
        SERVER.drop(database);
    }

    /** Opens the database from a data folder of this name, and closes it again. */
    private Database.Opened open(String url, String name, Database.KeysetPlace place) {
        try (DataFolder folder = DataFolder.take(path.resolve(name)).orElseThrow()) {
            Database.Opened opened = Database.open(DatabaseUrl.parse(url), folder, place, new SecureRandom());
            opened.store().close();
            return opened;
        }
    }

    private Database.Opened open(String name) {
        return open(SERVER.url(database), name, IN_THE_FOLDER);
    }

    private void assertRefused(String url, String... told) {
        assertThatThrownBy(() -> open(url, "a", IN_THE_FOLDER))
                .isInstanceOf(CannotStart.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(told)
                        .doesNotContain(TestingPostgres.PASSWORD, "wrong-one", "Exception"));
    }

    @Test
    void databaseIsMadeOnceAndOpenedAgainWithItsKeyset() {
        Database.Opened made = open("a");
        assertThat(made.created()).isTrue();
        assertThat(made.place())
                .isEqualTo("postgresql://keyrack@localhost:" + SERVER.port() + "/" + database)
                .doesNotContain(TestingPostgres.PASSWORD);
        assertThat(open("a").created()).isFalse();
    }

    @Test
    void serverThatCannotBeReachedIsTold() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertRefused(TestingPostgres.url(free, database), "localhost:" + free, "cannot be reached", "refused");
        assertRefused("postgresql://keyrack:wrong-one@nowhere.invalid/x", "nowhere.invalid:5432", "cannot be reached");
    }

    @Test
    void wrongPasswordIsTold() {
        assertRefused(
                "postgresql://keyrack:wrong-one@localhost:" + SERVER.port() + "/" + database,
                "refuses the user keyrack",
                "password is wrong");
    }

    @Test
    void missingDatabaseIsTold() {
        assertRefused(SERVER.url("nothing"), "There is no database nothing", "CREATE DATABASE nothing OWNER keyrack");
    }

    @Test
    void tooFewRightsAreTold() {
        SERVER.asSuperuser("postgres", "ALTER DATABASE " + database + " OWNER TO postgres");
        assertRefused(SERVER.url(database), "The user keyrack may not", "schema public", "GRANT USAGE, CREATE");
    }

    @Test
    void tlsThatOneSideWantsAndTheOtherHasNotIsTold() {
        assertRefused(SERVER.url(database) + "?sslmode=require", "sslmode do not agree", "Set up TLS");
        SERVER.asSuperuser("postgres", "DROP ROLE IF EXISTS guarded", "CREATE ROLE guarded LOGIN PASSWORD 'wrong-one'");
        SERVER.let("host all guarded all reject");
        assertRefused(
                "postgresql://guarded:wrong-one@localhost:" + SERVER.port() + "/" + database,
                "does not let the user guarded in",
                "sslmode=require");
    }

    @Test
    void databaseOfAnotherProgramIsLeftAlone() {
        SERVER.asSuperuser(database, "CREATE TABLE public.theirs (id BIGINT)");
        assertRefused(SERVER.url(database), "belongs to another program");
        assertThat(SERVER.number(database, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo(1);
        assertThat(Files.exists(path.resolve("a/keyset.json"))).isFalse();
    }

    @Test
    void databaseOfANewerProgramIsLeftAlone() {
        open("a");
        SERVER.asSuperuser(
                database,
                "INSERT INTO flyway_schema_history SELECT 1000, '999', 'later', 'SQL', 'V999__later.sql', 1, installed_by,"
                        + " installed_on, 1, TRUE FROM flyway_schema_history WHERE version = '1'");
        assertRefused(SERVER.url(database), "was written by a newer Keyrack", "999");
    }

    @Test
    void databaseOfAnotherKeysetIsRefused() {
        open("a");
        assertThatThrownBy(() -> open("b"))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("is missing")
                .hasMessageContaining("KEYRACK_KEYSET_FILE");
        Keyset.create(path.resolve("b/keyset.json"));
        assertThatThrownBy(() -> open("b"))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("does not belong to this database");
    }

    @Test
    void processesThatStartAtOnceOnAnEmptyDatabaseMakeItOnce() throws Exception {
        Files.createDirectories(path.resolve("k"));
        Path file = path.resolve("k/keyset.json");
        Keyset.create(file);
        Database.KeysetPlace same = new Database.KeysetPlace(null, Secret.of(Files.readString(file)));
        try (ExecutorService processes = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (String name : List.of("a", "b", "c", "d")) {
                all.add(() -> open(SERVER.url(database), name, same).created());
            }
            List<Boolean> made = new ArrayList<>();
            for (Future<Boolean> one : processes.invokeAll(all)) {
                made.add(one.get());
            }
            assertThat(made).containsExactlyInAnyOrder(true, false, false, false);
        }
        assertThat(SERVER.number(database, "SELECT COUNT(*) FROM installation")).isEqualTo(1);
    }

    @Test
    void serverThatMayLoseWhatItAcknowledgedIsTold() {
        assertThat(open("a").warnings())
                .anySatisfy(w -> assertThat(w).contains("fsync"))
                .anySatisfy(w -> assertThat(w).contains("synchronous_commit"));
        assertThat(PostgresDurability.warnings("on", "on", "", 0)).isEmpty();
        assertThat(PostgresDurability.warnings("on", "on", "", 1))
                .singleElement()
                .asString()
                .contains("synchronous_standby_names");
        assertThat(PostgresDurability.warnings("on", "on", "*", 1)).isEmpty();
        assertThat(PostgresDurability.warnings("local", "on", "*", 1))
                .singleElement()
                .asString()
                .contains("local");
    }

    @Test
    void everyTextIsComparedByItsBytes() {
        open("a");
        assertThat(SERVER.number(
                        database,
                        "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'public'"
                                + " AND data_type = 'text' AND table_name <> 'flyway_schema_history'"
                                + " AND collation_name IS DISTINCT FROM 'C'"))
                .isZero();
    }
}
