package dev.keyrack.server.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.TokenFormat;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The samples as files: that they work as they were delivered, keep tokens out of logs, and pass WebSockets. */
final class SamplesTest {
    @ParameterizedTest
    @EnumSource
    void theSampleIsAcceptedUnchanged(Sample sample) throws Exception {
        Path folder = Gateway.folder();
        try {
            Ended ended = run(folder, sample.environment(folder), sample.check(folder, sample.file()));

            assertThat(ended.status()).as(ended.output()).isZero();
            assertThat(ended.output()).doesNotContain("[warn]", "\"warn\"", "deprecated");
        } finally {
            Gateway.delete(folder);
        }
    }

    @Test
    void theCaddyfileIsFormattedAsCaddyWantsIt() throws Exception {
        Path folder = Gateway.folder();
        try {
            Sample caddy = Sample.CADDY;
            Ended ended = run(
                    folder,
                    caddy.environment(folder),
                    List.of(caddy.program(), "fmt", caddy.file().toString()));

            assertThat(ended.output()).isEqualTo(caddy.text());
        } finally {
            Gateway.delete(folder);
        }
    }

    /** Good and bad tokens, in every place, in a path that works and in paths that make the gateway complain. */
    @ParameterizedTest
    @EnumSource
    void noTokenStandsInTheLogs(Sample sample) {
        String token = TokenFormat.mint("kr", "srv", new SecureRandom()).token().reveal();
        String basic = Visitor.basic("shop", token);
        try (FakeGate gate = new FakeGate();
                TestingBackEnd backEnd = new TestingBackEnd();
                Gateway gateway = Gateway.start(sample, gate.port(), backEnd.port());
                Visitor visitor = new Visitor(gateway)) {
            List<String> answers = new ArrayList<>(List.of(
                    FakeGate.YES,
                    FakeGate.answer("401 Unauthorized", "Keyrack-Code: REVOKED"),
                    FakeGate.answer("429 Too Many Requests", "Keyrack-Code: RATE_LIMITED"),
                    FakeGate.answer("500 Internal Server Error"),
                    "nonsense"));
            for (int round = 0; round < answers.size() + 2; round++) {
                if (round < answers.size()) {
                    gate.says(answers.get(round));
                } else if (round == answers.size()) {
                    gate.says(FakeGate.YES);
                    backEnd.stop();
                } else {
                    gate.stop();
                }
                visitor.get("/api/", "x-api-key", token);
                visitor.get("/api/", "Authorization", "Bearer " + token);
                visitor.get("/api/", "Authorization", basic);
                visitor.get("/api/", "x_api_key", token, "Keyrack-Verifier", token);
                visitor.rawStatus("/api/", "x-api-key: " + token + "\u0001");
                visitor.rawStatus("/api/", "x-api-key " + token);
                visitor.rawStatus("/api/", "x-api-key: " + token, "x-api-key: " + "x".repeat(40_000));
            }
            visitor.get("/the-last-request", "x-api-key", token);
            until(() -> gateway.logs().contains("/the-last-request"));

            assertThat(gateway.logs()).doesNotContain(token, basic.substring("Basic ".length()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aQueryDoesNotStandInTheAccessLog(Sample sample) {
        try (FakeGate gate = new FakeGate();
                TestingBackEnd backEnd = new TestingBackEnd();
                Gateway gateway = Gateway.start(sample, gate.port(), backEnd.port());
                Visitor visitor = new Visitor(gateway)) {
            visitor.get("/the-last-request?access_token=precious", "x-api-key", "some");
            until(() -> gateway.logs().contains("/the-last-request"));

            assertThat(gateway.logs()).doesNotContain("precious");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWebSocketIsOpenedWithAGoodTokenOnly(Sample sample) throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer echo = await(vertx.createHttpServer()
                .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                .listen(0, "127.0.0.1")
                .toCompletionStage());
        try (FakeGate gate = new FakeGate();
                Gateway gateway = Gateway.start(sample, gate.port(), echo.actualPort());
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            WebSocket socket = await(open(client, gateway, heard));
            await(socket.sendText("hello", true));
            assertThat(await(heard)).isEqualTo("hello");
            socket.abort();
            assertThat(gate.heads())
                    .hasSize(1)
                    .allSatisfy(head -> assertThat(head).doesNotContainIgnoringCase("upgrade"));

            gate.says(FakeGate.answer("401 Unauthorized", "Keyrack-Code: REVOKED"));
            assertThat(open(client, gateway, new CompletableFuture<>()))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("WebSocketHandshakeException");
        } finally {
            await(vertx.close().toCompletionStage());
        }
    }

    private static CompletableFuture<WebSocket> open(
            HttpClient client, Gateway gateway, CompletableFuture<String> heard) {
        return client.newWebSocketBuilder()
                .header("x-api-key", "some")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/api/live"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        heard.complete(data.toString());
                        return CompletableFuture.completedStage(null);
                    }
                });
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private record Ended(int status, String output) {}

    private static Ended run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
