package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** What must hold of change feed and audit trail in every database, whatever happened to the process. */
final class Records {
    private Records() {}

    /** Numbers are dense, and each change of a key has its feed entry and its audit event. Returns the request ids. */
    static Set<String> assertWhole(Path database) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            assertThat(text(statement, "PRAGMA quick_check")).isEqualTo("ok");
            long head = number(statement, "SELECT seq FROM feed_head");
            assertThat(number(statement, "SELECT COUNT(*) FROM feed_entries")).isEqualTo(head);
            assertThat(number(statement, "SELECT COALESCE(MAX(seq), 0) FROM feed_entries"))
                    .isEqualTo(head);
            assertThat(number(statement, "SELECT tag FROM feed_entries ORDER BY seq DESC LIMIT 1"))
                    .isEqualTo(number(statement, "SELECT tag FROM feed_head"));
            assertThat(number(statement, """
                    SELECT COUNT(*) FROM audit_heads h WHERE h.seq <>
                        (SELECT COUNT(*) FROM audit_events e WHERE e.organization_id = h.organization_id AND e.seq >= 1)
                    """)).isZero();
            assertThat(number(statement, "SELECT COUNT(*) FROM feed_entries WHERE kind = 'key'"))
                    .isEqualTo(
                            number(
                                    statement,
                                    "SELECT COUNT(*) FROM audit_events WHERE action IN"
                                            + " ('key.created', 'key.disabled', 'key.enabled', 'key.regenerated', 'key.revoked')"));
            assertThat(number(statement, """
                    SELECT COUNT(*) FROM keys k WHERE k.version <>
                        (SELECT COUNT(*) FROM audit_events e WHERE e.target_id = k.id AND e.action <> 'key.revealed')
                    """))
                    .as("keys with more or fewer changes than events")
                    .isZero();
            assertThat(number(statement, """
                    SELECT COUNT(*) FROM keys k WHERE k.generation <>
                        (SELECT MAX(t.generation) FROM key_tokens t WHERE t.key_id = k.id)
                    """))
                    .as("keys without their newest token")
                    .isZero();
            Set<String> requests = new HashSet<>();
            try (ResultSet row = statement.executeQuery("SELECT request_id FROM audit_events")) {
                while (row.next()) {
                    requests.add(row.getString(1));
                }
            }
            return requests;
        }
    }

    private static String text(Statement statement, String query) throws Exception {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "nothing";
        }
    }

    private static long number(Statement statement, String query) throws Exception {
        return Long.parseLong(text(statement, query));
    }
}
