package dev.keyrack.server.store;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * What ties each event of an organization's audit trail to the one before: HMAC-SHA-256 (RFC 2104) over the former
 * event's MAC and every column of this one, under a key from the keyset.
 *
 * <p>Guarantee: whoever can write the database but has not the keyset cannot make a MAC for an event that Keyrack did not
 * write, or for one that it wrote with another number, after another event or for another organization.
 */
public final class AuditChain {
    /** What stands before the first event. */
    public static final String BEGINNING = "";

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKey key;

    private AuditChain(SecretKey key) {
        this.key = key;
    }

    public static AuditChain of(Keyset keyset) {
        return new AuditChain(keyset.derive("audit/chain"));
    }

    /** @param previous the MAC of the event before, or {@link #BEGINNING} */
    public String mac(String previous, AuditRow event) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(event.bytes(previous)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
