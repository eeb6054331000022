package dev.keyrack.server.assistants;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Tx;
import java.util.List;

/** What answered the visitors of an organization that is erased. */
public final class ErasedAssistantsSql implements Erasable {
    private static final List<String> DELETE = List.of("""
            DELETE FROM assistant_entries WHERE id IN (
                SELECT e.id FROM projects p JOIN assistant_entries e ON e.project_id = p.id
                WHERE p.organization_id = :organization LIMIT :most)
            """, """
            DELETE FROM assistants WHERE project_id IN (
                SELECT a.project_id FROM projects p JOIN assistants a ON a.project_id = p.id
                WHERE p.organization_id = :organization LIMIT :most)
            """);

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        return Erasable.first(tx, organizationId, most, DELETE);
    }
}
