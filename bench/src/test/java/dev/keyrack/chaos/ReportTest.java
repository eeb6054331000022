package dev.keyrack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Promise: a run in which nothing happened does not pass for one that broke no promise. */
class ReportTest {
    @Test
    void runInWhichNothingHappenedShowsNothing() {
        Path nowhere = Path.of("nowhere");
        RandomRun run = new RandomRun(nowhere, Setup.of(Duration.ofSeconds(2)), Duration.ofSeconds(60), 1);
        Report report = new Report(run, nowhere, List.of(), Map.of(), List.of(), List.of());
        assertThat(report.unshown())
                .contains("there was no disaster", "no revoke was acknowledged", "no verification was answered VALID")
                .hasSize(9);
        assertThat(report.text()).contains("Shown is nothing: no revoke was acknowledged.");
    }
}
