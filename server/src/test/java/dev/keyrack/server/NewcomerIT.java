package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer is told to type works as it is written: the README's quick start, and what the demo prints. */
class NewcomerIT {
    private static final Path ROOT = Path.of(System.getProperty("keyrack.root"));
    private static final Pattern COMMANDS = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private int port;
    private int gatePort;

    @BeforeEach
    void theProgramIsBuilt() throws IOException {
        Path jar = ROOT.resolve("server/target/keyrack-server-0.1.0.jar");
        assertThat(jar).exists();
        // What was just built is up to date, also where Maven found nothing to do: `start` must not build it again.
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
        port = freePort();
        gatePort = freePort();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theReadmesQuickStartWorksAsItIsWritten() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String quickStart = readme.substring(readme.indexOf("## Quick start"), readme.indexOf("## Put it before"));
        List<String> commands = COMMANDS.matcher(quickStart)
                .results()
                .map(found -> found.group(1).strip())
                .toList();
        assertThat(commands).hasSize(7);

        String start = serve(commands.get(0), "Nobody is set up yet");
        assertThat(start).contains("Control plane", "Data plane", "Trust", "Back up these two", "./keyrack setup");

        String setup = run(commands.get(1));
        assertThat(setup).contains("kr_pat_");
        String created = run(commands.get(2));
        String token = word(created, "kr_web_[0-9A-Za-z]+");
        String id = token.substring("kr_web_".length(), "kr_web_".length() + 11);

        assertThat(run(commands.get(3).replace("TOKEN", token))).contains("\"code\":\"VALID\"");
        assertThat(run(commands.get(4).replace("TOKEN", token))).contains(" 204 ");
        assertThat(run(commands.get(5).replace("ID", id))).contains("Revoked " + id);
        assertThat(run(commands.get(6).replace("TOKEN", token))).contains("\"code\":\"REVOKED\"");

        String listing = readme.substring(readme.indexOf("## The management API"));
        Matcher list = COMMANDS.matcher(listing);
        assertThat(list.find()).isTrue();
        String personal = word(setup, "kr_pat_[0-9A-Za-z]+");
        assertThat(run(list.group(1).strip().replace("PERSONAL_TOKEN", personal)))
                .contains("\"id\":\"" + id + "\"");
    }

    @Test
    void whatTheDemoPrintsCanBePasted() throws Exception {
        String printed = serve("./keyrack demo", "Ctrl C stops it");

        List<String> commands =
                printed.lines().filter(l -> l.startsWith("curl ")).toList();
        assertThat(commands).hasSize(4);
        assertThat(run(commands.get(0))).contains("\"code\":\"VALID\"");
        assertThat(run(commands.get(1))).contains(" 204 ");
        assertThat(run(commands.get(2))).contains("\"state\":\"revoked\"", "\"confirmedBy\"");
        assertThat(run(commands.get(3))).contains("\"code\":\"REVOKED\"");
        for (String type : List.of("web", "mob", "ana", "srv")) {
            assertThat(printed).contains("kr_" + type + "_");
        }
        String shop = printed.lines()
                .dropWhile(line -> !line.startsWith("A shop"))
                .skip(1)
                .findFirst()
                .orElseThrow()
                .strip();
        String page = run("curl -s " + shop);
        assertThat(page).contains("<keyrack-assistant api-key=\"kr_web_");
        Matcher script =
                Pattern.compile("src=\"(http[^\"]+/assistant/v1\\.js)\"").matcher(page);
        assertThat(script.find()).isTrue();
        assertThat(run("curl -s " + script.group(1))).contains("keyrack-assistant");
        assertThat(run("curl -s " + shop + "options")).contains("Kiln & Clay");
    }

    @Test
    void aSecondStartBuildsNothing() throws Exception {
        serve("./keyrack start", "is running");
        stop();
        started.clear();
        Path jar = ROOT.resolve("server/target/keyrack-server-0.1.0.jar");
        FileTime built = Files.getLastModifiedTime(jar);

        serve("./keyrack start", "is running");

        assertThat(Files.getLastModifiedTime(jar)).isEqualTo(built);
        assertThat(Files.readString(folder.resolve("errors"))).doesNotContain("Building");
    }

    /** Runs a command that goes on, until it has printed this; returns all that it printed so far. */
    private String serve(String command, String until) throws Exception {
        Path output = folder.resolve("output");
        Files.deleteIfExists(output);
        Process process = shell(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        started.add(process);
        Instant deadline = Instant.now().plus(Duration.ofMinutes(3));
        while (Instant.now().isBefore(deadline) && process.isAlive()) {
            String printed = Files.readString(output);
            if (printed.contains(until)) {
                return printed;
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError(command + " did not say '" + until + "':\n" + Files.readString(output) + "\n"
                + Files.readString(folder.resolve("errors")));
    }

    private String run(String command) throws Exception {
        Process process = shell(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    /** A new user's shell in the project's folder, but for free ports and a folder of its own. */
    private ProcessBuilder shell(String command) {
        String line = command.replace("127.0.0.1:8080", "127.0.0.1:" + port)
                .replace("127.0.0.1:8081", "127.0.0.1:" + gatePort);
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", "exec " + line).directory(ROOT.toFile());
        if (line.contains(";")) {
            shell.command("bash", "-c", line);
        }
        shell.environment().keySet().removeIf(name -> name.startsWith("KEYRACK_"));
        shell.environment().put("KEYRACK_DATA", folder.resolve("data").toString());
        shell.environment().put("KEYRACK_PORT", String.valueOf(port));
        shell.environment().put("KEYRACK_GATE_PORT", String.valueOf(gatePort));
        return shell;
    }

    private static String word(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
