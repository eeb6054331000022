package dev.keyrack.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Pinning to processor cores, where the system has {@code taskset} and more than one core. */
final class Core {
    static final int OF_SERVERS = 0;
    static final int OF_CLIENT = 1;

    private final Optional<Path> taskset;

    Core() {
        this.taskset = Runtime.getRuntime().availableProcessors() > 1 ? program("taskset") : Optional.empty();
    }

    boolean canPin() {
        return taskset.isPresent();
    }

    /** The command, made to run on the servers' core. */
    List<String> pinned(List<String> command) {
        return taskset.map(path -> Stream.concat(
                                Stream.of(path.toString(), "-c", String.valueOf(OF_SERVERS)), command.stream())
                        .toList())
                .orElse(command);
    }

    /** Moves this process, with all its threads, to the client's core. */
    void pinThisProcess() throws IOException, InterruptedException {
        if (taskset.isPresent()) {
            Command.run(
                    taskset.get().toString(),
                    "-a",
                    "-c",
                    "-p",
                    String.valueOf(OF_CLIENT),
                    String.valueOf(ProcessHandle.current().pid()));
        }
    }

    /** Where this program is: on the PATH, or in a folder that a user's PATH often lacks. */
    static Optional<Path> program(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin:/opt/homebrew/bin";
        return Stream.of(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
