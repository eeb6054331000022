package dev.keyrack.server.components;

import dev.keyrack.server.store.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What keys configure, and which projects have a page of their own, in the store. */
final class ComponentSql {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The options of a key that somebody has configured. Within a change, nobody else changes them until the commit. */
    Optional<Configured> configured(Tx tx, String keyId) {
        return tx.handle()
                .createQuery("SELECT version, options FROM web_components WHERE key_id = :key" + tx.lock())
                .bind("key", keyId)
                .map((row, context) -> new Configured(
                        row.getLong("version"), JSON.readValue(row.getString("options"), ComponentOptions.class)))
                .findFirst();
    }

    /** @param version how often it was configured; 0 for never */
    record Configured(long version, ComponentOptions options) {
        static final Configured NEVER = new Configured(0, ComponentOptions.DEFAULT);
    }

    void configure(Tx tx, String keyId, Configured configured) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO web_components (key_id, version, options, updated_at)
                        VALUES (:key, :version, :options, :at)
                        ON CONFLICT (key_id) DO UPDATE SET
                            version = excluded.version, options = excluded.options, updated_at = excluded.updated_at
                        """)
                .bind("key", keyId)
                .bind("version", configured.version())
                .bind("options", JSON.writeValueAsString(configured.options()))
                .bind("at", tx.at())
                .execute();
    }

    /** The key that the project's own page uses, if it has one. */
    Optional<String> hostedKey(Tx tx, String projectId) {
        return tx.handle()
                .createQuery("SELECT key_id FROM hosted_pages WHERE project_id = :project")
                .bind("project", projectId)
                .mapTo(String.class)
                .findFirst();
    }

    /** Whether a project's own page opens this key. */
    boolean hosts(Tx tx, String keyId) {
        return tx.handle()
                .createQuery("SELECT 1 FROM hosted_pages WHERE key_id = :key")
                .bind("key", keyId)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** @param keyId nothing when the project shall have no page */
    void host(Tx tx, String projectId, @Nullable String keyId) {
        if (keyId == null) {
            tx.handle()
                    .createUpdate("DELETE FROM hosted_pages WHERE project_id = :project")
                    .bind("project", projectId)
                    .execute();
            return;
        }
        tx.handle()
                .createUpdate("""
                        INSERT INTO hosted_pages (project_id, key_id, created_at) VALUES (:project, :key, :at)
                        ON CONFLICT (project_id) DO UPDATE SET key_id = excluded.key_id, created_at = excluded.created_at
                        """)
                .bind("project", projectId)
                .bind("key", keyId)
                .bind("at", tx.at())
                .execute();
    }
}
