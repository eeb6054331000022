package dev.keyrack.chaos;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold of change feed and audit trail in the database itself, whatever happened to the processes. */
final class RecordsSql {
    /** Each counts what must not be. */
    private static final Map<String, String> WRONG = new TreeMap<>(Map.of(
            "numbers that are missing in the change feed",
            "SELECT (SELECT seq FROM feed_head) - COUNT(*) FROM feed_entries",
            "numbers beyond the head of the change feed",
            "SELECT COUNT(*) FROM feed_entries WHERE seq > (SELECT seq FROM feed_head) OR seq < 1",
            "heads of the change feed whose tag is not that of the last entry",
            "SELECT COUNT(*) FROM feed_head h WHERE NOT EXISTS"
                    + " (SELECT 1 FROM feed_entries e WHERE e.seq = h.seq AND e.tag = h.tag)",
            "organizations whose count of events is not that of their events",
            "SELECT COUNT(*) FROM audit_heads h WHERE h.seq <> (SELECT COUNT(*) FROM audit_events e WHERE"
                    + " e.organization_id = h.organization_id AND e.seq >= 1)",
            "keys without their newest token",
            "SELECT COUNT(*) FROM keys k WHERE k.generation <>"
                    + " (SELECT MAX(t.generation) FROM key_tokens t WHERE t.key_id = k.id)"));

    private RecordsSql() {}

    /** @param audited the ids of the requests that events name */
    record Records(Set<String> audited, List<Violation> violations) {}

    static Records read(Postgres postgres) throws IOException {
        try (Connection connection = postgres.connect("keyrack");
                Statement statement = connection.createStatement()) {
            List<Violation> violations = new ArrayList<>();
            for (Map.Entry<String, String> wrong : WRONG.entrySet()) {
                try (ResultSet row = statement.executeQuery(wrong.getValue())) {
                    row.next();
                    if (row.getLong(1) != 0) {
                        Promise promise = wrong.getKey().contains("change feed") ? Promise.NUMBERED : Promise.RECORDED;
                        violations.add(new Violation(promise, "", row.getLong(1) + " " + wrong.getKey(), List.of()));
                    }
                }
            }
            Set<String> audited = new HashSet<>();
            try (ResultSet row = statement.executeQuery("SELECT request_id FROM audit_events")) {
                while (row.next()) {
                    audited.add(row.getString(1));
                }
            }
            return new Records(audited, violations);
        } catch (SQLException e) {
            throw new IOException("the records cannot be read", e);
        }
    }
}
