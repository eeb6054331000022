package dev.keyrack.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * SHA-256 (FIPS 180-4) of a token without its check: what is stored and sent in place of the token.
 *
 * <p>Guarantee: comparing takes the same time wherever two digests differ. More than 160 random bits stand behind a
 * digest, so it needs neither a slow function nor a pepper (OWASP ASVS 5.0, 6.5.2).
 */
public final class Digest {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final String TAG = "sha256:";
    static final int LENGTH = 32;

    final long a;
    final long b;
    final long c;
    final long d;

    private Digest(byte[] bytes) {
        this.a = word(bytes, 0);
        this.b = word(bytes, 1);
        this.c = word(bytes, 2);
        this.d = word(bytes, 3);
    }

    static long word(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index * 8);
    }

    static Digest of(byte[] signed) {
        return new Digest(sha256().digest(signed));
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException for another algorithm or length
     */
    public static Digest parse(String text) {
        if (!text.startsWith(TAG)) {
            throw new IllegalArgumentException("a digest starts with its algorithm, sha256:");
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text.substring(TAG.length()));
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a sha256 digest has 32 bytes");
        }
        return new Digest(bytes);
    }

    /** The algorithm's tag and the bytes in base64url: {@code sha256:…}. */
    public String text() {
        byte[] bytes = new byte[LENGTH];
        LONGS.set(bytes, 0, a);
        LONGS.set(bytes, 8, b);
        LONGS.set(bytes, 16, c);
        LONGS.set(bytes, 24, d);
        return TAG + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest o && ((a ^ o.a) | (b ^ o.b) | (c ^ o.c) | (d ^ o.d)) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    @Override
    public String toString() {
        return "Digest[sha256]";
    }
}
