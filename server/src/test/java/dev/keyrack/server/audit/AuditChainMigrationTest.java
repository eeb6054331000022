package dev.keyrack.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.audit.Finding.Fault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: events that were written before there was a chain are in it from the first start on. */
class AuditChainMigrationTest {
    private static final int EVENTS = 2_500;

    @TempDir
    Path path;

    private void write(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path.resolve("keyrack.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void eventsOfTheFirstSchemaAreTakenIntoTheChainOnce() throws Exception {
        Flyway.configure()
                .dataSource("jdbc:sqlite:" + path.resolve("keyrack.db"), null, null)
                .locations("classpath:db")
                .target("1")
                .load()
                .migrate();
        for (String organization : new String[] {"a", "b"}) {
            write(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + EVENTS + ")"
                            + " INSERT INTO audit_events SELECT '" + organization + "', i, i, 'system', 'system',"
                            + " 'Keyrack', 'key.created', 'key', 'key' || i, NULL, NULL, '{}', NULL, 'r' FROM n",
                    "INSERT INTO audit_heads VALUES ('" + organization + "', " + EVENTS + ")");
        }
        try (TestingTrail trail = new TestingTrail(path)) {
            Verification.Report report = trail.verify();
            assertThat(report.findings()).isEmpty();
            assertThat(report.events()).isEqualTo(2 * EVENTS);
            trail.events("a", 2);
            assertThat(trail.verify().whole()).isTrue();
        }
        write("UPDATE audit_events SET mac = '', target_id = 'other' WHERE organization_id = 'b' AND seq >= 7");
        write("UPDATE audit_heads SET mac = '' WHERE organization_id = 'b'");
        try (TestingTrail trail = new TestingTrail(path)) {
            assertThat(trail.verify().findings())
                    .as("emptied columns are no reason to take altered events into the chain anew")
                    .extracting(Finding::number, Finding::fault)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(7L, Fault.CHANGED));
        }
    }
}
