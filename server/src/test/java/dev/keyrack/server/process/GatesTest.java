package dev.keyrack.server.process;

import static dev.keyrack.server.process.Refusal.assertCannotStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingPooler;
import dev.keyrack.server.engines.TestingPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Promise: any number of gates follow one database, outlive its failures, and say VALID only while they know. */
class GatesTest {
    @TempDir
    Path folder;

    private TestingPostgres postgres;
    private String database;
    private Program serve;
    private Program one;
    private Program two;

    @BeforeEach
    void onTheSharedServer() throws Exception {
        on(TestingPostgres.shared());
    }

    private void on(TestingPostgres server) throws Exception {
        postgres = server;
        database = postgres.freshDatabase();
        serve = program("serve").with("KEYRACK_LEASE", "1s");
        one = program("one");
        two = program("two");
    }

    private TestingPostgres onAServerOfItsOwn() throws Exception {
        on(TestingPostgres.own());
        return postgres;
    }

    private Program program(String name) throws Exception {
        return Program.in(folder.resolve(name)).with("KEYRACK_DATABASE_URL", postgres.url(database));
    }

    /** What a client has of the installation: the owner's token and project. */
    private record Desk(Api api, String project) {
        static Desk of(KeyrackProcess process) throws Exception {
            Api api = process.control().as(SampleStore.setUp(process));
            return new Desk(api, SampleStore.project(api));
        }

        /** A new key's token. */
        String key() throws Exception {
            return SampleStore.key(api, project, "server");
        }

        /** Turns the key of this token off for good. */
        void revoke(String token) throws Exception {
            assertThat(api.delete("/api/v1/keys/" + id(token)).status()).isEqualTo(200);
        }
    }

    private static String id(String token) {
        return token.substring("kr_srv_".length(), "kr_srv_".length() + 11);
    }

    private static void awaitVerdict(GateProcess gate, String token, String verdict) throws Exception {
        Wait.until("it is " + verdict, () -> gate.gate().verdict(token).equals(verdict));
    }

    @Test
    void keyIsGoodOnEveryGateAndOffOnEveryGateOnceTheCallHasReturned() throws Exception {
        try (KeyrackProcess control = serve.serve();
                GateProcess first = one.gate();
                GateProcess second = two.gate()) {
            assertThat(first.out()).contains("keyrack@localhost", "Trust ").doesNotContain("pass", "out of reach");
            Desk desk = Desk.of(control);
            String token = desk.key();
            awaitVerdict(first, token, "VALID");
            awaitVerdict(second, token, "VALID");

            desk.revoke(token);

            assertThat(first.gate().verdict(token)).isEqualTo("REVOKED");
            assertThat(second.gate().verdict(token)).isEqualTo("REVOKED");
            assertThat(control.gate().verdict(token)).isEqualTo("REVOKED");
            assertThat(one.data()).as("a gate needs no folder").doesNotExist();
        }
    }

    @Test
    void keyIsOffOnAGateBehindAPoolerInTransactionModeOnceTheCallHasReturned() throws Exception {
        try (TestingPooler pooler = TestingPooler.start(postgres, folder.resolve("pooler"))) {
            String url = TestingPostgres.url(pooler.port(), database);
            try (KeyrackProcess control =
                            program("serve").with("KEYRACK_DATABASE_URL", url).serve();
                    GateProcess gate = one.with("KEYRACK_DATABASE_URL", url).gate()) {
                Desk desk = Desk.of(control);
                for (int round = 0; round < 5; round++) {
                    String token = desk.key();
                    awaitVerdict(gate, token, "VALID");
                    Api.Answer revoked = desk.api().delete("/api/v1/keys/" + id(token));
                    assertThat(gate.gate().verdict(token)).isEqualTo("REVOKED");
                    assertThat(control.gate().verdict(token)).isEqualTo("REVOKED");
                    assertThat(revoked.json().at("/confirmation/confirmedBy"))
                            .as(revoked.json().toString())
                            .extracting(JsonNode::asString)
                            .satisfiesExactlyInAnyOrder(
                                    name -> assertThat(name).startsWith("serve@"),
                                    name -> assertThat(name).startsWith("gate@"));
                }
                assertThat(gate.stop()).isIn(0, 143);
                assertThat(gate.err())
                        .as("it is told nothing through the pooler")
                        .contains("read ten times a second");
                for (GateProcess process : List.of(control, gate)) {
                    assertThat(process.err()).doesNotContain("\"level\":\"ERROR\"");
                }
            }
            assertThat(postgres.number(
                            database, "SELECT COUNT(*) FROM nodes WHERE kind = 'gate' AND end_reason = 'stopped'"))
                    .as("it registered once, and said goodbye")
                    .isEqualTo(1);
        }
    }

