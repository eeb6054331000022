package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.engines.TestingDatabase;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: whoever starts Keyrack for the first time becomes its first Owner, once, and nobody else does. */
@Tag("engines")
class WelcomeTest {
    private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/welcome#([0-9a-f]{48})");

    @TempDir
    Path path;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestingLog log;
    private TestingDatabase database;
    private RunningServer running;
    private TestingClient nobody;

    @BeforeEach
    void start() {
        log = TestingLog.start();
        database = TestingDatabase.fresh(path.resolve("data"));
        running = start("data", Map.of());
        nobody = client("data");
    }

    private RunningServer start(String folder, Map<String, String> more) {
        Path data = path.resolve(folder);
        Map<String, String> settings =
                new HashMap<>(Map.of("KEYRACK_DATA", data.toString(), "KEYRACK_PORT", "0", "KEYRACK_GATE_PORT", "0"));
        settings.putAll(database.settings());
        settings.putAll(more);
        return RunningServer.start(SettingsReader.read(path.resolve("none.yaml"), settings), "test");
    }

    private TestingClient client(String folder) {
        return new TestingClient(
                http, ControlFile.read(path.resolve(folder)).orElseThrow().url(), Contract.THE, answer -> {});
    }

    @AfterEach
    void stop() {
        running.close();
        database.close();
        log.close();
        http.close();
    }

    /** The code of the link that this start prints. */
    private static String code(RunningServer server) {
        String summary = String.join("\n", server.summary());
        Matcher link = LINK.matcher(summary);
        assertThat(link.find()).as(summary).isTrue();
        return link.group(1);
    }

    private static String body(String code, String more) {
        return "{'code':'" + code + "','organization':'Acme Chat','email':'jane@example.com','name':'Jane','password':'"
                + People.PASSWORD + "'" + more + "}";
    }

    private Answer arrive(String code) {
        return nobody.post("/api/v1/welcome", body(code, ""));
    }

    @Test
    void whoHasTheLinkBecomesTheOwnerOfTheOrganizationThatRunsTheInstallation() {
        String code = code(running);
        Answer arrived = arrive(code);
        assertThat(arrived.status()).as(arrived.text()).isEqualTo(200);
        assertThat(arrived.at("/organization/name")).isEqualTo("Acme Chat");
        assertThat(arrived.at("/organization/subdomain")).isEqualTo("acme-chat");
        assertThat(arrived.at("/organization/operator")).isEqualTo("true");
        assertThat(arrived.at("/owner/role")).isEqualTo("owner");
        assertThat(arrived.at("/owner/name")).isEqualTo("Jane");
        assertThat(running.summary()).as("nothing is left to set up").noneMatch(line -> line.contains("/welcome#"));
        TestingReader jane = TestingReader.at(running.port(), "jane@example.com", People.PASSWORD);
        assertThat(jane.open("/account").text()).contains("jane@example.com", "Owner");
        TestingClient operator = nobody.as(
                "Authorization",
                "Bearer "
                        + ControlFile.read(path.resolve("data"))
                                .orElseThrow()
                                .operator()
                                .reveal());
        assertThat(operator.get("/api/v1/audit").items("/action"))
                .contains("organization.created", "member.created")
                .doesNotContain("token.created");
        assertThat(log.text()).doesNotContain(code, People.PASSWORD);
    }

