package dev.keyrack.server.assistants;

import dev.keyrack.server.store.Rows;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** How assistants are set up, in the store. */
final class AssistantSql {
    Optional<AssistantSettings> find(Tx tx, String projectId) {
        return tx.handle()
                .createQuery("""
                        SELECT project_id, version, backend, fallback, webhook_url, webhook_secret, webhook_former_secret,
                            webhook_former_until, openai_url, openai_model, openai_prompt, openai_temperature, openai_key,
                            entries_version, updated_at
                        FROM assistants WHERE project_id = :project
                        """ + tx.lock())
                .bind("project", projectId)
                .map((row, context) -> settings(row, tx.at()))
                .findFirst();
    }

    private static AssistantSettings settings(ResultSet row, long at) throws SQLException {
        String former = row.getString("webhook_former_secret");
        long until = row.getLong("webhook_former_until");
        return new AssistantSettings(
                row.getString("project_id"),
                row.getLong("version"),
                Backend.of(row.getString("backend")).orElseThrow(),
                row.getString("fallback"),
                new AssistantSettings.Webhook(
                        row.getString("webhook_url"),
                        row.getString("webhook_secret"),
                        // One that was in an overlap signs nothing any more, whether it is erased yet or not.
                        former == null || until <= at ? null : new AssistantSettings.Former(former, until)),
                new AssistantSettings.OpenAi(
                        row.getString("openai_url"),
                        row.getString("openai_model"),
                        row.getString("openai_prompt"),
                        Rows.longOrNull(row, "openai_temperature"),
                        row.getString("openai_key")),
                row.getLong("entries_version"),
                row.getLong("updated_at"));
    }

    /** Writes the settings, and makes the row where there is none. */
    void put(Tx tx, AssistantSettings settings) {
        AssistantSettings.Former former = settings.webhook().former();
        tx.handle()
                .createUpdate("""
                        INSERT INTO assistants (project_id, version, backend, fallback, webhook_url, webhook_secret,
                            webhook_former_secret, webhook_former_until, openai_url, openai_model, openai_prompt,
                            openai_temperature, openai_key, entries_version, updated_at)
                        VALUES (:project, :version, :backend, :fallback, :webhookUrl, :webhookSecret, :formerSecret,
                            :formerUntil, :openAiUrl, :model, :prompt, :temperature, :key, :entriesVersion, :at)
                        ON CONFLICT (project_id) DO UPDATE SET version = excluded.version, backend = excluded.backend,
                            fallback = excluded.fallback, webhook_url = excluded.webhook_url,
                            webhook_secret = excluded.webhook_secret,
                            webhook_former_secret = excluded.webhook_former_secret,
                            webhook_former_until = excluded.webhook_former_until, openai_url = excluded.openai_url,
                            openai_model = excluded.openai_model, openai_prompt = excluded.openai_prompt,
                            openai_temperature = excluded.openai_temperature, openai_key = excluded.openai_key,
                            entries_version = excluded.entries_version, updated_at = excluded.updated_at
                        """)
                .bind("project", settings.projectId())
                .bind("version", settings.version())
                .bind("backend", settings.backend().text())
                .bind("fallback", settings.fallback())
                .bind("webhookUrl", settings.webhook().url())
                .bind("webhookSecret", settings.webhook().sealedSecret())
                .bind("formerSecret", former == null ? null : former.sealedSecret())
                .bind("formerUntil", former == null ? null : former.endsAt())
                .bind("openAiUrl", settings.openAi().url())
                .bind("model", settings.openAi().model())
                .bind("prompt", settings.openAi().systemPrompt())
                .bind("temperature", settings.openAi().temperature())
                .bind("key", settings.openAi().sealedKey())
                .bind("entriesVersion", settings.entriesVersion())
                .bind("at", settings.updatedAt())
                .execute();
    }

    /** Secrets that sign nothing any more. Returns how many were erased. */
    int eraseFormer(Tx tx, int most) {
        return tx.handle()
                .createUpdate("""
                        UPDATE assistants SET webhook_former_secret = NULL, webhook_former_until = NULL
                        WHERE project_id IN (
                            SELECT project_id FROM assistants WHERE webhook_former_until <= :at LIMIT :most)
                        """)
                .bind("at", tx.at())
                .bind("most", most)
                .execute();
    }
}
