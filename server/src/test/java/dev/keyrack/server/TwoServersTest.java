package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.engines.TestingPostgres;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Promise: two processes on one database behave as one: what is decided in one holds in the other. */
@TestInstance(Lifecycle.PER_CLASS)
class TwoServersTest {
    private static final int ROUNDS = 15;

    @TempDir
    static Path path;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService callers = Executors.newFixedThreadPool(2);
    private TestingServer first;
    private RunningServer second;

    /** The first organization's owner, through the one and the other process. */
    private List<TestingClient> owners;

    @BeforeAll
    void start() throws Exception {
        TestingDatabase database = TestingDatabase.on(TestingPostgres.shared());
        first = TestingServer.start(Map.of(), folder -> database);
        second = another(path.resolve("second"), database, Files.readString(first.data.resolve("keyset.json")));
        owners = List.of(first.owner, client(path.resolve("second")).as("x-api-key", first.ownerToken));
    }

    @AfterAll
    void stop() {
        callers.close();
        second.close();
        first.close();
        http.close();
    }

    private static RunningServer another(Path data, TestingDatabase database, String keyset) {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.putAll(Map.of(
                "KEYRACK_DATA",
                data.toString(),
                "KEYRACK_KEYSET",
                keyset,
                "KEYRACK_PORT",
                "0",
                "KEYRACK_GATE_PORT",
                "0"));
        return RunningServer.start(SettingsReader.read(data.resolve("none.yaml"), settings), "test");
    }

    private TestingClient client(Path data) {
        return new TestingClient(http, ControlFile.read(data).orElseThrow().url(), Contract.THE, answer -> {});
    }

    private interface Call {
        Answer through(TestingClient client);
    }

