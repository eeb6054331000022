package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.Repeatable.Call;
import dev.keyrack.server.TestingServer.Made;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Promise: a creation or regeneration that is repeated with the same Idempotency-Key is carried out once, and answered the
 * same to the same caller and to nobody else.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class IdempotencyTest {
    private static final String HEADER = "Idempotency-Key";
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }

    static boolean replayed(Answer answer) {
        return answer.header("Idempotency-Replayed").equals("true");
    }

    private static ObjectNode withoutConfirmation(Answer answer) {
        return ((ObjectNode) answer.json()).without(List.of("confirmation"));
    }

    static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(replayed(answer)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void repeatedCallGetsTheSameAnswerAndChangesNothing(Repeatable repeatable) {
        Call call = repeatable.of(server);
        String key = fresh();
        Answer first = call.by(server.owner, key);
        assertThat(first.status()).as(first.text()).isIn(200, 201);
        assertThat(replayed(first)).isFalse();
        Map<String, List<List<Object>>> before = server.things();
        for (int i = 0; i < 3; i++) {
            Answer again = call.by(server.owner, key);
            assertThat(replayed(again)).isTrue();
            assertThat(again.status()).isEqualTo(first.status());
            assertThat(again.header("Location")).isEqualTo(first.header("Location"));
            assertThat(again.header("ETag")).isEqualTo(first.header("ETag")).isNotEmpty();
            assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
            assertThat(withoutConfirmation(again).toString())
                    .isEqualTo(withoutConfirmation(first).toString());
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void keyThatHasExpiredMeanwhileIsAnsweredAsBefore() {
        Instant end = Instant.now().plusSeconds(3);
        String body = "{'name':'Short','type':'server','projectId':'" + server.project + "','expiresAt':'" + end + "'}";
        Call call = new Call("/api/v1/keys", body);
        String key = fresh();
        Answer first = call.by(server.owner, key);
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        while (!server.code(first.at("/token")).equals("EXPIRED")) {
            LockSupport.parkNanos(50_000_000);
        }
        Answer again = call.by(server.owner, key);
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(replayed(again)).isTrue();
        assertThat(again.at("/token")).isEqualTo(first.at("/token"));
        Answer late = call.by(server.owner, fresh());
        assertRefused(late, 400, "invalid_request");
        assertThat(late.pointers()).containsExactly("/expiresAt");
    }

    @Test
    void everyCreationOfTheContractCanBeRepeated() {
        assertThat(Contract.creations())
                .isEqualTo(Contract.takers(HEADER))
                .containsExactlyInAnyOrder(
                        "/api/v1/keys",
                        "/api/v1/keys/{id}/regenerate",
                        "/api/v1/keys/{id}/identity-keys",
                        "/api/v1/projects",
                        "/api/v1/projects/{id}/assistant/entries",
                        "/api/v1/projects/{id}/assistant/webhook-secret",
                        "/api/v1/projects/{id}/chat/conversations",
                        "/api/v1/projects/{id}/chat/conversations/{conversation}/messages",
                        "/api/v1/organizations",
                        "/api/v1/invitations",
                        "/api/v1/setup",
                        "/api/v1/me/token");
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheHeaderEveryCallIsOneOfItsOwn(Repeatable repeatable) {
        Call call = repeatable.of(server);
        Answer first = server.owner.post(call.path(), call.body());
        Answer second = server.owner.post(call.path(), call.body());
        if (repeatable == Repeatable.CREATE_ORGANIZATION) {
            assertRefused(second, 409, "conflict");
        } else {
            assertThat(withoutConfirmation(second)).isNotEqualTo(withoutConfirmation(first));
        }
    }

    @Test
    void regenerationThatIsRepeatedIsConfirmedAgain() {
        Made made = server.make("web");
        String key = fresh();
        Call call = new Call(made.path() + "/regenerate", "{}");
        Answer first = server.owner.post(call.path(), call.body(), HEADER, key, "If-Match", "\"1\"");
        server.owner.delete(server.make("web").path());
        Answer again = server.owner.post(call.path(), call.body(), HEADER, key, "If-Match", "\"1\"");
        assertThat(again.at("/token")).isEqualTo(first.at("/token"));
        assertThat(again.json().at("/confirmation/sequence").asLong())
                .isGreaterThan(first.json().at("/confirmation/sequence").asLong());
        assertThat(server.code(first.at("/token"))).isEqualTo("VALID");
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
    }

    @ParameterizedTest
    // Those take no body that could be another.
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CREATE_IDENTITY_KEY", "START_CHAT", "REPLACE_WEBHOOK_SECRET"})
    void anotherBodyUnderTheSameKeyIsRefused(Repeatable repeatable) {
        Call call = repeatable.of(server);
        String key = fresh();
        Answer first = call.by(server.owner, key);
        Map<String, List<List<Object>>> before = server.things();
        String other = repeatable == Repeatable.REGENERATE_KEY
                ? "{}"
                : call.body()
                        .replace("'name':'", "'name':'Other ")
                        .replace("'email':'", "'email':'x")
                        .replace("'question':'", "'question':'Other ");
        assertRefused(server.owner.post(call.path(), other, HEADER, key), 422, "idempotency_key_reused");
        assertThat(server.things()).isEqualTo(before);
        assertThat(withoutConfirmation(call.by(server.owner, key))).isEqualTo(withoutConfirmation(first));
    }

    @Test
    void sameBodyMayBeWrittenInAnotherWay() {
        String key = fresh();
        Answer first = server.owner.post(
                "/api/v1/keys", "{'name':'é','type':'web','projectId':'" + server.project + "'}", HEADER, key);
        Answer again = server.owner.post(
                "/api/v1/keys",
                "{ 'projectId' : '" + server.project + "',\n'type':'web', 'name':'\\u00e9' }",
                HEADER,
                key);
        assertThat(replayed(again)).isTrue();
        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void callsAtOnceMakeOneKey() throws Exception {
        String key = fresh();
        String name = "Once " + key;
        List<Answer> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> calls = IntStream.range(0, 32)
                    .<Callable<Answer>>mapToObj(i -> () -> server.owner.post(
                            "/api/v1/keys",
                            "{'name':'" + name + "','type':'server','projectId':'" + server.project + "'}",
                            HEADER,
                            key))
                    .toList();
            answers = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        assertThat(answers.stream().filter(a -> a.status() == 201 && !replayed(a)))
                .hasSize(1);
        Set<String> bodies = answers.stream()
                .filter(a -> a.status() == 201)
                .map(Answer::text)
                .collect(Collectors.toSet());
        assertThat(bodies).hasSize(1);
        answers.stream().filter(a -> a.status() != 201).forEach(IdempotencyTest::assertStillRunning);
        assertThat(server.owner
                        .get("/api/v1/keys?search=" + TestingClient.encoded(name))
                        .items("/id"))
                .hasSize(1);
    }

    static void assertStillRunning(Answer answer) {
        assertRefused(answer, 409, "still_running");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void callThatIsUnderWayIsNotWaitedFor() throws Exception {
        Call call = Repeatable.CREATE_KEY.of(server);
        String key = fresh();
        try (TwoCalls two = TwoCalls.begin(server, () -> call.by(server.owner, key))) {
            assertStillRunning(two.refused());
            two.release();
            assertThat(two.waiting().status()).isEqualTo(201);
        }
        assertThat(replayed(call.by(server.owner, key))).isTrue();
    }

    @Test
    void sameKeyOfAnotherCallerIsAnotherCall() {
        String key = fresh();
        String body = "{'name':'Mine'}";
        Set<String> ids = new java.util.HashSet<>();
        for (TestingClient caller : List.of(server.owner, server.other)) {
            ids.add(caller.post("/api/v1/projects", body, HEADER, key).at("/project/id"));
        }
        for (String organization : List.of("acme", "other")) {
            Answer made =
                    server.operator.post("/api/v1/projects", body, HEADER, key, "Keyrack-Organization", organization);
            assertThat(replayed(made)).isFalse();
            ids.add(made.at("/project/id"));
        }
        assertThat(ids).hasSize(4);
    }

    @Test
    void sameKeyAtAnotherAddressIsAnotherCall() {
        String key = fresh();
        Made one = server.make("web");
        Made two = server.make("web");
        Answer first = new Call(one.path() + "/regenerate", "{}").by(server.owner, key);
        Answer second = new Call(two.path() + "/regenerate", "{}").by(server.owner, key);
        assertThat(replayed(second)).isFalse();
        assertThat(second.at("/key/id")).isNotEqualTo(first.at("/key/id"));
        assertThat(replayed(server.owner.post("/api/v1/projects", "{'name':'P'}", HEADER, key)))
                .isFalse();
    }

    @Test
    void sameTokenIsTheSameCallerHoweverItIsPresented() {
        String key = fresh();
        Answer first = server.owner.post("/api/v1/projects", "{'name':'P'}", HEADER, key);
        Answer again = server.nobody
                .as("Authorization", "Bearer " + server.ownerToken)
                .post("/api/v1/projects", "{'name':'P'}", HEADER, key);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(replayed(again)).isTrue();
    }

    @Test
    void callThatWasRefusedMayBeSentAgainUnderTheSameKey() {
        Made made = server.make("web");
        String key = fresh();
        String path = made.path() + "/regenerate";
        assertRefused(server.owner.post(path, "{}", HEADER, key, "If-Match", "\"7\""), 412, "precondition_failed");
        Answer second = server.owner.post(path, "{}", HEADER, key, "If-Match", "\"1\"");
        assertThat(second.status()).isEqualTo(200);
        assertThat(replayed(second)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00e9", "a\tb", "long"})
    void headerThatDoesNotFitIsRefusedTogetherWithTheBody(String bad) {
        String value = bad.equals("long") ? "k".repeat(256) : bad;
        Map<String, List<List<Object>>> before = server.things();
        String body = "{\"other\":1}";
        Answer answer = server.exchange("POST /api/v1/projects HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: "
                        + server.ownerToken + "\r\nContent-Type: application/json\r\nIdempotency-Key: " + value
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getFirst();
        assertRefused(answer, 400, "invalid_request");
        assertThat(answer.pointers()).containsExactly("/name", HEADER, "/other");
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void twoHeadersAreRefusedAndTheLongestOneIsTaken() {
        Map<String, List<List<Object>>> before = server.things();
        Answer two = server.owner.post("/api/v1/projects", "{'name':'P'}", HEADER, "a", HEADER, "a");
        assertRefused(two, 400, "invalid_request");
        assertThat(two.pointers()).containsExactly(HEADER);
        assertThat(server.things()).isEqualTo(before);
        String longest = "~ " + "k".repeat(252) + "!";
        assertThat(server.owner
                        .post("/api/v1/projects", "{'name':'P'}", HEADER, longest)
                        .status())
                .isEqualTo(201);
        assertThat(replayed(server.owner.post("/api/v1/projects", "{'name':'P'}", HEADER, longest)))
                .isTrue();
    }

    @Test
    void idempotencyKeyIsNeitherStoredNorLogged() {
        Call call = Repeatable.CREATE_KEY.of(server);
        String key = "sesame-" + fresh();
        call.by(server.owner, key);
        call.by(server.owner, key);
        server.owner.post(call.path(), "{}", HEADER, key);
        assertThat(server.log.text()).doesNotContain("sesame");
        assertThat(server.rows().toString()).doesNotContain("sesame");
    }
}
