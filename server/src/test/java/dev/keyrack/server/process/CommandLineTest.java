package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Promise: each command does the same with and without a running process, and tells success from refusal by its status. */
class CommandLineTest {
    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void prepare() throws Exception {
        program = Program.in(folder);
    }

    @Test
    void commandsWorkWithoutARunningProcess() throws Exception {
        Program.Result early = program.run("keys", "list");
        assertThat(early.status()).isEqualTo(2);
        assertThat(early.err()).contains("no store", "./keyrack setup");
        assertThat(program.data()).doesNotExist();

        Program.Result setup = setUp();
        assertThat(setup.err()).contains("Back up these two", "keyset.json");
        commandsWork();
        assertThat(program.data().resolve("control.json")).doesNotExist();
    }

    @Test
    void ownerWhoLostTheirTokenGetsALinkFromTheRunningProcessOnly() throws Exception {
        setUp();
        Program.Result stopped = program.run("setup", "--reset-owner", "a@example.com");
        assertThat(stopped.status()).isEqualTo(2);
        assertThat(stopped.err()).contains("not running", "./keyrack start");
        try (KeyrackProcess process = program.serve()) {
            Program.Result link = program.run("setup", "--reset-owner", "a@example.com");
            assertThat(link.status()).as(link.err()).isZero();
            assertThat(link.out()).contains("a@example.com", "/recover#", "works once");
            Program.Result unknown = program.run("setup", "--reset-owner", "stranger@example.com");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).contains("no Owner");
            Program.Result both = program.run("setup", "--reset-owner", "a@example.com", "--email", "a@example.com");
            assertThat(both.status()).isEqualTo(2);
            process.stop();
        }
    }

    @Test
    void commandsWorkThroughTheRunningProcess() throws Exception {
        try (KeyrackProcess process = program.serve()) {
            assertThat(setUp().err()).isEmpty();
            commandsWork();

            assertThat(process.operator()
                            .post(
                                    "/api/v1/organizations",
                                    Map.of("name", "Other", "subdomain", "other", "ownerEmail", "o@example.com"))
                            .status())
                    .isEqualTo(201);
            Program.Result whose = program.run("keys", "list");
            assertThat(whose.status()).isEqualTo(1);
            assertThat(whose.err()).contains("--organization");
            assertThat(program.run("keys", "list", "--organization", "acme").out())
                    .contains("First");
            assertThat(program.run("keys", "list", "--organization", "other").out())
                    .doesNotContain("First");
            assertThat(program.run("keys", "list", "--organization", "nobody").status())
                    .isEqualTo(1);
            process.stop();
        }
    }

    private Program.Result setUp() throws Exception {
        Program.Result setup = program.run(
                "setup",
                "--organization",
                "Acme & Söhne",
                "--subdomain",
                "acme",
                "--email",
                "a@example.com",
                "--output",
                "json");
        assertThat(setup.status()).as(setup.err()).isZero();
        JsonNode printed = JsonMapper.shared().readTree(setup.out());
        assertThat(printed.propertyNames()).containsExactlyInAnyOrder("organization", "owner", "token");
        assertThat(printed.at("/token").asString()).startsWith("kr_pat_");
        assertThat(printed.at("/organization/name").asString()).isEqualTo("Acme & Söhne");
        return setup;
    }

    private void commandsWork() throws Exception {
        Program.Result again = program.run("setup", "--organization", "Evil", "--email", "evil@example.com");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("in use");
        assertThat(again.out()).isEmpty();

        Program.Result noProject = program.run("keys", "create", "--name", "First", "--type", "web");
        assertThat(noProject.status()).isEqualTo(2);
        assertThat(noProject.err()).contains("--create-project");
        Program.Result created = program.run(
                "keys",
                "create",
                "--name",
                "First",
                "--type",
                "web",
                "--project",
                "Shop",
                "--create-project",
                "--output",
                "json");
        assertThat(created.status()).as(created.err()).isZero();
        JsonNode key = JsonMapper.shared().readTree(created.out());
        String id = key.at("/key/id").asString();
        String token = key.at("/token").asString();

        Program.Result list = program.run("keys", "list");
        assertThat(list.out())
                .contains(id, "First", "web", "active")
                .containsPattern("OWNER +NAME")
                .containsPattern("nobody +First")
                .doesNotContain("Evil")
                .doesNotContain(token);
        assertThat(program.run("keys", "list", "--owner", "mem_nobody").out()).contains("No keys");
        Program.Result good = program.run("verify", token);
        assertThat(good.status()).isZero();
        assertThat(good.out()).contains("VALID", id);
        assertThat(program.runReading(token + "\n", "verify", "-").status()).isZero();
        assertThat(program.run("verify", "nonsense").out()).isEqualTo("MALFORMED\n");

        rotationWorks(id, token);

        Program.Result revoked = program.run("keys", "revoke", id);
        assertThat(revoked.status()).as(revoked.err()).isZero();
        assertThat(revoked.out()).contains("Revoked " + id, "Confirmed by serve@");
        Program.Result bad = program.run("verify", token, "--output", "json");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(JsonMapper.shared().readTree(bad.out()).at("/code").asString())
                .isEqualTo("REVOKED");
        assertThat(program.run("keys", "revoke", "nothing").status()).isEqualTo(1);

        permissionsAreListedAndSet();
        Program.Result whole = program.run("audit", "verify");
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.out()).contains("The audit trail is whole", "of 1 organization,");
        Program.Result exported = program.run("audit", "export");
        assertThat(exported.status()).as(exported.err()).isZero();
        JsonNode anchor = JsonMapper.shared().readTree(exported.out());
        assertThat(anchor.at("/count").asLong()).isGreaterThanOrEqualTo(6);
        Path kept = Files.writeString(folder.resolve("kept.anchors"), exported.out());
        Program.Result held = program.run("audit", "verify", "--anchors", kept.toString(), "--output", "json");
        assertThat(held.status()).as(held.out()).isZero();
        assertThat(JsonMapper.shared().readTree(held.out()).at("/anchors").asLong())
                .isPositive();
    }

    private void permissionsAreListedAndSet() throws Exception {
        Program.Result none = program.run("permissions", "list");
        assertThat(none.out()).contains("keys.verify", "No catalogue is set");
        Path file = Files.writeString(
                folder.resolve("permissions.json"),
                "{\"permissions\":[{\"permission\":\"chat.start\",\"description\":\"Start it\",\"types\":[\"web\"]}]}");
        Program.Result set = program.run("permissions", "set", file.toString());
        assertThat(set.status()).as(set.err()).isZero();
        assertThat(set.out()).contains("Set: version 1, 3 permissions. Confirmed by serve@");
        Program.Result list = program.run("permissions", "list", "--output", "json");
        assertThat(list.out()).contains("\"version\":1", "chat.start", "Start it");

        Files.writeString(file, list.out());
        assertThat(program.run("permissions", "set", file.toString()).status())
                .as("what was listed can be set")
                .isZero();
        Files.writeString(file, list.out().replace("\"version\":1", "\"version\":7"));
        Program.Result stale = program.run("permissions", "set", file.toString());
        assertThat(stale.status()).isEqualTo(1);
        assertThat(stale.err()).contains("was changed since you read it");
        Files.writeString(file, "{\"permissions\":[{\"permission\":\"chat.*\"}]}");
        Program.Result bad = program.run("permissions", "set", file.toString());
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.err()).contains("/permissions/0/permission: must be", "/permissions/0/types: is required");
        Files.writeString(file, "[]");
        assertThat(program.run("permissions", "set", file.toString()).err()).contains("holds no JSON object");
        assertThat(program.run("permissions", "set", "no-such-file").status()).isEqualTo(2);
    }

    private void rotationWorks(String id, String token) throws Exception {
        Program.Result rotated = program.run("keys", "regenerate", id, "--overlap", "1d");
        assertThat(rotated.status()).as(rotated.err()).isZero();
        assertThat(rotated.out()).contains("Regenerated. Confirmed by serve@", "works until", "kr_web_" + id);
        assertThat(program.run("verify", token).status()).isZero();
        assertThat(program.run("keys", "regenerate", id, "--overlap", "31d").status())
                .isEqualTo(1);
        Program.Result nonsense = program.run("keys", "regenerate", id, "--overlap", "soon");
        assertThat(nonsense.status()).isEqualTo(2);
        assertThat(nonsense.err()).contains("--overlap", "1d");
        Program.Result ended = program.run("keys", "end-overlap", id);
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("Only the newest token of " + id, "works. Confirmed by serve@");
        assertThat(program.run("verify", token).out()).startsWith("REVOKED");
        assertThat(program.run("keys", "regenerate", id).out()).contains("stopped");
    }

    @Test
    void auditVerifyNamesTheFirstEventThatIsNotAsItWas() throws Exception {
        setUp();
        Path kept = folder.resolve("kept.anchors");
        Files.writeString(kept, program.run("audit", "export").out());
        Files.delete(program.data().resolve("audit.anchors"));
        execute("UPDATE audit_events SET actor_name = 'somebody else' WHERE seq = 2");
        Program.Result changed = program.run("audit", "verify");
        assertThat(changed.status()).isEqualTo(1);
        assertThat(changed.out()).contains("NOT as it was written", "event 2 (", "was changed");

        execute(
                "DELETE FROM audit_events WHERE seq > 1",
                "UPDATE audit_heads SET seq = 1, mac =" + " (SELECT mac FROM audit_events)");
        Files.delete(program.data().resolve("audit.anchors"));
        Program.Result unnoticed = program.run("audit", "verify");
        assertThat(unnoticed.status()).isZero();
        assertThat(unnoticed.out()).contains("There are no anchors");
        Program.Result cutOff = program.run("audit", "verify", "--anchors", kept.toString());
        assertThat(cutOff.status()).isEqualTo(1);
        assertThat(cutOff.out()).contains("event 2 was cut off", "had 3 events");
        Program.Result nothing = program.run("audit", "verify", "--anchors", "no-such-file");
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.err()).contains("no-such-file").doesNotContain("\tat ");
    }

    private void execute(String... statements) throws Exception {
        try (var connection = java.sql.DriverManager.getConnection(
                        "jdbc:sqlite:" + program.data().resolve("keyrack.db"));
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void everySettingThatDoesNotFitIsToldAtOnceAndNoSecretIsPrinted() throws Exception {
        String secret = "{\"key\":[\"hush\"]}";
        Program.Result result = program.with("KEYRACK_PORT", "70000")
                .with("KEYRACK_BRAND", "K")
                .with("KEYRACK_PUBLIC_URL", "ftp://x")
                .with("KEYRACK_TRUSTED_NETWORKS", "10.0.0.0/99")
                .with("KEYRACK_BACKEND_NETWORKS", "127.0.0.0/8, localhost")
                .with("KEYRACK_CONVERSATION_LIMIT", "5 in 10m")
                .with("KEYRACK_REDIS_URL", "redis://x")
                .with("KEYRACK_LOG", "xml")
                .with("KEYRACK_KEYSET", secret)
                .with("KEYRACK_COLOUR", "red")
                .run("check-config");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("KEYRACK_PORT:", "KEYRACK_BRAND:", "KEYRACK_PUBLIC_URL:", "KEYRACK_TRUSTED_NETWORKS:")
                .contains("KEYRACK_BACKEND_NETWORKS: 'localhost' is no network")
                .contains("KEYRACK_CONVERSATION_LIMIT: must be how many")
                .contains("KEYRACK_REDIS_URL: is not supported", "KEYRACK_COLOUR: is no setting")
                .contains("KEYRACK_LOG: must be one of json, text")
                .doesNotContain("hush", "\tat ");
        Program.Result fits = program.with("KEYRACK_KEYSET", secret)
                .with("KEYRACK_BACKEND_NETWORKS", "127.0.0.0/8,10.1.2.3")
                .with("KEYRACK_CONVERSATION_LIMIT", "30/1m/30s")
                .run("check-config");
        assertThat(fits.status()).isZero();
        assertThat(fits.out()).contains("public ones, and 127.0.0.0/8, 10.1.2.3");
        assertThat(fits.out()).contains("30 in 60 s from one address, then none for 30 s");
        assertThat(fits.out()).contains("from the environment").doesNotContain("hush");
        assertThat(program.data()).doesNotExist();
    }

    @Test
    void theSettingsFileIsReadAndTheEnvironmentWins() throws Exception {
        Path file = program.home().resolve("keyrack.yaml");
        Files.writeString(file, "port: 1234\ngate-port: 1235\nbrand: acme\ndata: elsewhere\npublic-url:\n");
        Program.Result read = program.without("KEYRACK_PORT").run("check-config");
        assertThat(read.status()).as(read.err()).isZero();
        assertThat(read.out())
                .contains(
                        "port 1234", "brand               acme", program.home().resolve("elsewhere") + "\n")
                .contains("public URL          none")
                .contains("gate                127.0.0.1 port 0");
        Files.writeString(file, "prot: 1234\nbrand: [oh, no]\nlog: json\n");
        Program.Result wrong = program.run("check-config");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err())
                .contains("keyrack.yaml: prot: is no setting", "keyrack.yaml: brand: must be")
                .contains("keyrack.yaml: log: is read from the environment alone; set KEYRACK_LOG there");
        Files.writeString(file, "port: [1\n");
        Program.Result broken = program.run("serve");
        assertThat(broken.status()).isEqualTo(2);
        assertThat(broken.err()).contains("keyrack.yaml").doesNotContain("\tat ");
    }

    @Test
    void helpAndVersionAreThereAndAnUnknownCommandIsRefused() throws Exception {
        assertThat(program.run("--version").out()).startsWith("Keyrack ");
        Program.Result all = program.run("--help");
        assertThat(all.status()).isZero();
        assertThat(all.out()).contains("serve", "setup", "keys", "permissions", "verify", "audit", "check-config");
        assertThat(program.run("keys", "create", "--help").out()).contains("--type", "--create-project", "--output");
        assertThat(program.run("setup", "--help").out()).contains("--organization", "--email");
        Program.Result unknown = program.run("xyzzy");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("xyzzy", "serve").doesNotContain("\tat ");
        Program.Result missing = program.run("setup");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("--organization", "--email").doesNotContain("\tat ");
        assertThat(program.run().status()).isEqualTo(2);
    }
}
