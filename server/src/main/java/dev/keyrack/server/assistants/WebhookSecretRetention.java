package dev.keyrack.server.assistants;

import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Store;

/** Erases secrets of webhooks whose overlap is over. */
public final class WebhookSecretRetention {
    private static final int BATCH = 1_000;

    private final Store store;
    private final AssistantSql sql = new AssistantSql();

    public WebhookSecretRetention(Store store) {
        this.store = store;
    }

    /** Returns how many were erased. */
    public long clear() {
        return Clearing.all(store, BATCH, sql::eraseFormer);
    }
}
