package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.verifier.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Makes and reads what visitors' browsers hold.
 *
 * <p>Guarantees: an access token, and the secret that all refresh tokens of a session share, have more than 180 random
 * bits each and are kept as SHA-256 only. A refresh token carries its number and is signed (HMAC-SHA-256 under a key from the
 * keyset), so that one which was given out long ago is told from one that was made up; without the database the keyset
 * makes none, and without the keyset neither does the database.
 */
final class VisitorTokens {
    /** 32 of the characters of {@link Ids}. */
    private static final Pattern ACCESS = Pattern.compile("va_[0-9A-Za-z]{16}_[0-9A-Za-z]{16}");

    private static final Pattern REFRESH =
            Pattern.compile("(vr_[0-9A-Za-z]{16}_[0-9A-Za-z]{16})\\.([0-9]{1,18})\\.([0-9A-Za-z_-]{43})");

    private static final Pattern LEAVE = Pattern.compile("vl_([0-9A-Za-z_-]{43})\\.([0-9A-Za-z_-]{43})");

    private final SecretKey refreshKey;
    private final SecretKey leaveKey;
    private final SecretKey macKey;
    private final SecretKey openedKey;
    private final Ids ids;

    VisitorTokens(Keyset keyset, Ids ids) {
        this.refreshKey = keyset.derive("conversations/refresh");
        this.leaveKey = keyset.derive("conversations/leave");
        this.macKey = keyset.derive("conversations/kept");
        this.openedKey = keyset.derive("conversations/opened");
        this.ids = ids;
    }

    /** @param secret the same in all refresh tokens of a session */
    record Refresh(Secret secret, long rotation) {}

    Secret access() {
        return Secret.of(ids.next("va") + ids.next(""));
    }

    Secret refreshSecret() {
        return Secret.of(ids.next("vr") + ids.next(""));
    }

    /**
     * The secret of the session that an identity opens for whoever held another secret: the same for the same two, so that a
     * repetition leads to the same session, and known to nobody who does not hold that other one.
     *
     * @param identity what is kept of the identity's own id
     */
    Secret refreshSecret(String identity, Secret held) {
        String text = Ids.text(hmac(openedKey, identity + "/" + held.reveal()));
        return Secret.of("vr_" + text.substring(0, 16) + "_" + text.substring(16));
    }

    /** The refresh token of this number: the same each time. */
    Secret refresh(Secret secret, long rotation) {
        String unsigned = secret.reveal() + "." + rotation;
        return Secret.of(unsigned + "." + text(hmac(refreshKey, unsigned)));
    }

    /** Reads a refresh token that we made, however old. */
    Optional<Refresh> parse(Secret token) {
        Matcher matcher = REFRESH.matcher(token.reveal());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Refresh read = new Refresh(Secret.of(matcher.group(1)), Long.parseLong(matcher.group(2)));
        return refresh(read.secret(), read.rotation()).matches(token) ? Optional.of(read) : Optional.empty();
    }

    /** What ends the session of this secret, and opens none: a browser may keep it when the visitor has left. */
    Secret leave(Secret secret) {
        return leave(digest(secret));
    }

    private Secret leave(String digest) {
        return Secret.of("vl_" + digest + "." + text(hmac(leaveKey, digest)));
    }

    /** The digest of the secret whose session a token that we made ends: a refresh token, or one that does nothing else. */
    Optional<String> ends(Secret token) {
        Matcher leave = LEAVE.matcher(token.reveal());
        return leave.matches()
                ? Optional.of(leave.group(1)).filter(digest -> leave(digest).matches(token))
                : parse(token).map(refresh -> digest(refresh.secret()));
    }

    static boolean isAccess(Secret token) {
        return ACCESS.matcher(token.reveal()).matches();
    }

    static String digest(Secret secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return text(sha256.digest(secret.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of Java", e);
        }
    }

    /** What is kept of an address, an Idempotency-Key or the id of an identity: the same for the same, and no way back. */
    String kept(String kind, String text) {
        return text(hmac(macKey, kind + "/" + text));
    }

    /** The same, half as long. */
    String shortly(String kind, String text) {
        return text(Arrays.copyOf(hmac(macKey, kind + "/" + text), 16));
    }

    static byte[] hmac(SecretKey key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of Java", e);
        }
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