    @Test
    void linkWorksOnceHoweverManyTryItAtOnce() throws Exception {
        String code = code(running);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> tries = threads.invokeAll(
                    Stream.<Callable<Integer>>generate(() -> () -> arrive(code).status())
                            .limit(4)
                            .toList());
            assertThat(tries.stream().map(Future::resultNow).filter(s -> s == 200))
                    .hasSize(1);
            assertThat(tries.stream().map(Future::resultNow))
                    .allMatch(status -> List.of(200, 401, 409).contains(status));
        }
        assertThat(arrive(code).status()).isEqualTo(401);
    }

    @Test
    void newLinkAndNewStartEndTheFormer() {
        String former = code(running);
        String newer = code(running);
        assertThat(arrive(former).status()).isEqualTo(401);
        running.close();
        running = start("data", Map.of());
        nobody = client("data");
        Answer stale = arrive(newer);
        assertThat(stale.status()).isEqualTo(401);
        assertThat(stale.at("/detail")).isEqualTo(arrive("0".repeat(48)).at("/detail"));
        assertThat(arrive(code(running)).status()).isEqualTo(200);
    }

    @Test
    void nothingIsTakenWithoutALinkNorBeforeOneIsPrinted() {
        for (String code : List.of("", "null", "0".repeat(48))) {
            assertThat(arrive(code).status()).isEqualTo(401);
        }
        assertThat(String.join("\n", running.summary())).contains("Nobody is set up yet");
    }

    @Test
    void whoeverSetsUpFirstEndsTheLink() {
        String code = code(running);
        TestingClient operator = nobody.as(
                "Authorization",
                "Bearer "
                        + ControlFile.read(path.resolve("data"))
                                .orElseThrow()
                                .operator()
                                .reveal());
        assertThat(operator.post(
                                "/api/v1/setup",
                                "{'name':'First','subdomain':'first','ownerEmail':'first@example.com'}")
                        .status())
                .isEqualTo(201);
        Answer late = arrive(code);
        assertThat(late.status()).isEqualTo(409);
        assertThat(operator.get("/api/v1/organizations").items("/subdomain")).containsExactly("first");
    }

    @Test
    void ofTwoProcessesWhoeverIsFirstSetsUpForBoth() throws Exception {
        if (!TestingDatabase.onPostgres()) {
            return;
        }
        String here = code(running);
        String keyset = Files.readString(path.resolve("data/keyset.json"));
        try (RunningServer second = start("second", Map.of("KEYRACK_KEYSET", keyset))) {
            String there = code(second);
            assertThat(client("second").post("/api/v1/welcome", body(here, "")).status())
                    .as("a link is good in its own process")
                    .isEqualTo(401);
            assertThat(client("second").post("/api/v1/welcome", body(there, "")).status())
                    .isEqualTo(200);
            assertThat(arrive(here).status()).isEqualTo(409);
        }
    }

    @ParameterizedTest
    @CsvSource({"'',/code", "'organization',/organization", "'email',/email", "'name',/name", "'password',/password"})
    void whatIsMissingIsNamedAndTheLinkStaysGood(String field, String pointer) {
        String code = code(running);
        String full = body(code, "");
        String without = full.replaceFirst(field.isEmpty() ? "'code':'[^']*'," : ",'" + field + "':'[^']*'", "");
        Answer refused = nobody.post("/api/v1/welcome", without);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers()).contains(pointer);
        assertThat(arrive(code).status()).isEqualTo(200);
    }

    @Test
    void weakPasswordIsRefusedAndTheLinkStaysGood() {
        String code = code(running);
        for (String weak : List.of("short", "passwordpassword", "jane@example.com", "Acme Chat 2026")) {
            Answer refused = nobody.post("/api/v1/welcome", body(code, "").replace(People.PASSWORD, weak));
            assertThat(refused.status()).as(weak).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("/password");
        }
        assertThat(arrive(code).status()).isEqualTo(200);
    }

    @Test
    void subdomainIsProposedFromTheNameUnlessOneIsChosen() {
        String code = code(running);
        Answer none = nobody.post("/api/v1/welcome", body(code, "").replace("Acme Chat", "株式会社"));
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.pointers()).containsExactly("/subdomain");
        Answer bad = nobody.post("/api/v1/welcome", body(code, ",'subdomain':'-x'"));
        assertThat(bad.pointers()).containsExactly("/subdomain");
        Answer chosen = nobody.post(
                "/api/v1/welcome", body(code, ",'subdomain':'kaisha'").replace("Acme Chat", "株式会社"));
        assertThat(chosen.at("/organization/subdomain")).isEqualTo("kaisha");
    }
}
