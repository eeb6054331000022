package dev.keyrack.server.feed;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Tx;
import java.util.List;

/** Nodes that verified the keys of an organization that is erased, and no others. */
public final class ErasedNodesSql implements Erasable {
    private static final List<String> DELETE = List.of("""
            DELETE FROM nodes WHERE registration IN (
                SELECT registration FROM nodes WHERE organization_id = :organization LIMIT :most)
            """);

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        return Erasable.first(tx, organizationId, most, DELETE);
    }
}
