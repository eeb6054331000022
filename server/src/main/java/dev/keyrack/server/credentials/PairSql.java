package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Tx;
import java.util.Optional;

/** Which key is the credential pair of a project. */
final class PairSql {
    /** The id of the project's key with this source that is not revoked: the oldest one. */
    Optional<String> id(Tx tx, String organizationId, String projectId, Key.Source source) {
        return tx.handle()
                .createQuery("""
                        SELECT id FROM keys
                        WHERE organization_id = :organization AND project_id = :project AND type = 'server'
                          AND source_kind = :kind AND source_name = :name AND state <> 'revoked'
                        ORDER BY created_at, id LIMIT 1
                        """)
                .bind("organization", organizationId)
                .bind("project", projectId)
                .bind("kind", source.kind())
                .bind("name", source.name())
                .mapTo(String.class)
                .findFirst();
    }
}
