package dev.keyrack.server.app;

import dev.keyrack.server.credentials.EndedTokens;
import dev.keyrack.server.credentials.ExpiryNotices;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of keys as time passes, every minute: notices of their expiry, and the end of what ended tokens left. */
final class KeyUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(KeyUpkeep.class);

    private final ExpiryNotices notices;
    private final EndedTokens tokens;

    KeyUpkeep(Store store) {
        this.notices = new ExpiryNotices(store);
        this.tokens = new EndedTokens(store);
    }

    /** A run that fails is told and left to the next one. */
    void run() {
        try {
            notices.write();
            tokens.clear();
        } catch (StoreFailure e) {
            LOG.warn("keys that expire soon could not be looked for: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("looking for keys that expire soon failed", e);
        }
    }
}
