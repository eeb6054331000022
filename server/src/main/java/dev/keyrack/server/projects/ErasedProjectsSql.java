package dev.keyrack.server.projects;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Tx;
import java.util.List;

/** The projects of an organization that is erased, once nothing is in them. */
public final class ErasedProjectsSql implements Erasable {
    private static final List<String> DELETE = List.of("""
            DELETE FROM projects WHERE id IN (SELECT id FROM projects WHERE organization_id = :organization LIMIT :most)
            """);

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        return Erasable.first(tx, organizationId, most, DELETE);
    }
}
