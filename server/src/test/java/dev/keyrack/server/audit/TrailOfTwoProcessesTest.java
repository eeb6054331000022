package dev.keyrack.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.engines.TestingPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: processes that write one organization's audit trail at once write one chain, which each of them finds whole. */
class TrailOfTwoProcessesTest {
    private static final int WRITERS = 8;
    private static final int EVENTS = 25;

    @TempDir
    Path path;

    @Test
    void twoProcessesThatWriteOneTrailAtOnceFormOneChain() throws Exception {
        TestingDatabase database = TestingDatabase.on(TestingPostgres.shared());
        try (TestingTrail one = new TestingTrail(path.resolve("one"), database);
                TestingTrail two = one.beside(path.resolve("two"));
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<TestingTrail> both = List.of(one, two);
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                TestingTrail trail = both.get(writer % 2);
                writers.add(threads.submit(() -> trail.events("a", EVENTS)));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                for (TestingTrail trail : both) {
                    assertThat(trail.verify().findings()).as("while it grows").isEmpty();
                    trail.anchors().write();
                }
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            for (TestingTrail trail : both) {
                trail.anchors().write();
                Verification.Report report = trail.verify();
                assertThat(report.findings()).isEmpty();
                assertThat(report.events()).isEqualTo(WRITERS * EVENTS);
                assertThat(report.anchors()).isPositive();
            }
        }
    }
}
