package dev.keyrack.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.audit.Finding.Fault;
import dev.keyrack.server.engines.TestingDatabase;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: events that were written before there was a chain are in it from the first start on. */
@Tag("engines")
class AuditChainMigrationTest {
    private static final int EVENTS = 2_500;

    @TempDir
    Path path;

    @Test
    void eventsOfTheFirstSchemaAreTakenIntoTheChainOnce() {
        TestingDatabase database = TestingDatabase.bare(path);
        Flyway.configure()
                .dataSource(database.connections())
                .locations("classpath:db")
                .target("1")
                .load()
                .migrate();
        for (String organization : List.of("a", "b")) {
            database.byHand(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + EVENTS + ")"
                            + " INSERT INTO audit_events SELECT '" + organization + "', i, i, 'system', 'system',"
                            + " 'Keyrack', 'key.created', 'key', 'key' || i, NULL, NULL, '{}', NULL, 'r' FROM n",
                    "INSERT INTO audit_heads VALUES ('" + organization + "', " + EVENTS + ")");
        }
        try (TestingTrail trail = new TestingTrail(path, database)) {
            Verification.Report report = trail.verify();
            assertThat(report.findings()).isEmpty();
            assertThat(report.events()).isEqualTo(2 * EVENTS);
            trail.events("a", 2);
            assertThat(trail.verify().whole()).isTrue();

            trail.restart(() -> trail.byHand(
                    "UPDATE audit_events SET mac = '', target_id = 'other' WHERE organization_id = 'b' AND seq >= 7",
                    "UPDATE audit_heads SET mac = '' WHERE organization_id = 'b'"));
            assertThat(trail.verify().findings())
                    .as("emptied columns are no reason to take altered events into the chain anew")
                    .extracting(Finding::number, Finding::fault)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(7L, Fault.CHANGED));
        }
    }
}