    private static String verdict(GateProcess gate, String token, String permission) throws Exception {
        return gate.gate()
                .post("/v1/verify", Map.of("token", token, "permission", permission))
                .text("/code");
    }

    private static void setCatalogue(Desk desk, String... permissions) throws Exception {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (String permission : permissions) {
            entries.add(Map.of("permission", permission, "description", "d", "types", List.of("server")));
        }
        String body = JsonMapper.shared().writeValueAsString(Map.of("permissions", entries));
        assertThat(desk.api().send("PUT", "/api/v1/permissions", body, "").status())
                .isEqualTo(200);
    }

    @Test
    void permissionThatIsTakenAwayIsDeniedOnEveryGateOnceTheCallHasReturned() throws Exception {
        try (KeyrackProcess control = serve.serve();
                GateProcess first = one.gate();
                GateProcess second = two.gate()) {
            Desk desk = Desk.of(control);
            setCatalogue(desk, "chat.start", "chat.stop");
            String token = desk.key();
            List<GateProcess> all = List.of(control, first, second);
            for (GateProcess gate : all) {
                awaitVerdict(gate, token, "VALID");
            }
            for (int round = 0; round < 5; round++) {
                setCatalogue(desk, "chat.start", "chat.round" + round);
                for (GateProcess gate : all) {
                    assertThat(verdict(gate, token, round == 0 ? "chat.stop" : "chat.round" + (round - 1)))
                            .isEqualTo("PERMISSION_DENIED");
                    assertThat(verdict(gate, token, "chat.start")).isEqualTo("VALID");
                }
            }
        }
    }

    @Test
    void gateThatLoadsTheCatalogueGivesTheVerdictsOfOneThatFollowedIt() throws Exception {
        try (KeyrackProcess control = serve.serve();
                GateProcess followed = one.gate()) {
            Desk desk = Desk.of(control);
            List<String> tokens = new ArrayList<>(List.of(desk.key()));
            setCatalogue(desk, "chat.start", "orders.read");
            tokens.add(desk.key());
            setCatalogue(desk, "chat.start", "chat.stop");
            tokens.add(desk.key());
            setCatalogue(desk, "chat.start", "chat.stop", "orders.read");
            try (GateProcess loaded = two.gate()) {
                List<String> verdicts = new ArrayList<>();
                for (String token : tokens) {
                    awaitVerdict(followed, token, "VALID");
                    awaitVerdict(loaded, token, "VALID");
                    for (String permission : List.of("chat.start", "chat.stop", "orders.read", "orders.write")) {
                        String verdict = verdict(followed, token, permission);
                        assertThat(verdict(loaded, token, permission)).isEqualTo(verdict);
                        verdicts.add(verdict.equals("VALID") ? "yes" : "no");
                    }
                }
                assertThat(String.join(" ", verdicts)).isEqualTo("yes no no no yes no no no yes yes no no");
            }
        }
    }

    @Test
    void gateThatWasKilledComesBackWithWhatHappenedMeanwhile() throws Exception {
        try (KeyrackProcess control = serve.serve()) {
            Desk desk = Desk.of(control);
            String kept = desk.key();
            String revoked = desk.key();
            try (GateProcess gate = one.gate()) {
                awaitVerdict(gate, revoked, "VALID");
                gate.kill();
            }
            desk.revoke(revoked);
            try (GateProcess again = one.gate()) {
                assertThat(again.gate().verdict(kept)).isEqualTo("VALID");
                assertThat(again.gate().verdict(revoked)).isEqualTo("REVOKED");
            }
        }
    }

