package dev.keyrack.server.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.Networks;
import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.outbound.Outbound;
import dev.keyrack.server.outbound.Patience;
import dev.keyrack.server.outbound.TestingBackend;
import dev.keyrack.verifier.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends over HTTP are asked as documented; whatever they answer becomes text, or a failure that says what to do. */
class BackendsTest {
    private static final byte[] SIGNING_KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final Secret SECRET =
            Secret.of("whsec_" + Base64.getEncoder().encodeToString(SIGNING_KEY));
    private static final Secret API_KEY = Secret.of("sk-hunter2sesame");
    private static final Turn TURN = new Turn(
            "org_1",
            "prj_1",
            "cnv_1",
            "msg_1",
            "vis_1",
            null,
            "de",
            List.of(
                    new Said(Said.Author.VISITOR, "Hi"),
                    new Said(Said.Author.ASSISTANT, "Hello"),
                    new Said(Said.Author.VISITOR, "“Where” is\nmy order? 🙂")));

    private final List<AutoCloseable> open = new ArrayList<>();
    private BackendCall call = callWith(Patience.USUAL);

    private BackendCall callWith(Patience patience) {
        Outbound outbound = new Outbound(Networks.parse(List.of("127.0.0.0/8")), patience);
        open.add(outbound);
        return new BackendCall(outbound);
    }

    private TestingBackend backend(TestingBackend.Behaviour behaviour) {
        TestingBackend backend = new TestingBackend(behaviour);
        open.add(backend);
        return backend;
    }

