package dev.keyrack.chaos;

import dev.keyrack.bench.AheadOfTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the program is started.
 *
 * @param root the repository
 * @param lease the length of leases
 * @param fault planted in the processes that are started with it; empty for none
 * @param flags of the Java virtual machine
 * @param earnest as it is in production: with the ahead-of-time caches that the start script made, and a disk that is not soon full
 */
record Setup(Path root, Duration lease, String fault, List<String> flags, boolean earnest) {
    /** Small and quick to start, for there are many. */
    private static final List<String> SMALL = List.of(
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m");

    static Setup of(Duration lease) {
        return new Setup(Path.of(System.getProperty("keyrack.root", ".")), lease, "", SMALL, false);
    }

    /** As the start script runs it. */
    static Setup production(Duration lease) {
        List<String> flags = List.of(System.getProperty("keyrack.java-options", "-XX:+UseCompactObjectHeaders")
                .split(" "));
        return new Setup(Path.of(System.getProperty("keyrack.root", ".")), lease, "", flags, true);
    }

    /** The same with a fault in it. */
    Setup planting(String name) {
        return new Setup(root, lease, name, flags, earnest);
    }

    Path jar() {
        return root.resolve("server/target/keyrack-server-0.1.0.jar");
    }

    List<String> command(String task) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        Path cache = AheadOfTime.cache(task);
        if (earnest && Files.exists(cache)) {
            command.addAll(AheadOfTime.flags(cache));
        }
        if (!fault.isEmpty()) {
            command.add("-Dkeyrack.fault=" + fault);
        }
        command.addAll(List.of("-jar", jar().toString(), task));
        return command;
    }
}
