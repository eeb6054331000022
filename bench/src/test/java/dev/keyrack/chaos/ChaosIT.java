package dev.keyrack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
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
        assertThat(report.unshown()).as(report.text()).isEmpty();
    }

    /** Promise: a process that is cut off or slow while it holds a lock holds up neither changes nor other nodes for long. */
    @Test
    void whoeverHoldsALockHoldsUpNobodyForLong() throws Exception {
        Path folder = folder("held-up");
        Duration lease = Duration.ofSeconds(2);
        try (Installation installation = Installation.start(folder, Setup.of(lease), 1, 1);
                Stage stage = new Stage(installation, folder.resolve("history.jsonl"))) {
            aRevocationGoesThroughWhileAGateIsCutOffInMidRegistration(stage);
            aNodeKeepsItsLeaseWhileEveryChangeWaits(stage, installation.postgres());
        }
    }

    private static void aRevocationGoesThroughWhileAGateIsCutOffInMidRegistration(Stage stage) throws Exception {
        TrackedKey key = stage.create();
        stage.gate().stop();
        try (Breakpoint inside = stage.gate().link().breakAt("INSERT INTO nodes")) {
            stage.gate().launch();
            inside.awaitReached(Duration.ofSeconds(30));
            stage.change(Deed.REVOKE, key);
        }
        stage.gate().awaitReady();
    }

    private static void aNodeKeepsItsLeaseWhileEveryChangeWaits(Stage stage, Postgres postgres) throws Exception {
        TrackedKey key = stage.create();
        stage.keepAsking(stage.serve());
        stage.awaitAnswer(key, "VALID");
        try (Connection other = postgres.connect("keyrack");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT seq FROM feed_head FOR UPDATE");
            for (int i = 0; i < 40; i++) {
                stage.creating();
            }
            stage.watch(stage.lease().multipliedBy(2));
            assertThat(stage.answers(key)).contains("VALID").doesNotContain("STALE");
            other.rollback();
        }
    }

    private static Path folder(String name) throws Exception {
        Path folder = FOLDER.resolve(name).toAbsolutePath();
        if (Files.exists(folder)) {
            Shell.delete(folder);
        }
        return Files.createDirectories(folder);
    }
}