    private TestingBackend saying(String type, String body) {
        return backend(line -> {
            line.say200(type);
            line.say(body);
        });
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private void webhook(TestingBackend backend, TestingReply reply) throws AssistantFailed {
        new WebhookBackend(call)
                .answer(backend.url("/answer"), List.of(SECRET), TURN, 1_790_000_000L, new CheckedReply(reply));
    }

    private String webhook(TestingBackend backend) throws AssistantFailed {
        TestingReply reply = new TestingReply();
        webhook(backend, reply);
        return reply.text();
    }

    private void model(TestingBackend backend, @Nullable Secret key, TestingReply reply) throws AssistantFailed {
        new ChatCompletionsBackend(call)
                .answer(
                        new AssistantSettings.OpenAi(backend.url("/v1"), "gpt", "Be brief.", 700L, "sealed"),
                        key,
                        TURN,
                        new CheckedReply(reply));
    }

    private String model(TestingBackend backend) throws AssistantFailed {
        TestingReply reply = new TestingReply();
        model(backend, API_KEY, reply);
        return reply.text();
    }

    private interface Asking {
        void ask() throws AssistantFailed;
    }

    private static AssistantFailed failed(Reason reason, Asking asking) {
        AssistantFailed failed =
                org.assertj.core.api.Assertions.catchThrowableOfType(AssistantFailed.class, asking::ask);
        assertThat(failed).isNotNull();
        assertThat(failed.reason()).as(failed.getMessage()).isEqualTo(reason);
        assertThat(failed).hasNoCause();
        assertThat(failed.getMessage()).doesNotContain("hunter2").endsWith(".");
        return failed;
    }

    @Test
    void webhookIsAskedWithASignatureThatAnybodyCanVerify() throws Exception {
        TestingBackend backend = saying("application/json", "{\"text\":\"On its way.\"}");

        assertThat(webhook(backend)).isEqualTo("On its way.");

        TestingBackend.Received received = backend.received();
        assertThat(received.start()).isEqualTo("POST /answer HTTP/1.1");
        assertThat(received.headers())
                .containsEntry("webhook-id", "msg_1")
                .containsEntry("webhook-timestamp", "1790000000")
                .containsEntry("accept", "text/event-stream, application/json");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SIGNING_KEY, "HmacSHA256"));
        String expected = Base64.getEncoder()
                .encodeToString(mac.doFinal(("msg_1.1790000000." + received.body()).getBytes(StandardCharsets.UTF_8)));
        assertThat(received.headers()).containsEntry("webhook-signature", "v1," + expected);
        assertThat(received.body())
                .isEqualTo(
                        "{\"conversationId\":\"cnv_1\",\"messageId\":\"msg_1\",\"projectId\":\"prj_1\",\"visitor\":{\"id\":"
                                + "\"vis_1\",\"customer\":null,\"locale\":\"de\"},\"messages\":[{\"author\":\"visitor\",\"text\":\"Hi\"},"
                                + "{\"author\":\"assistant\",\"text\":\"Hello\"},{\"author\":\"visitor\",\"text\":\"“Where” is\\nmy"
                                + " order? 🙂\"}]}");
    }

    @Test
    void webhookStreamsPieceByPiece() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        TestingBackend backend = backend(line -> {
            line.say200("text/event-stream; charset=utf-8");
            line.say("data: {\"text\":\"On \"}\n\n");
            read.await();
            line.say(": still here\n\ndata: {\"text\":\"its way.\"}\n\ndata: [DONE]\n\n");
        });
        TestingReply reply = new TestingReply();
        CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> {
            try {
                webhook(backend, reply);
            } catch (AssistantFailed e) {
                throw new AssertionError(e);
            }
        });
        // The rest is said only when the first piece has arrived: whoever buffers waits for ever.
        reply.awaitFirst();
        assertThat(reply.pieces).containsExactly("On ");
        read.countDown();
        asked.get();

        assertThat(reply.pieces).containsExactly("On ", "its way.");
    }

    @Test
    void modelIsAskedInTheChatCompletionsProtocol() throws Exception {
        TestingBackend backend = saying("text/event-stream", """
                data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"content":"On "},"finish_reason":null}]}

                : comment

                data: {"choices":[{"index":0,"delta":{"content":"its way."},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: {"choices":[],"usage":{"total_tokens":3}}

                data: [DONE]

                """);
        TestingReply reply = new TestingReply();
        model(backend, API_KEY, reply);

        assertThat(reply.pieces).containsExactly("On ", "its way.");
        TestingBackend.Received received = backend.received();
        assertThat(received.start()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
        assertThat(received.headers()).containsEntry("authorization", "Bearer sk-hunter2sesame");
        assertThat(received.body())
                .isEqualTo("{\"model\":\"gpt\",\"stream\":true,\"temperature\":0.7,\"messages\":[{\"role\":\"system\","
                        + "\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\","
                        + "\"content\":\"Hello\"},{\"role\":\"user\",\"content\":\"“Where” is\\nmy order? 🙂\"}]}");
    }

    @Test
    void modelWithoutKeyIsAskedWithoutOne() throws Exception {
        TestingBackend backend = saying("application/json", "{\"choices\":[{\"message\":{\"content\":\"Whole.\"}}]}");
        TestingReply reply = new TestingReply();
        model(backend, null, reply);

        assertThat(reply.text()).isEqualTo("Whole.");
        assertThat(backend.received().headers()).doesNotContainKey("authorization");
    }

    @Test
    void streamCutAtEveryByteReadsTheSame() throws Exception {
        byte[] events = "data: {\"choices\":[{\"delta\":{\"content\":\"Grüß 🙂\"}}]}\r\n\r\ndata: [DONE]\n\n"
                .getBytes(StandardCharsets.UTF_8);
        TestingBackend backend = backend(line -> {
            line.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (byte b : events) {
                line.chunk(new byte[] {b});
            }
            line.say("0\r\n\r\n");
        });

        assertThat(model(backend)).isEqualTo("Grüß 🙂");
    }

    @Test
    void endIsBelievedWithoutDoneWhereTheModelSaysThatItFinished() throws Exception {
        assertThat(model(saying(
                        "text/event-stream",
                        "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n")))
                .isEqualTo("x");
    }

    @Test
    void errorInTheMiddleOfAStreamFailsAndKeepsWhatWasSaid() {
        TestingBackend backend = saying(
                "text/event-stream",
                "data: {\"choices\":[{\"delta\":{\"content\":\"Half\"}}]}\n\n"
                        + "data: {\"error\":{\"message\":\"overloaded\\u202e\\n sk-hunter2sesame\",\"type\":\"x\"}}\n\n");
        TestingReply reply = new TestingReply();

        assertThat(failed(Reason.REFUSED, () -> model(backend, API_KEY, reply)))
                .hasMessage("It answered with an error: “overloaded …”.");
        assertThat(reply.text()).isEqualTo("Half");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream|data: {\"text\":\"x\"}/n/n",
                "text/event-stream|data: {\"text\":\"x\"}/n/ndata: [DONE]",
                "text/event-stream|data: {\"text\":1}/n/ndata: [DONE]/n/n",
                "text/event-stream|data: no JSON/n/n",
                "text/event-stream|data: [DONE]/n/n",
                "text/event-stream|''",
                "application/json|''",
                "application/json|{\"text\":",
                "application/json|{\"text\":\"x\"",
                "application/json|{\"text\":\"\"}",
                "application/json|{\"text\":null}",
                "application/json|[\"text\"]",
                "application/json|\"text\"",
                "text/html|<h1>It works</h1>",
                "application/octet-stream|{\"text\":\"x\"}",
                "not a type|{\"text\":\"x\"}"
            })
    void answerThatCannotBeReadFails(String type, String written) {
        String body = written.replace("/n", "\n");
        failed(Reason.UNREADABLE, () -> webhook(saying(type, body)));
        failed(Reason.UNREADABLE, () -> model(saying(type, body)));
    }

    @Test
    void deepAndLongAnswersFail() {
        String deep = "[".repeat(100_000);
        failed(Reason.UNREADABLE, () -> webhook(saying("application/json", deep)));
        String much = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
        failed(Reason.UNREADABLE, () -> webhook(saying("application/json", much)));
        failed(Reason.UNREADABLE, () -> webhook(saying("application/json", " ".repeat(2 << 20) + much)));
        byte[] piece = "data: {\"text\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}\n\n"
                .getBytes(StandardCharsets.UTF_8);
        TestingBackend endless = backend(line -> {
            line.say200("text/event-stream");
            while (true) {
                line.say(piece);
            }
        });
        TestingReply reply = new TestingReply();
        failed(Reason.UNREADABLE, () -> webhook(endless, reply));
        assertThat(reply.text().length()).isBetween(65_000, Reply.MAX_BYTES);
    }

    /** The end of a chunked answer may come late, or never: what was said is said. */
    @Test
    void answerThatSaidItsEndIsWholeThoughItsLastChunkIsHeldBack() throws Exception {
        String head = "HTTP/1.1 %s\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n";
        TestingBackend ended = backend(line -> {
            line.say(head.formatted("200 OK", "text/event-stream"));
            line.chunk("data: {\"text\":\"hello\"}\n\ndata: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            line.awaitHangUp();
        });
        assertThat(webhook(ended)).isEqualTo("hello");
        TestingBackend refusing = backend(line -> {
            line.say(head.formatted("401 Unauthorized", "application/json"));
            line.chunk("{}".getBytes(StandardCharsets.UTF_8));
            line.awaitHangUp();
        });
        assertThat(failed(Reason.REFUSED, () -> webhook(refusing))).hasMessageContaining("status 401");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 400, 401, 403, 404, 429, 500, 503})
    void otherStatusThan200Fails(int status) {
        String head = "HTTP/1.1 " + status + " x\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
        TestingBackend backend =
                backend(line -> line.say(head + "{\"error\":{\"message\":\"Incorrect key sk-hunter2sesame\"}}"));

        assertThat(failed(Reason.REFUSED, () -> webhook(backend))).hasMessageContaining("status " + status);
        AssistantFailed model = failed(Reason.REFUSED, () -> model(backend));
        if (status != 204) {
            assertThat(model).hasMessageContaining("status " + status + ": “Incorrect key …”.");
        }
    }

    @Test
    void redirectFailsAndSaysSo() {
        TestingBackend hidden = saying("application/json", "{\"text\":\"x\"}");
        TestingBackend backend = backend(
                line -> line.say("HTTP/1.1 307 x\r\nLocation: " + hidden.url("/") + "\r\nContent-Length: 0\r\n\r\n"));

        assertThat(failed(Reason.REFUSED, () -> webhook(backend))).hasMessageContaining("redirect");
        assertThat(hidden.connections()).isZero();
    }

    @Test
    void silentBackendTimesOut() throws Exception {
        call = callWith(new Patience(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(30)));
        TestingBackend silent = backend(TestingBackend.Line::awaitHangUp);

        failed(Reason.TIMED_OUT, () -> webhook(silent));
        assertThat(silent.sawHangUp()).isTrue();
    }

    @Test
    void backendThatIsNotThereOrMustNotBeCalledSaysSo() {
        TestingBackend gone = saying("application/json", "{}");
        gone.close();
        failed(Reason.UNREACHABLE, () -> webhook(gone));
        failed(
                Reason.ADDRESS_REFUSED,
                () -> new WebhookBackend(call)
                        .answer("http://10.0.0.1/", List.of(SECRET), TURN, 1, new CheckedReply(new TestingReply())));
    }

    @Test
    void cancellationClosesTheConnectionAndIsNoFailure() throws Exception {
        TestingBackend backend = backend(line -> {
            line.say200("text/event-stream");
            line.say("data: {\"text\":\"x\"}\n\n");
            line.awaitHangUp();
        });
        TestingReply reply = new TestingReply();
        CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> {
            try {
                webhook(backend, reply);
            } catch (AssistantFailed e) {
                throw new AssertionError(e);
            }
        });
        reply.awaitFirst();
        reply.cancel();

        assertThat(backend.sawHangUp()).isTrue();
        asked.get();
        assertThat(reply.text()).isEqualTo("x");
    }

    @Test
    void whatNoStoreOrPageCanHoldDoesNotPass() throws AssistantFailed {
        assertThat(webhook(saying("application/json", "{\"text\":\"a\\u0000b\\ud83dc\\ude00d\\ud83d\"}")))
                .isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFD");
        assertThat(webhook(saying(
                        "text/event-stream",
                        "data: {\"text\":\"\\ud83d\"}\n\ndata: {\"text\":\"\\ude42\"}\n\ndata: [DONE]\n\n")))
                .isEqualTo("🙂");
        byte[] noUtf8 = "{\"text\":\"a?b\"}".getBytes(StandardCharsets.UTF_8);
        noUtf8[10] = (byte) 0xff;
        assertThat(webhook(backend(line -> {
                    line.say200("application/json");
                    line.say(noUtf8);
                })))
                .isEqualTo("a\uFFFDb");
    }

    /** Many models refuse two messages of one author in a row, and a conversation that they began. */
    @Test
    void modelIsToldTurnsThatAlternateFromTheVisitorOn() throws Exception {
        TestingBackend backend = saying("application/json", "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}");
        Turn turn = new Turn(
                "org_1",
                "prj_1",
                "cnv_1",
                "msg_1",
                "vis_1",
                null,
                null,
                List.of(
                        new Said(Said.Author.ASSISTANT, "to what is not told any more"),
                        new Said(Said.Author.VISITOR, "one"),
                        new Said(Said.Author.VISITOR, "two"),
                        new Said(Said.Author.ASSISTANT, "three"),
                        new Said(Said.Author.VISITOR, "four")));
        new ChatCompletionsBackend(call)
                .answer(
                        new AssistantSettings.OpenAi(backend.url("/v1"), "gpt", "", null, null),
                        null,
                        turn,
                        new CheckedReply(new TestingReply()));

        assertThat(backend.received().body())
                .isEqualTo("{\"model\":\"gpt\",\"stream\":true,\"messages\":["
                        + "{\"role\":\"user\",\"content\":\"one\\n\\ntwo\"},"
                        + "{\"role\":\"assistant\",\"content\":\"three\"},"
                        + "{\"role\":\"user\",\"content\":\"four\"}]}");
    }
}
