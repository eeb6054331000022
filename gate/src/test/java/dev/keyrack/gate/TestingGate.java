package dev.keyrack.gate;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A gate that listens, with keys in every state, and the ways to ask it. */
final class TestingGate implements AutoCloseable {
    final TestingKeys keys;
    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final Gate gate;
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private TestingGate(GateSettings settings, TestingKeys keys) {
        this.keys = keys;
        this.gate = Gate.start(settings, keys.replica, keys.verifier, registry);
    }

    static GateSettings loopback() {
        return GateSettings.at("127.0.0.1", 0);
    }

    static TestingGate start() {
        return start(loopback());
    }

    static TestingGate start(GateSettings settings) {
        return new TestingGate(settings, new TestingKeys().load());
    }

    static TestingGate startEmpty() {
        return new TestingGate(loopback(), new TestingKeys());
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = to(path).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> verifyBody(String json, String... headers) {
        HttpRequest.Builder request = to("/v1/verify")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> verify(String token, String... headers) {
        return verifyBody("{\"token\":\"" + token + "\"}", headers);
    }

    HttpResponse<String> introspect(String form, String... headers) {
        HttpRequest.Builder request = to("/v1/introspect")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static String basic(String user, String token) {
        byte[] pair = (user + ":" + token).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gate.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends these bytes and returns everything that comes back until the gate closes the connection. */
    String exchange(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return readAll(socket.getInputStream());
        }
    }

    /** The same, telling the gate first that nothing more will come. */
    String exchangeAndEnd(String text) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return readAll(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String exchange(String text) throws IOException {
        return exchange(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads one answer without a body, or with one of a given length, from a connection that stays open. */
    static String readAnswer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        for (String line : head.toString().lines().toList()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                int length =
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
                head.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
            }
        }
        return head.toString();
    }

    @Override
    public void close() {
        client.close();
        gate.close();
    }
}
