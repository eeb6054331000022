package dev.keyrack.server.store;

import com.google.crypto.tink.subtle.Ed25519Sign;
import com.google.crypto.tink.subtle.Ed25519Verify;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * Signs how far the audit trail reaches (Ed25519, RFC 8032), with a key from the keyset.
 *
 * <p>Guarantee: whoever has not the keyset cannot make a signature; whoever has {@link #publicKey} can check one.
 */
public final class AuditSigner {
    private final Ed25519Sign sign;
    private final Ed25519Verify verify;
    private final String publicKey;

    private AuditSigner(Ed25519Sign.KeyPair pair) throws GeneralSecurityException {
        this.sign = new Ed25519Sign(pair.getPrivateKey());
        this.verify = new Ed25519Verify(pair.getPublicKey());
        this.publicKey = Base64.getUrlEncoder().withoutPadding().encodeToString(pair.getPublicKey());
    }

    public static AuditSigner of(Keyset keyset) {
        try {
            return new AuditSigner(Ed25519Sign.KeyPair.newKeyPairFromSeed(
                    keyset.derive("audit/anchors").getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of Tink", e);
        }
    }

    /** The 32 bytes of RFC 8032 in base64url. */
    public String publicKey() {
        return publicKey;
    }

    public String sign(Canonical message) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sign.sign(message.bytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }

    public boolean signed(Canonical message, String signature) {
        try {
            verify.verify(Base64.getUrlDecoder().decode(signature), message.bytes());
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
