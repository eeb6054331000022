package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: the demo leaves nothing behind, whether it fails or is stopped. */
class DemoTest {
    @TempDir
    Path folder;

    private Path temporary;
    private Program program;

    @BeforeEach
    void prepare() throws Exception {
        temporary = Files.createDirectory(folder.resolve("temporary"));
        program = Program.in(folder).under(List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + temporary));
    }

    private List<Path> stores() throws Exception {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(f -> f.getFileName().toString().startsWith("keyrack-demo"))
                    .toList();
        }
    }

    @Test
    void demoThatCannotStartLeavesNothingBehind() throws Exception {
        Program.Result result = program.with("KEYRACK_HOST", "192.0.2.1").run("demo");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("192.0.2.1").doesNotContain("\tat ");
        assertThat(stores()).isEmpty();
    }

    @Test
    void demoThatIsStoppedDeletesItsStore() throws Exception {
        try (KeyrackProcess demo = program.start("demo")) {
            Wait.until("the demo prints what to paste", () -> demo.out().contains("Ctrl C stops it"));
            assertThat(stores()).hasSize(1);
            demo.stop();
            assertThat(stores()).isEmpty();
        }
    }
}
