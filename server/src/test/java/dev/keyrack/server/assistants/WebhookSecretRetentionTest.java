package dev.keyrack.server.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a secret that signs nothing any more is not kept. */
class WebhookSecretRetentionTest {
    private static final long MINUTE = 60L * 1_000_000;

    private static void overlapping(TestingDatabase database, String project, long until) {
        database.byHand(
                "INSERT INTO assistants (project_id, version, backend, fallback, webhook_secret, webhook_former_secret,"
                        + " webhook_former_until, openai_prompt, entries_version, updated_at)"
                        + " VALUES ('" + project + "', 1, 'webhook', '', 'present', 'former', " + until
                        + ", '', 0, 1)");
    }

    @Test
    void formerSecretIsErasedWhenItsOverlapIsOver(@TempDir Path path) {
        try (DataFolder folder = DataFolder.take(path).orElseThrow();
                TestingDatabase database = TestingDatabase.fresh(path);
                Store store = database.open(folder, InstantSource.system()).store()) {
            overlapping(database, "over", store.now() - MINUTE);
            overlapping(database, "going on", store.now() + MINUTE);
            assertThat(new WebhookSecretRetention(store).clear()).isEqualTo(1);
            List<String> left = store.read(tx -> tx.handle()
                    .createQuery("SELECT project_id FROM assistants WHERE webhook_former_secret = 'former'")
                    .mapTo(String.class)
                    .list());
            assertThat(left).containsExactly("going on");
            assertThat(new WebhookSecretRetention(store).clear()).isZero();
        }
    }
}
