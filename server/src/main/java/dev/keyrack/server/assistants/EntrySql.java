package dev.keyrack.server.assistants;

import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Questions and answers in the store. */
final class EntrySql {
    private static final String ENTRY =
            "SELECT id, project_id, position, question, answer, version, updated_at FROM assistant_entries ";

    /** All of a project, in their order. */
    List<Entry> all(Tx tx, String projectId) {
        return tx.handle()
                .createQuery(ENTRY + "WHERE project_id = :project ORDER BY position")
                .bind("project", projectId)
                .map((row, context) -> entry(row))
                .list();
    }

    Optional<Entry> entry(Tx tx, String projectId, String id) {
        return tx.handle()
                .createQuery(ENTRY + "WHERE id = :id AND project_id = :project" + tx.lock())
                .bind("id", id)
                .bind("project", projectId)
                .map((row, context) -> entry(row))
                .findFirst();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString("id"),
                row.getString("project_id"),
                row.getLong("position"),
                row.getString("question"),
                row.getString("answer"),
                row.getLong("version"),
                row.getLong("updated_at"));
    }

    /** How many there are, and the place of the last one. */
    record Extent(int count, long last) {}

    Extent extent(Tx tx, String projectId) {
        return tx.handle()
                .createQuery("SELECT COUNT(*) AS entries, COALESCE(MAX(position), 0) AS last FROM assistant_entries"
                        + " WHERE project_id = :project")
                .bind("project", projectId)
                .map((row, context) -> new Extent(row.getInt("entries"), row.getLong("last")))
                .one();
    }

    void insert(Tx tx, List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        PreparedBatch batch = tx.handle().prepareBatch("""
                        INSERT INTO assistant_entries (id, project_id, position, question, answer, version, updated_at)
                        VALUES (:id, :project, :position, :question, :answer, :version, :at)
                        """);
        for (Entry entry : entries) {
            batch.bind("id", entry.id())
                    .bind("project", entry.projectId())
                    .bind("position", entry.position())
                    .bind("question", entry.question())
                    .bind("answer", entry.answer())
                    .bind("version", entry.version())
                    .bind("at", entry.updatedAt())
                    .add();
        }
        batch.execute();
    }

    void update(Tx tx, Entry entry) {
        tx.handle()
                .createUpdate("UPDATE assistant_entries SET question = :question, answer = :answer,"
                        + " version = :version, updated_at = :at WHERE id = :id")
                .bind("id", entry.id())
                .bind("question", entry.question())
                .bind("answer", entry.answer())
                .bind("version", entry.version())
                .bind("at", entry.updatedAt())
                .execute();
    }

    void delete(Tx tx, String id) {
        tx.handle()
                .createUpdate("DELETE FROM assistant_entries WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    void deleteAll(Tx tx, String projectId) {
        tx.handle()
                .createUpdate("DELETE FROM assistant_entries WHERE project_id = :project")
                .bind("project", projectId)
                .execute();
    }
}
