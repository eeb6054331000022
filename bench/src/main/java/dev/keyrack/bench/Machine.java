package dev.keyrack.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a figure was measured on: without it, a figure means nothing. */
public record Machine(String processor, int cores, String jdk, String kernel, Instant at) {

    public static Machine here(Clock clock) {
        return new Machine(
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    public String text() {
        return "%s, %d core%s%n%s%n%s%n%s".formatted(processor, cores, cores == 1 ? "" : "s", jdk, kernel, at);
    }

    private static String processorModel() {
        Path description = Path.of("/proc/cpuinfo");
        if (Files.isReadable(description)) {
            try (var lines = Files.lines(description)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }
        return System.getProperty("os.arch");
    }
}
