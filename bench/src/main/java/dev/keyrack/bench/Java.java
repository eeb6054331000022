package dev.keyrack.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that runs another task of this program in a process of its own, as Keyrack runs in production. */
final class Java {
    /** The options that the start script runs Keyrack with; it hands them over. */
    static final List<String> OPTIONS =
            List.of(System.getProperty("keyrack.java-options", "-XX:+UseCompactObjectHeaders")
                    .split(" "));

    private Java() {}

    static List<String> command(List<String> options, List<String> task) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
        command.addAll(task);
        return command;
    }
}
