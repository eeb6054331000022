package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defends: the benchmarks run as they are documented, and end well whatever the figures are. */
class BenchTest {

    @Test
    void verifyMeasuresTheRealGateBesideTheNoOp(@TempDir Path folder) throws IOException, InterruptedException {
        Path json = folder.resolve("figures.json");

        String said = run(
                "verify",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warm-up",
                "0",
                "--keys",
                "2000",
                "--json",
                json.toString());

        assertThat(said)
                .contains("target: verify at least 0.75 of no-op:")
                .contains("target: authorize at least 0.85 of no-op:")
                .contains("warming up: verify, keyrack")
                .contains("round 1 of 1: authorize no-op");
        assertThat(Files.readString(json)).contains("\"contender\" : \"keyrack\"", "\"contender\" : \"no-op\"");
    }

    @Test
    void memoryMeasuresInAProcessOfItsOwn() throws IOException, InterruptedException {
        assertThat(run("memory", "--keys", "1000,2000"))
                .containsPattern("(?m)^ +1,000 .*met$")
                .containsPattern("(?m)^ +2,000 .*met$");
    }

    private static String run(String... task) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Java.command(List.of(), List.of(task)))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