    /** Both calls at once, each through a process of its own. */
    private List<Answer> atOnce(List<TestingClient> clients, Call one, Call other) throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<Callable<Answer>> calls = List.of(
                () -> {
                    together.await();
                    return one.through(clients.get(0));
                },
                () -> {
                    together.await();
                    return other.through(clients.get(1));
                });
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> answer : callers.invokeAll(calls)) {
            answers.add(answer.get());
        }
        return answers;
    }

    private static List<Integer> statuses(List<Answer> answers) {
        return answers.stream().map(Answer::status).sorted().toList();
    }

    @Test
    void ofTwoChangesToOneVersionOneIsRefused() throws Exception {
        TestingServer.Made key = first.make("server");
        for (int round = 1; round <= ROUNDS; round++) {
            String version = first.owner.get(key.path()).header("ETag");
            String name = "Name " + round;
            List<Answer> answers = atOnce(
                    owners,
                    c -> c.patch(key.path(), "{'name':'" + name + " a'}", "If-Match", version),
                    c -> c.patch(key.path(), "{'name':'" + name + " b'}", "If-Match", version));
            assertThat(statuses(answers)).containsExactly(200, 412);
        }
    }

    @Test
    void revokedKeyStaysRevokedWhateverIsDoneAtTheSameMoment() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            TestingServer.Made key = first.make("server");
            String change = List.of("/disable", "/enable", "/regenerate").get(round % 3);
            List<Answer> answers = atOnce(owners, c -> c.delete(key.path()), c -> c.post(key.path() + change, "{}"));
            assertThat(answers.getFirst().status()).isEqualTo(200);
            assertThat(answers.getLast().status()).isIn(200, 409);
            assertThat(owners.getLast().get(key.path()).at("/key/state")).isEqualTo("revoked");
            assertThat(first.code(key.token())).isEqualTo("REVOKED");
        }
    }

    @Test
    void keyOfADeletedOrganizationIsGoodAtNoNodeOnceTheCallHasReturned() {
        TestingClient gate = new TestingClient(
                http, ControlFile.read(path.resolve("second")).orElseThrow().gateUrl(), Contract.THE, answer -> {});
        TestingServer.Made theirs = first.makeOther();
        String organization = "/api/v1/organizations/" + first.otherOrganization;
        String asked = "{'token':'" + theirs.token() + "'}";
        for (int round = 1; round <= ROUNDS; round++) {
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!gate.post("/v1/verify", asked).at("/code").equals("VALID")) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            Answer deleted = first.owner.delete(organization);
            String code = gate.post("/v1/verify", asked).at("/code");
            assertThat(deleted.json().at("/confirmation/confirmedBy").size())
                    .as(deleted.text())
                    .isEqualTo(2);
            assertThat(code).isEqualTo("SUSPENDED");
            assertThat(first.code(theirs.token())).isEqualTo("SUSPENDED");
            first.owner.post(organization + "/resume");
        }
    }

    @Test
    void ofTwoOrganizationsWithOneSubdomainOneIsMade() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String body = "{'name':'Twin','subdomain':'twin-" + round + "','ownerEmail':'twin@example.com'}";
            List<Answer> answers = atOnce(
                    owners, c -> c.post("/api/v1/organizations", body), c -> c.post("/api/v1/organizations", body));
            assertThat(statuses(answers)).containsExactly(201, 409);
        }
    }

    /** Nothing but the Idempotency-Key keeps two projects of one name apart; keys also wait for their project. */
    @Test
    void sameCallThroughBothUnderOneIdempotencyKeyIsCarriedOutOnce() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String name = "Once " + round;
            String key = "{'name':'" + name + "','type':'server','projectId':'" + first.project + "'}";
            assertMadeOnce(name, "/api/v1/projects", "{'name':'" + name + "'}");
            Answer made = assertMadeOnce(name, "/api/v1/keys", key);
            assertThat(first.code(made.at("/token"))).isEqualTo("VALID");
        }
    }

    /** Each process knows its own calls only: the second one waits for the first one's change, and gives its answer. */
    private Answer assertMadeOnce(String name, String path, String body) throws Exception {
        Call call = c -> c.post(path, body, "Idempotency-Key", name);
        List<Answer> answers = atOnce(owners, call, call);
        assertThat(statuses(answers)).containsExactly(201, 201);
        assertThat(answers.getFirst().text()).isEqualTo(answers.getLast().text());
        assertThat(answers.stream().filter(IdempotencyTest::replayed)).hasSize(1);
        assertThat(first.owner
                        .get(path + "?search=" + TestingClient.encoded(name))
                        .items("/name"))
                .containsOnlyOnce(name);
        return answers.getLast();
    }

    @Test
    void oneTokenIsRegeneratedThroughBothUnderOneIdempotencyKey() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            TestingServer.Made key = first.make("server");
            Call call = c -> c.post(key.path() + "/regenerate", "{}", "Idempotency-Key", key.id());
            List<Answer> answers = atOnce(owners, call, call);
            assertThat(statuses(answers)).containsExactly(200, 200);
            assertThat(answers.getFirst().at("/token"))
                    .isEqualTo(answers.getLast().at("/token"));
            assertThat(first.owner.get(key.path()).header("ETag"))
                    .as("its version")
                    .isEqualTo("\"2\"");
        }
    }

    @Test
    void bothWriteOneAuditTrail() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String name = "{'name':'Project " + round + "'}";
            assertThat(statuses(atOnce(
                            owners, c -> c.post("/api/v1/projects", name), c -> c.post("/api/v1/projects", name))))
                    .containsExactly(201, 201);
        }
        for (TestingClient owner : owners) {
            Answer report = owner.send("POST", "/api/v1/audit/verify", "application/x-ndjson", new byte[0]);
            assertThat(report.at("/whole")).as(report.text()).isEqualTo("true");
            assertThat(report.json().at("/events").asInt()).isGreaterThan(2 * ROUNDS);
        }
    }

    @Test
    void installationIsSetUpOnce() throws Exception {
        TestingPostgres server = TestingPostgres.shared();
        try (TestingDatabase empty = TestingDatabase.on(server)) {
            String keyset = Files.readString(first.data.resolve("keyset.json"));
            try (RunningServer one = another(path.resolve("one"), empty, keyset);
                    RunningServer two = another(path.resolve("two"), empty, keyset)) {
                List<TestingClient> operators = new ArrayList<>();
                for (String name : List.of("one", "two")) {
                    String secret = ControlFile.read(path.resolve(name))
                            .orElseThrow()
                            .operator()
                            .reveal();
                    operators.add(client(path.resolve(name)).as("Authorization", "Bearer " + secret));
                }
                List<Answer> answers = atOnce(
                        operators,
                        c -> c.post("/api/v1/setup", "{'name':'A','subdomain':'aaa','ownerEmail':'a@example.com'}"),
                        c -> c.post("/api/v1/setup", "{'name':'B','subdomain':'bbb','ownerEmail':'b@example.com'}"));
                assertThat(statuses(answers)).containsExactly(201, 409);
            }
        }
    }
}
