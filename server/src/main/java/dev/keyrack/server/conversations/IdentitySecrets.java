package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Keyset;
import dev.keyrack.verifier.Secret;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** The secrets of identity keys: 256 random bits each, kept encrypted for their one key. */
final class IdentitySecrets {
    private final Keyset keyset;
    private final RandomGenerator random;

    IdentitySecrets(Keyset keyset, RandomGenerator random) {
        this.keyset = keyset;
        this.random = random;
    }

    /** As the host's backend gets it: its ASCII bytes are the key of the HMAC. */
    Secret make() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    String seal(Secret secret, String keyId, String kid) {
        return keyset.seal(secret, place(keyId, kid));
    }

    Secret open(IdentityKeySql.Key key) {
        try {
            return keyset.open(key.sealed(), place(key.keyId(), key.kid()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret of identity key " + key.kid() + " cannot be opened", e);
        }
    }

    private static String place(String keyId, String kid) {
        return "identity-key/" + keyId + "/" + kid;
    }
}
