package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;

/** Forgets the ciphertexts of tokens whose overlap has ended by itself. Verifiers know the end already. */
public final class EndedTokens {
    /** So many at a time, so that no other change waits long. */
    private static final int BATCH = 1_000;

    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "housekeeping");

    private final Store store;
    private final CredentialSql sql = new CredentialSql();

    public EndedTokens(Store store) {
        this.store = store;
    }

    /** Returns how many were forgotten. */
    public long clear() {
        long all = 0;
        int some;
        do {
            some = store.change(CAUSE, tx -> Change.none(sql.forgetCiphertexts(tx, BATCH)))
                    .result();
            all += some;
        } while (some == BATCH);
        return all;
    }
}
