package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Store;

/** Forgets the ciphertexts of tokens whose overlap has ended by itself. Verifiers know the end already. */
public final class EndedTokens {
    private static final int BATCH = 1_000;

    private final Store store;
    private final CredentialSql sql = new CredentialSql();

    public EndedTokens(Store store) {
        this.store = store;
    }

    /** Returns how many were forgotten. */
    public long clear() {
        return Clearing.all(store, BATCH, sql::forgetCiphertexts);
    }
}
