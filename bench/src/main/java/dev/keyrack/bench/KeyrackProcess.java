package dev.keyrack.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built program in a process of its own, as {@code ./keyrack serve} or {@code ./keyrack gate} runs it. */
final class KeyrackProcess implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("keyrack.root", "."));
    private static final String DATABASE = "KEYRACK_DATABASE_URL";
    private static final long SECONDS_TO_START = 120;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path data;
    private final int port;
    private final int gatePort;
    private final long startedAt;

    private KeyrackProcess(Process process, Path data, int port, int gatePort, long startedAt) {
        this.process = process;
        this.data = data;
        this.port = port;
        this.gatePort = gatePort;
        this.startedAt = startedAt;
    }

    /** Starts it on the embedded store, without waiting for anything. */
    static KeyrackProcess launch(Path data, List<String> options) throws IOException {
        return launch("serve", data, Map.of(), options);
    }

    /** Starts a gate on a PostgreSQL database, without waiting for anything. */
    static KeyrackProcess launchGate(Path data, String database, List<String> options) throws IOException {
        return launch("gate", data, Map.of(DATABASE, database), options);
    }

    private static KeyrackProcess launch(String task, Path data, Map<String, String> settings, List<String> options)
            throws IOException {
        int port = freePort();
        int gatePort = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Java.OPTIONS);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(options);
        command.addAll(List.of(
                "-jar", ROOT.resolve("server/target/keyrack-server-0.1.0.jar").toString(), task));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("KEYRACK_"));
        builder.environment()
                .putAll(Map.of(
                        "KEYRACK_DATA",
                        data.toString(),
                        "KEYRACK_PORT",
                        String.valueOf(port),
                        "KEYRACK_GATE_PORT",
                        String.valueOf(gatePort)));
        builder.environment().putAll(settings);
        long startedAt = System.nanoTime();
        return new KeyrackProcess(builder.start(), data, port, gatePort, startedAt);
    }

    static KeyrackProcess start(Path data, List<String> options) throws IOException, InterruptedException {
        return ready(launch(data, options));
    }

    /** Serves on a PostgreSQL database. */
    static KeyrackProcess start(Path data, String database) throws IOException, InterruptedException {
        return ready(launch("serve", data, Map.of(DATABASE, database), List.of()));
    }

    /** Serves on the embedded store with further settings. */
    static KeyrackProcess start(Path data, Map<String, String> settings, List<String> options)
            throws IOException, InterruptedException {
        return ready(launch("serve", data, settings, options));
    }

    private static KeyrackProcess ready(KeyrackProcess started) throws IOException, InterruptedException {
        while (!started.says(started.port, "/health/ready")) {
            started.pause();
        }
        return started;
    }

    /** Waits until this token is good, and returns the nanoseconds since the start. */
    long untilVerified(String token) throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gatePort + "/v1/authorize"))
                .header("x-api-key", token)
                .build();
        while (true) {
            try {
                if (http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 204) {
                    return System.nanoTime() - startedAt;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            pause();
        }
    }

    /** Sets an empty store up, and returns the owner's personal token. */
    String setUp() throws IOException, InterruptedException {
        JsonNode control = JsonMapper.shared().readTree(Files.readString(data.resolve("control.json")));
        return post(
                        "/api/v1/setup",
                        "{\"name\":\"Bench\",\"subdomain\":\"bench\",\"ownerEmail\":\"owner@example.com\"}",
                        control.get("operator").stringValue())
                .get("token")
                .stringValue();
    }

    /** Where the control plane is. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    JsonNode post(String path, String body, String token) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    JsonNode patch(String path, String body, String token) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Bytes of memory that the process takes now. */
    long memory() throws IOException {
        return status("VmRSS:");
    }

    /** Bytes of memory that it took at most. */
    long peakMemory() throws IOException {
        return status("VmHWM:");
    }

    private long status(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("/proc does not tell the memory of the process");
    }

    /** Processor time that it took so far. */
    long processorMillis() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    JsonNode get(String path, String token) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .build());
    }

    private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(request.method() + " " + request.uri().getPath() + " was answered "
                    + answer.statusCode() + ": " + answer.body());
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    private boolean says(int at, String path) throws InterruptedException {
        try {
            URI uri = URI.create("http://127.0.0.1:" + at + path);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void pause() throws IOException, InterruptedException {
        if (System.nanoTime() - startedAt > TimeUnit.SECONDS.toNanos(SECONDS_TO_START)) {
            throw new IOException("Keyrack did not start within " + SECONDS_TO_START + " s");
        }
        if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
            throw new IOException("Keyrack ended by itself, with " + process.exitValue());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        http.close();
    }
}
