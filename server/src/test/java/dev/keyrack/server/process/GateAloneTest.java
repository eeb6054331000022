package dev.keyrack.server.process;

import static dev.keyrack.server.process.Refusal.assertCannotStart;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a gate needs a database and nothing else, says what it lacks, and waits for a database that is not there yet. */
class GateAloneTest {
    private static final String NOWHERE = "postgresql://keyrack:hush@127.0.0.1:1/keyrack";

    /** Logback asks every jar for its configurators, and Spring Boot's has one. It loads and does nothing further. */
    private static final String FOUND_BY_LOGBACK = "org.springframework.boot.logging.logback.RootLogLevelConfigurator";

    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void prepare() throws Exception {
        program = Program.in(folder).with("KEYRACK_DATABASE_URL", NOWHERE);
    }

    @Test
    void withoutADatabaseItSaysThatTheEmbeddedStoreHasOneProcess() throws Exception {
        assertCannotStart(
                program.without("KEYRACK_DATABASE_URL").run("gate"),
                "KEYRACK_DATABASE_URL",
                "embedded store has one process",
                "./keyrack serve");
    }

    @Test
    void aUrlThatIsNoneIsToldWithoutThePassword() throws Exception {
        Program.Result result = program.with("KEYRACK_DATABASE_URL", "mysql://keyrack:hush@db/keyrack")
                .run("gate");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("KEYRACK_DATABASE_URL: must begin with postgresql://")
                .doesNotContain("hush", "\tat ");
    }

    @Test
    void settingsOfTheControlPlaneMayStandThereAndMustBeValid() throws Exception {
        Program shared = program.with("KEYRACK_PORT", "8080").with("KEYRACK_KEYSET_FILE", "/not/there");
        try (GateProcess gate = shared.startGate()) {
            gate.awaitListening();
        }
        assertThat(shared.data()).doesNotExist();
        Program.Result wrong = shared.with("KEYRACK_PORT", "eighty").run("gate");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("KEYRACK_PORT: must be a port");
    }

    @Test
    void portOfTheControlPlaneIsNoneOfItsBusiness() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Program same =
                program.with("KEYRACK_PORT", String.valueOf(port)).with("KEYRACK_GATE_PORT", String.valueOf(port));
        try (GateProcess gate = same.startGate()) {
            gate.awaitListening();
            assertThat(gate.gatePort()).isEqualTo(port);
        }
    }

    @Test
    void portInUseIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program.Result result = program.with("KEYRACK_GATE_PORT", String.valueOf(taken.getLocalPort()))
                    .run("gate");
            assertCannotStart(result, "Port " + taken.getLocalPort(), "in use", "KEYRACK_GATE_PORT");
        }
    }

    @Test
    void whereTheDatabaseIsOutOfReachItSaysSoAnswersWithoutKeysAndStopsWhenAsked() throws Exception {
        try (GateProcess gate = program.startGate()) {
            gate.awaitListening();
            assertThat(gate.out())
                    .contains("Data plane     http://127.0.0.1:" + gate.gatePort())
                    .contains("postgresql://keyrack@127.0.0.1:1/keyrack", "out of reach", "Trust ")
                    .doesNotContain("hush");
            assertThat(gate.gate().get("/health/live").status()).isEqualTo(200);
            Api.Answer ready = gate.gate().get("/health/ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.text("/reason")).contains("not loaded");
            assertThat(gate.gate().verdict("kr_srv_00000000000000000000000000000000000000000000"))
                    .isEqualTo("MALFORMED");

            assertThat(gate.stop()).isIn(0, 143);
            assertThat(gate.err())
                    .contains("127.0.0.1:1 cannot be reached")
                    .doesNotContain("hush", "\"level\":\"ERROR\"");
        }
        assertThat(program.data()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingOfTheControlPlaneIsLoaded(boolean fromTheCache) throws Exception {
        Path loaded = folder.resolve("loaded");
        String options = "-Xlog:class+load:file=" + loaded + (fromTheCache ? "" : " -XX:AOTMode=off");
        try (GateProcess gate = program.with("_JAVA_OPTIONS", options).startGate()) {
            gate.awaitListening();
            gate.gate().verdict("no token");
            gate.stop();
        }
        List<String> classes = Files.readAllLines(loaded).stream()
                .map(line -> line.replaceFirst("^.*\\[class,load] *", ""))
                .toList();
        assertThat(classes).anyMatch(line -> line.startsWith("dev.keyrack.gate.Gate "));
        assertThat(classes)
                .filteredOn(
                        line -> line.matches("(org\\.springframework|org\\.apache\\.(catalina|tomcat)|org\\.flywaydb"
                                + "|org\\.jdbi|com\\.google\\.crypto)\\..*"))
                .allMatch(line -> line.startsWith(FOUND_BY_LOGBACK + " "));
    }
}
