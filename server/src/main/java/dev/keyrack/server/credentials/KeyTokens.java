package dev.keyrack.server.credentials;

import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.TokenFormat;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The tokens of keys: made, shown in part, and sealed so that the publishable ones can be shown again. */
final class KeyTokens {
    private final Keyset keyset;
    private final Ids ids;
    private final String brand;

    KeyTokens(Keyset keyset, Ids ids, String brand) {
        this.keyset = keyset;
        this.ids = ids;
        this.brand = brand;
    }

    /** The first token of a new key. */
    TokenFormat.Minted mint(KeyType type) {
        return TokenFormat.mint(brand, type.tag(), ids.random());
    }

    /** A further token of this key. */
    TokenFormat.Minted mint(Key key) {
        return TokenFormat.mint(brand, key.type().tag(), key.id(), ids.random());
    }

    String mask(KeyType type, KeyId id) {
        return TokenFormat.mask(brand, type.tag(), id);
    }

    /** What is stored of a publishable token; nothing of a secret one. */
    @Nullable
    String sealed(Key key, int generation, Secret token) {
        return key.type().publishable() ? keyset.seal(token, place(key, generation)) : null;
    }

    /** The newest token of a key again. */
    Secret opened(Key key, String ciphertext) {
        try {
            return keyset.open(ciphertext, place(key, key.generation()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a token of this database cannot be decrypted", e);
        }
    }

    /** Ties a ciphertext to its row, so that it opens nowhere else. */
    private static String place(Key key, int generation) {
        return String.join(
                "/",
                "keyrack/token",
                key.organizationId(),
                key.id().value(),
                key.type().text(),
                "" + generation);
    }
}
