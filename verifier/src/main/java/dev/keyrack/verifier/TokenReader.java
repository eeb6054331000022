package dev.keyrack.verifier;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.zip.CRC32;

/**
 * Reads one token after another without allocating: what one thread needs for a verification, made once.
 *
 * <p>Written for speed. A token is copied out and looked up character by character in tables, and all that may be wrong
 * with it is gathered without a branch: branches on random characters cost more than the work they save, and a
 * malformed token has no reason to be quick.
 */
final class TokenReader {
    private static final byte ALPHANUMERIC = 1;
    private static final byte BRAND_CHARACTER = 2;

    /** What each ASCII character may be part of. */
    private static final byte[] KINDS = new byte[128];

    /** What each character of a check is worth. */
    private static final byte[] DIGITS = new byte[128];

    static {
        byte[] alphabet = TokenFormat.ALPHABET.getBytes(StandardCharsets.US_ASCII);
        for (byte digit = 0; digit < alphabet.length; digit++) {
            byte c = alphabet[digit];
            DIGITS[c] = digit;
            KINDS[c] = (byte) (ALPHANUMERIC | (c < 'A' || c > 'Z' ? BRAND_CHARACTER : 0));
        }
    }

    private final char[] chars = new char[TokenFormat.MAX_LENGTH];
    private final byte[] token = new byte[TokenFormat.MAX_LENGTH];
    private final byte[] digest = new byte[Digest.LENGTH];
    private final CRC32 crc = new CRC32();
    private final MessageDigest sha256 = Digest.sha256();

    /**
     * Takes a token in and checks all of its form.
     *
     * @return the length of what its digest and check cover, or −1 for a malformed token
     */
    int read(String text) {
        int length = text.length();
        if (length < TokenFormat.MIN_LENGTH || length > TokenFormat.MAX_LENGTH) {
            return -1;
        }
        text.getChars(0, length, chars, 0);
        int seen = 0;
        for (int i = 0; i < length; i++) {
            char c = chars[i];
            seen |= c;
            token[i] = (byte) c;
        }
        if (seen > 0x7f) {
            return -1;
        }
        int tail = length - TokenFormat.TAIL_LENGTH;
        if (token[tail - 1] != '_' || token[tail - 5] != '_' || !TokenFormat.isTag(token, tail - 4)) {
            return -1;
        }
        int kinds = BRAND_CHARACTER;
        for (int i = 0; i < tail - 5; i++) {
            kinds &= KINDS[token[i]];
        }
        int letters = ALPHANUMERIC;
        for (int i = tail; i < length; i++) {
            letters &= KINDS[token[i]];
        }
        if (kinds == 0 || letters == 0) {
            return -1;
        }
        int signed = length - TokenFormat.CHECK_LENGTH;
        crc.reset();
        crc.update(token, 0, signed);
        long check = 0;
        for (int i = signed; i < length; i++) {
            check = check * 62 + DIGITS[token[i]];
        }
        return check == crc.getValue() ? signed : -1;
    }

    /** The bytes of the token that was read last. */
    byte[] token() {
        return token;
    }

    /** The digest of the first {@code signed} bytes; good until the next token is read. */
    byte[] digest(int signed) {
        sha256.update(token, 0, signed);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256 digest", e);
        }
        return digest;
    }
}