    @Test
    void databaseThatStopsEndsTheYesAndNotTheGate() throws Exception {
        try (TestingPostgres own = onAServerOfItsOwn();
                KeyrackProcess control = serve.with("KEYRACK_LOG", "text").serve();
                GateProcess gate = one.with("KEYRACK_LOG", "text").gate()) {
            Desk desk = Desk.of(control);
            String token = desk.key();
            awaitVerdict(gate, token, "VALID");
            Runnable startAgain = own.stop();
            awaitVerdict(gate, token, "STALE");
            assertThat(desk.api().delete("/api/v1/keys/" + id(token)).status()).isEqualTo(503);
            Api.Answer ready = gate.gate().get("/health/ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.text("/reason")).contains("lease is over");
            assertThat(gate.gate().get("/health/live").status()).isEqualTo(200);

            startAgain.run();
            awaitVerdict(gate, token, "VALID");
            GateProcess.awaitReady(gate.gate());
            // Who of the two is at the database when it goes, and so has to say that it is back, is chance.
            assertThat(gate.err())
                    .doesNotContain("pass/word", "\tat ")
                    .containsAnyOf("can be read again", "takes this node's reports again");
            assertThat(control.err()).contains("the store failed").doesNotContain("pass/word", "\tat ");
        }
    }

    @Test
    void gateThatStartsBeforeItsDatabaseWaitsForIt() throws Exception {
        try (TestingPostgres own = onAServerOfItsOwn()) {
            String token;
            try (KeyrackProcess control = serve.serve()) {
                token = Desk.of(control).key();
                control.stop();
            }
            Runnable startAgain = own.stop();
            try (GateProcess gate = one.startGate()) {
                gate.awaitListening();
                assertThat(gate.gate().get("/health/ready").status()).isEqualTo(503);
                assertThat(gate.gate().verdict(token)).isEqualTo("STALE");
                startAgain.run();
                gate.awaitReady();
                assertThat(gate.gate().verdict(token)).isEqualTo("VALID");
            }
        }
    }

    @Test
    void gateThatIsStoppedSaysGoodbye() throws Exception {
        try (KeyrackProcess control = serve.serve();
                GateProcess gate = one.gate()) {
            assertThat(gate.stop()).isIn(0, 143);
            assertThat(gate.err()).doesNotContain("\tat ", "\"level\":\"ERROR\"", "\"level\":\"WARN\"");
            assertThat(postgres.number(
                            database, "SELECT COUNT(*) FROM nodes WHERE kind = 'gate' AND end_reason = 'stopped'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void rightsThatTheManualListsAreEnoughAndSeeNoCiphertext() throws Exception {
        try (KeyrackProcess control = serve.serve()) {
            String token = Desk.of(control).key();
            String manual = Files.readString(Path.of(System.getProperty("keyrack.root"), "docs", "gate.md"));
            String rights = manual.substring(manual.indexOf("```sql") + 6, manual.indexOf("```\n\nRun this"));
            postgres.asSuperuser(database, rights);
            postgres.let("host all keyrack_gate all scram-sha-256");
            try (GateProcess gate = at("keyrack_gate", "PASSWORD", database).gate()) {
                assertThat(gate.gate().verdict(token)).isEqualTo("VALID");
                assertThat(gate.gate()
                                .post("/v1/verify", Map.of("token", token, "permission", "keys.verify"))
                                .text("/code"))
                        .isEqualTo("PERMISSION_DENIED");
                assertThat(gate.stop()).isIn(0, 143);
                assertThat(gate.err()).doesNotContain("\"level\":\"ERROR\"", "\"level\":\"WARN\"");
            }
            assertThat(postgres.number(database, "SELECT SUM(count) FROM refusals WHERE value = 'keys.verify'"))
                    .as("what the gate refused and wrote down before it ended")
                    .isEqualTo(1);
            assertThat(postgres.number(
                            database,
                            "SELECT COUNT(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                                    + " WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND"
                                    + " (a.attname = 'ciphertext' OR c.relname IN ('members', 'audit_events'))"
                                    + " AND c.relkind = 'r'"
                                    + " AND has_column_privilege('keyrack_gate', c.oid, a.attnum, 'SELECT')"))
                    .isZero();
        }
    }

    @Test
    void eachBadStartIsTold() throws Exception {
        assertCannotStart(one.run("gate"), "holds no store of Keyrack yet", "./keyrack serve");
        try (KeyrackProcess control = serve.serve()) {
            control.stop();
        }
        postgres.let("host all stranger all scram-sha-256", "host all absent all scram-sha-256");
        assertCannotStart(at("keyrack", "wrong", database).run("gate"), "localhost:", "user keyrack", "password");
        assertCannotStart(at("absent", "wrong", database).run("gate"), "user absent", "KEYRACK_DATABASE_URL");
        assertCannotStart(at("keyrack", "pass%2Fword", "other").run("gate"), "There is no database other");
        postgres.asSuperuser(database, "CREATE ROLE stranger LOGIN PASSWORD 'right'");
        assertCannotStart(at("stranger", "right", database).run("gate"), "The user stranger may not", "docs/gate.md");

        postgres.asSuperuser(database, "UPDATE flyway_schema_history SET version = '999' WHERE version = '3'");
        assertCannotStart(one.run("gate"), "newer Keyrack", "999");
        postgres.asSuperuser(database, "DELETE FROM flyway_schema_history WHERE version <> '1'");
        assertCannotStart(one.run("gate"), "older Keyrack", "./keyrack serve");
    }

    private Program at(String user, String password, String name) {
        return one.with(
                "KEYRACK_DATABASE_URL",
                "postgresql://" + user + ":" + password + "@localhost:" + postgres.port() + "/" + name);
    }
}
