package dev.keyrack.server.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A sample that operators copy, and how its program runs it without touching anything else on the machine. */
enum Sample {
    NGINX("nginx", "nginx-light", "nginx.conf", "listen 8000;", "listen 127.0.0.1:%d;") {
        @Override
        List<String> run(Path folder, Path file) {
            return List.of(program(), "-p", folder + "/", "-e", "stderr", "-c", file.toString(), "-g", "daemon off;");
        }

        @Override
        List<String> check(Path folder, Path file) {
            return List.of(program(), "-t", "-p", folder + "/", "-e", "stderr", "-c", file.toString());
        }
    },
    CADDY("caddy", "caddy", "Caddyfile", "http://:8000 {", "http://:%d {\n\tbind 127.0.0.1") {
        @Override
        List<String> run(Path folder, Path file) {
            return List.of(program(), "run", "--config", file.toString(), "--adapter", "caddyfile");
        }

        @Override
        List<String> check(Path folder, Path file) {
            return List.of(program(), "validate", "--config", file.toString(), "--adapter", "caddyfile");
        }
    };

    private static final Path FOLDER = Path.of(System.getProperty("keyrack.root", ".."), "deploy", "gateways");
    private static final String GATE = "127.0.0.1:8081";
    private static final String BACK_END = "127.0.0.1:3000";

    private final String program;
    private final String debian;
    private final String file;
    private final String listen;
    private final String listenOn;

    Sample(String program, String debian, String file, String listen, String listenOn) {
        this.program = program;
        this.debian = debian;
        this.file = file;
        this.listen = listen;
        this.listenOn = listenOn;
    }

    abstract List<String> run(Path folder, Path file);

    abstract List<String> check(Path folder, Path file);

    Path file() {
        return FOLDER.resolve(file).toAbsolutePath().normalize();
    }

    String text() {
        try {
            return Files.readString(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sample on other addresses; everything else stays as it is. */
    String text(int port, int gate, int backEnd) {
        String text = text();
        text = replaced(text, listen, listenOn.formatted(port));
        text = replaced(text, GATE, "127.0.0.1:" + gate);
        return replaced(text, BACK_END, "127.0.0.1:" + backEnd);
    }

    private String replaced(String text, String place, String value) {
        assertThat(text.split(Pattern.quote(place), -1))
                .as("the places in %s where an operator writes %s", file, place)
                .hasSize(2);
        return text.replace(place, value);
    }

    /** Where the program keeps what is its own. */
    Map<String, String> environment(Path folder) {
        return Map.of(
                "HOME", folder.toString(),
                "XDG_CONFIG_HOME", folder.toString(),
                "XDG_DATA_HOME", folder.toString());
    }

    /** The program, also where ordinary users do not have it in their path. A missing one fails; nothing is skipped. */
    String program() {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "These tests need " + program + ". Install it: apt-get install " + debian + "."));
    }
}
