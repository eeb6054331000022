package dev.keyrack.server.process;

import static dev.keyrack.server.process.Refusal.assertCannotStart;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: whatever is wrong with folder, disk, database or ports is told clearly, and leaves nothing half-made. */
class StorageTest {
    @TempDir
    static Path samples;

    @TempDir
    Path folder;

    private static SampleStore sample;
    private Program program;

    @BeforeAll
    static void makeSample() throws Exception {
        sample = SampleStore.make(samples);
    }

    @BeforeEach
    void prepare() throws Exception {
        program = Program.in(folder);
    }

    private Path database() {
        return program.data().resolve("keyrack.db");
    }

    private void assertRefusedAndUnchanged(Program started, String... told) throws Exception {
        Map<String, String> before = Folder.contents(folder.resolve("home"));
        assertCannotStart(started.run("serve"), told);
        assertThat(Folder.contents(folder.resolve("home"))).isEqualTo(before);
    }

    private static void execute(Path database, String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void secondProcessOnTheFolderIsRefusedWhileTheFirstKeepsWorking() throws Exception {
        sample.copyTo(program);
        try (KeyrackProcess first = program.serve()) {
            assertCannotStart(
                    program.run("serve"),
                    "Another Keyrack process",
                    program.data().toString());
            Program samePort = program.with("KEYRACK_PORT", String.valueOf(first.controlPort()));
            assertCannotStart(samePort.run("serve"), "Another Keyrack process");
            assertThat(first.gate().verdict(sample.web())).isEqualTo("VALID");
            SampleStore.key(first.control().as(sample.token()), sample.projectId(), "web");
            assertThat(program.data().resolve("control.json")).exists();
            first.stop();
        }
    }

    @Test
    void busyPortIsToldBeforeAnythingIsMade() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(busy.getLocalPort());
            assertCannotStart(program.with("KEYRACK_PORT", port).run("serve"), "Port " + port, "KEYRACK_PORT");
            assertCannotStart(
                    program.with("KEYRACK_GATE_PORT", port).run("serve"), "Port " + port, "KEYRACK_GATE_PORT");
        }
        assertCannotStart(program.with("KEYRACK_HOST", "192.0.2.1").run("serve"), "192.0.2.1", "KEYRACK_HOST");
        assertThat(program.data()).doesNotExist();
    }

    @Test
    void databaseOfANewerVersionIsLeftAsItIs() throws Exception {
        sample.copyTo(program);
        execute(
                database(),
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, installed_on, execution_time, success)"
                        + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, '', '2030-01-01', 1, 1)");
        assertRefusedAndUnchanged(program, database().toString(), "newer Keyrack", "99", "backup");
    }

    @Test
    void databaseOfAnotherProgramIsLeftAsItIs() throws Exception {
        Files.createDirectories(program.data());
        execute(database(), "CREATE TABLE music (title TEXT)", "INSERT INTO music VALUES ('Goldberg')");
        assertRefusedAndUnchanged(program, database().toString(), "another program", "KEYRACK_DATA");
    }

    @Test
    void damagedDatabaseIsToldAndLeftAsItIs() throws Exception {
        sample.copyTo(program);
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        Files.write(database(), noise);
        assertRefusedAndUnchanged(program, database().toString(), "damaged", "backup");
    }

    @Test
    void databaseThatIsDamagedInsideIsTold() throws Exception {
        sample.copyTo(program);
        byte[] content = Files.readAllBytes(database());
        for (int i = 4096; i < content.length; i++) {
            content[i] = (byte) i;
        }
        Files.write(database(), content);
        Program.Result result = program.run("serve");
        assertCannotStart(result, database().toString());
    }

    @Test
    void folderThatCannotBeWrittenIsTold() throws Exception {
        sample.copyTo(program);
        assertRefusedAndUnchanged(
                program.under(Restricted.withReadOnly(program.data())),
                program.data().toString(),
                "cannot be written");
        Files.delete(program.data().resolve("lock"));
        Files.setPosixFilePermissions(program.data(), PosixFilePermissions.fromString("r-x------"));
        assertRefusedAndUnchanged(
                program.under(Restricted.asOrdinaryUser()), program.data().toString(), "cannot be written", "right");
        Files.setPosixFilePermissions(program.data(), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void fullDiskRefusesChangesAndStopsNothingElse() throws Exception {
        Files.createDirectories(program.data());
        Program small = program.with("KEYRACK_LOG", "text").under(Restricted.withSmallDisk(program.data(), "6m"));
        try (KeyrackProcess process = small.serve()) {
            Api api = process.control().as(SampleStore.setUp(process));
            String project = SampleStore.project(api);
            String good = SampleStore.key(api, project, "web");
            Path ballast = process.insight(program.data().resolve("ballast"));
            fill(ballast);

            Set<String> acknowledged = new HashSet<>();
            Api.Answer refused = createUntilRefused(api, project, acknowledged);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text("/code")).isEqualTo("storage_full");
            assertThat(refused.text("/detail")).contains("full", "Nothing was changed");
            assertThat(process.gate().verdict(good)).isEqualTo("VALID");
            assertThat(names(api)).hasSize(acknowledged.size() + 1).containsAll(acknowledged);
            assertThat(api.all("/api/v1/audit?action=key.created")).hasSize(acknowledged.size() + 1);

            Files.delete(ballast);
            String later = SampleStore.key(api, project, "server");
            assertThat(process.gate().verdict(later)).isEqualTo("VALID");
            assertThat(process.gate().verdict(good)).isEqualTo("VALID");
            assertThat(names(api)).hasSize(acknowledged.size() + 2);
            assertThat(api.all("/api/v1/audit?action=key.created")).hasSize(acknowledged.size() + 2);

            Path copy = Files.createDirectories(folder.resolve("copy"));
            for (String file : new String[] {"keyrack.db", "keyrack.db-wal"}) {
                Files.copy(process.insight(program.data().resolve(file)), copy.resolve(file));
            }
            Records.assertWhole(copy.resolve("keyrack.db"));
            assertThat(process.stop()).isIn(0, 143);
            assertThat(process.err())
                    .as("whoever watches the console is told, and not shown the program's insides")
                    .contains("the store failed", "full")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void firstStartOnAFullDiskIsToldAndTheNextOneWithRoomWorks() throws Exception {
        Files.createDirectories(program.data());
        Program.Result both = program.under(Restricted.twiceOnAGrowingDisk(program.data(), "200k", "6m"))
                .run("serve", "--exit-when-ready");
        assertThat(both.err()).contains("The database " + database() + " cannot be opened", "full");
        assertThat(both.err()).doesNotContain("\tat ", "throwable\":{", "\"level\":\"ERROR\"", "\"level\":\"WARN\"");
        assertThat(both.status()).as("2 with a full disk, then 0").isEqualTo(20);
    }

    @Test
    void entriesOfTheFeedThatAreOlderThanADayAreClearedAwayAtTheStart() throws Exception {
        sample.copyTo(program);
        execute(database(), "UPDATE feed_entries SET at = 0");
        try (KeyrackProcess process = program.serve()) {
            Wait.until("old entries are gone", () -> count("feed_entries") == 1);
            assertThat(count("audit_events")).isGreaterThan(1);
            assertThat(process.gate().verdict(sample.web())).isEqualTo("VALID");
            String later = SampleStore.key(process.control().as(sample.token()), sample.projectId(), "web");
            assertThat(process.gate().verdict(later)).isEqualTo("VALID");
            process.stop();
        }
    }

    private long count(String table) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database() + "?mode=ro");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            return row.getLong(1);
        }
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).contains("No space");
        }
    }

    private static Api.Answer createUntilRefused(Api api, String project, Set<String> acknowledged) throws IOException {
        for (int i = 0; i < 5_000; i++) {
            String name = "Key " + i;
            Api.Answer answer = api.post("/api/v1/keys", Map.of("name", name, "type", "web", "projectId", project));
            if (answer.status() != 201) {
                return answer;
            }
            acknowledged.add(name);
        }
        throw new AssertionError("the disk is never full");
    }

    private static Set<String> names(Api api) throws IOException {
        Set<String> names = new HashSet<>();
        api.all("/api/v1/keys").forEach(key -> names.add(key.at("/name").asString()));
        return names;
    }
}
