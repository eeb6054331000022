package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.verifier.KeyType;
import org.jspecify.annotations.Nullable;

/** Tells what is known of the use of a key before its token is taken away: to those who may see why it is refused. */
public final class UseOfKeys {
    private final KeyRefusals refusals;
    private final KeyUse use;

    public UseOfKeys(KeyRefusals refusals, KeyUse use) {
        this.refusals = refusals;
        this.use = use;
    }

    /**
     * What is known of the use of a key.
     *
     * @param web whether it opens the assistant on pages
     * @param refused how often it was refused within a week
     */
    public record Known(
            boolean web,
            KeyUse.Facts facts,
            long refused,
            @Nullable Long lastRefusedAt) {}

    Known of(Caller caller, Key key) {
        String id = key.id().value();
        KeyRefusals.Refused refused = refusals.refused(caller, id);
        return new Known(key.type() == KeyType.WEB, use.of(id), refused.count(), refused.lastAt());
    }
}
