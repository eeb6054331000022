package dev.keyrack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The fault harness in its short form. Promise: a verification that is sent after a revocation has returned is never
 * answered {@code VALID}, nothing acknowledged is lost, and no revoked key comes back, whatever happens to processes, network
 * and database; and whoever breaks that promise is found out.
 */
class ChaosIT {
    private static final Path FOLDER = Path.of("target", "chaos");

    @Test
    void everyPlantedFaultIsFoundAndNothingIsFoundWhereNoneIs() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

        assertThat(Faults.play(folder("faults"), Setup.of(Faults.LEASE), Scenario.ALL, out))
                .hasSizeGreaterThanOrEqualTo(12)
                .allSatisfy(
                        played -> assertThat(played.right()).as(played.text()).isTrue());
    }

    @Test
    void aMinuteOfDisastersBreaksNoPromise() throws Exception {
        long seed = Long.getLong("keyrack.seed", System.nanoTime());
        RandomRun run = new RandomRun(folder("random"), Setup.of(Duration.ofSeconds(2)), Duration.ofSeconds(60), seed);

        Report report = run.run();

        System.out.println(report.text());
        assertThat(report.violations()).as(report.text()).isEmpty();
    }

    private static Path folder(String name) throws Exception {
        Path folder = FOLDER.resolve(name).toAbsolutePath();
        if (Files.exists(folder)) {
            Shell.delete(folder);
        }
        return Files.createDirectories(folder);
    }
}
