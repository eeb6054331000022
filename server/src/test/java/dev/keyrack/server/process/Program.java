package dev.keyrack.server.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How to call the program: where, with which settings, and under which other program.
 *
 * @param home the folder that it is called in; the data folder is {@code data} in it unless the settings say otherwise
 * @param output where what it prints is kept
 * @param under a command that the program is started by, with the restrictions of a test
 */
record Program(Path home, Path output, Map<String, String> environment, List<String> under) {
    static final String MAIN = "dev.keyrack.server.app.Keyrack";

    /** What a command that has ended did. */
    record Result(int status, String out, String err) {}

    /** In a new folder of its own, on free ports. */
    static Program in(Path folder) throws IOException {
        return new Program(
                Files.createDirectories(folder.resolve("home")),
                Files.createDirectories(folder.resolve("output")),
                Map.of("KEYRACK_PORT", "0", "KEYRACK_GATE_PORT", "0", "KEYRACK_LOG", "json"),
                List.of());
    }

    Program with(String name, String value) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put(name, value);
        return new Program(home, output, all, under);
    }

    Program without(String name) {
        Map<String, String> all = new TreeMap<>(environment);
        all.remove(name);
        return new Program(home, output, all, under);
    }

    Program under(List<String> command) {
        return new Program(home, output, environment, command);
    }

    Path data() {
        return home.resolve(environment.getOrDefault("KEYRACK_DATA", "data"));
    }

    /** Runs a command to its end. */
    Result run(String... arguments) throws Exception {
        return runReading("", arguments);
    }

    Result runReading(String input, String... arguments) throws Exception {
        Path out = Files.createTempFile(output, "out", "");
        Path err = Files.createTempFile(output, "err", "");
        Process process = start(out, err, arguments);
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading its input: whether that is right is told by its status.
        }
        try {
            if (!process.waitFor(Wait.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(String.join(" ", arguments) + " does not end; it printed\n"
                        + Files.readString(out) + Files.readString(err));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Starts to serve; returns at once. */
    KeyrackProcess start() throws IOException {
        return start("serve");
    }

    /** Starts a command that goes on until it is stopped. */
    KeyrackProcess start(String command) throws IOException {
        Path out = Files.createTempFile(output, "out", "");
        Path err = Files.createTempFile(output, "err", "");
        return new KeyrackProcess(start(out, err, command), data(), out, err);
    }

    /** Starts to serve, and returns when both planes are ready. */
    KeyrackProcess serve() throws Exception {
        return ready(start());
    }

    /** Starts a gate alone; returns at once. */
    GateProcess startGate() throws IOException {
        Path out = Files.createTempFile(output, "out", "");
        Path err = Files.createTempFile(output, "err", "");
        return new GateProcess(start(out, err, "gate"), out, err);
    }

    /** Starts a gate alone, and returns when it is ready. */
    GateProcess gate() throws Exception {
        return ready(startGate());
    }

    private static <P extends GateProcess> P ready(P process) throws Exception {
        try {
            process.awaitReady();
            return process;
        } catch (Exception | Error e) {
            process.close();
            throw e;
        }
    }

    private Process start(Path out, Path err, String... arguments) throws IOException {
        ProgramFiles files = ProgramFiles.get();
        List<String> command = new ArrayList<>(under);
        command.add(ProgramFiles.java());
        command.addAll(ProgramFiles.FLAGS);
        command.addAll(List.of(
                "-XX:AOTCache=" + files.cacheFor(arguments.length == 0 ? "" : arguments[0]),
                "-Xlog:aot=off",
                "-Xlog:cds=off"));
        command.addAll(List.of("-cp", files.classPath(), MAIN));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("KEYRACK_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
