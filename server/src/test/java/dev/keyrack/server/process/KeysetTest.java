package dev.keyrack.server.process;

import static dev.keyrack.server.process.Refusal.assertCannotStart;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: with a keyset that is missing, unreadable or not its own, the program says so, and changes nothing. */
class KeysetTest {
    @TempDir
    static Path samples;

    @TempDir
    Path folder;

    private static SampleStore sample;
    private static Path foreign;
    private Program program;
    private Path keyset;

    @BeforeAll
    static void makeSamples() throws Exception {
        sample = SampleStore.make(samples.resolve("own"));
        Program other = Program.in(samples.resolve("other"));
        other.serve().close();
        foreign = other.data().resolve("keyset.json");
    }

    @BeforeEach
    void copySample() throws Exception {
        program = Program.in(folder);
        sample.copyTo(program);
        keyset = program.data().resolve("keyset.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyset)))
                .isEqualTo("rw-------");
    }

    private void assertRefusedAndUnchanged(Program started, String... told) throws Exception {
        Map<String, String> before = Folder.contents(folder.resolve("home"));
        assertCannotStart(started.run("serve"), told);
        assertThat(Folder.contents(folder.resolve("home"))).isEqualTo(before);
    }

    /** What was taken away is put back: then everything is as it was. */
    private void assertWorksWith(Program started) throws Exception {
        try (KeyrackProcess process = started.serve()) {
            assertThat(process.gate().verdict(sample.web())).isEqualTo("VALID");
            assertThat(process.gate().verdict(sample.server())).isEqualTo("VALID");
            Api api = process.control().as(sample.token());
            assertThat(api.all("/api/v1/keys")).hasSize(2);
            String web = api.get("/api/v1/keys?type=web").text("/items/0/id");
            assertThat(api.post("/api/v1/keys/" + web + "/reveal", Map.of()).text("/token"))
                    .isEqualTo(sample.web());
            assertThat(process.out() + process.err()).doesNotContain("primaryKeyId", "keyData");
            process.stop();
        }
    }

    @Test
    void missingKeysetIsToldAndWhenItIsRestoredAllKeysAreThere() throws Exception {
        Path backup = Files.move(keyset, folder.resolve("backup"));
        assertRefusedAndUnchanged(program, keyset.toString(), "is missing", "backup", "KEYRACK_KEYSET_FILE");
        Files.move(backup, keyset);
        assertWorksWith(program);
    }

    @Test
    void keysetOfAnotherInstallationIsTold() throws Exception {
        Files.copy(foreign, keyset, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefusedAndUnchanged(program, keyset.toString(), "does not belong to this database", "backup");
        assertRefusedAndUnchanged(
                program.with("KEYRACK_KEYSET", Files.readString(foreign)), "KEYRACK_KEYSET", "does not belong");
    }

    @Test
    void damagedKeysetIsTold() throws Exception {
        byte[] good = Files.readAllBytes(keyset);
        for (byte[] content : new byte[][] {
            {},
            "not json".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            {(byte) 0xff, 0, 1},
            java.util.Arrays.copyOf(good, good.length / 2)
        }) {
            Files.write(keyset, content);
            assertRefusedAndUnchanged(program, keyset.toString(), "damaged", "backup");
        }
    }

    @Test
    void unreadableKeysetIsTold() throws Exception {
        Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("---------"));
        Program.Result result = program.under(Restricted.asOrdinaryUser()).run("serve");
        Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("rw-------"));
        assertCannotStart(result, keyset.toString(), "cannot be read", "right to read it");
    }

    @Test
    void keysetThatOthersCanReadIsTold() throws Exception {
        Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("rw-r-----"));
        assertRefusedAndUnchanged(program, keyset.toString(), "chmod 600");
    }

    @Test
    void keysetMayLieElsewhereOrStandInTheEnvironment() throws Exception {
        Path elsewhere = Files.move(keyset, folder.resolve("elsewhere.json"));
        assertWorksWith(program.with("KEYRACK_KEYSET_FILE", elsewhere.toString()));
        assertWorksWith(program.with("KEYRACK_KEYSET", Files.readString(elsewhere)));
        assertThat(keyset).doesNotExist();
        String half = Files.readString(elsewhere).substring(0, 60);
        assertRefusedAndUnchanged(program.with("KEYRACK_KEYSET", half), "KEYRACK_KEYSET", "damaged");
    }

    @Test
    void keysetThatCannotBeUsedLeavesAnEmptyFolderEmpty() throws Exception {
        Program fresh = Program.in(folder.resolve("fresh"));
        assertCannotStart(fresh.with("KEYRACK_KEYSET", "hush").run("serve"), "KEYRACK_KEYSET");
        assertThat(Folder.contents(fresh.data()).keySet()).containsOnly("");
        Program nowhere = fresh.with(
                "KEYRACK_KEYSET_FILE", folder.resolve("no/such/keyset.json").toString());
        assertCannotStart(nowhere.run("serve"), "no/such/keyset.json", "cannot be written");
        assertThat(Folder.contents(fresh.data()).keySet()).containsOnly("");
    }
}
