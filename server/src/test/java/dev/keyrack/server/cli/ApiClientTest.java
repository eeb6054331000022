package dev.keyrack.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyrack.verifier.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Promise: a command whose answer is lost asks again, in a way that makes nothing twice. */
class ApiClientTest {
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final Queue<Integer> statuses = new ArrayDeque<>();
    private HttpServer server;
    private ApiClient api;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        api = new ApiClient(new Launcher.Target(url, url, Secret.of("secret")), null);
    }

    @AfterEach
    void stop() {
        api.close();
        server.stop(0);
    }

    /** A status of 0 means that the connection breaks instead of an answer. */
    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
        int status = statuses.remove();
        if (status == 0) {
            exchange.close();
            return;
        }
        if (status == 409) {
            exchange.getResponseHeaders().set("Retry-After", "1");
        }
        byte[] body = ("{\"detail\":\"status " + status + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String post() {
        return api.post("/api/v1/keys", ApiClient.JSON.createObjectNode())
                .at("/detail")
                .asString();
    }

    @Test
    void lostAnswerIsAskedForAgainUnderTheSameKey() {
        statuses.addAll(List.of(0, 409, 201, 201));
        assertThat(post()).isEqualTo("status 201");
        assertThat(keys).hasSize(3).containsOnly(keys.getFirst()).doesNotContain("null");
        post();
        assertThat(keys.getLast()).as("another call has another key").isNotEqualTo(keys.getFirst());
    }

    @Test
    void commandGivesUpAfterThreeAttempts() {
        statuses.addAll(List.of(0, 0, 0));
        assertThatThrownBy(this::post).hasMessageContaining("does not answer");
        assertThat(keys).hasSize(3);
    }

    @Test
    void refusalIsToldAtOnce() {
        statuses.add(422);
        assertThatThrownBy(this::post).hasMessageContaining("status 422");
        assertThat(keys).hasSize(1);
    }
}
