package dev.keyrack.verifier;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.zip.CRC32;

/**
 * Reads one token after another without allocating: what one thread needs for a verification, made once.
 *
 * <p>Written for speed. A token is copied out, and its form is looked at only where nothing else vouches for it: a text
 * whose {@link #hash} is that of a token that was seen to be good is that token. The form is then looked at eight
 * characters at once, and all that may be wrong with it is gathered without a branch: branches on random characters cost
 * more than the work they save, and a malformed token has no reason to be quick.
 */
final class TokenReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = EACH << 7;

    /** 1 for each ASCII character that a brand may have. */
    private static final byte[] BRAND = new byte[256];

    /** What each character of a check is worth. */
    private static final byte[] DIGITS = new byte[128];

    static {
        byte[] alphabet = TokenFormat.ALPHABET.getBytes(StandardCharsets.US_ASCII);
        for (byte digit = 0; digit < alphabet.length; digit++) {
            byte c = alphabet[digit];
            DIGITS[c] = digit;
            BRAND[c] = (byte) (c < 'A' || c > 'Z' ? 1 : 0);
        }
    }

    private final byte[] token = new byte[TokenFormat.MAX_LENGTH + 1];
    private final MemorySegment taken = MemorySegment.ofArray(token);
    private final byte[] digest = new byte[Digest.LENGTH];
    private final CRC32 crc = new CRC32();
    private final MessageDigest sha256 = Digest.sha256();
    private final UniversalHash hash = new UniversalHash();

    /** How many bytes of the token its digest and its check cover. */
    private int signed;

    /**
     * Takes a text in, and looks at its length only.
     *
     * @return where the id of a token begins, or −1 for a text that is none
     */
    int take(String text) {
        if (!TokenFormat.hasLength(text)) {
            return -1;
        }
        // What ISO 8859-1 does not have becomes a question mark, which no token has.
        taken.setString(0, text, StandardCharsets.ISO_8859_1);
        signed = text.length() - TokenFormat.CHECK_LENGTH;
        return text.length() - TokenFormat.TAIL_LENGTH;
    }

    /** Whether the text that was taken in last has the form of a token, and ends with the check of the rest. */
    boolean isToken() {
        if (!hasForm()) {
            return false;
        }
        crc.reset();
        crc.update(token, 0, signed);
        return written() == crc.getValue();
    }

    private boolean hasForm() {
        int tail = signed + TokenFormat.CHECK_LENGTH - TokenFormat.TAIL_LENGTH;
        if (token[tail - 1] != '_' || token[tail - 5] != '_' || !TokenFormat.isTag(token, tail - 4)) {
            return false;
        }
        byte kinds = 1;
        for (int i = 0; i < tail - 5; i++) {
            kinds &= BRAND[token[i] & 0xff];
        }
        long letters = alphanumeric(word(tail))
                & alphanumeric(word(tail + 8))
                & alphanumeric(word(tail + 16))
                & alphanumeric(word(tail + 24))
                & alphanumeric(word(tail + 32))
                & alphanumeric(word(lastWord()));
        return kinds != 0 && (letters & HIGH_BITS) == HIGH_BITS;
    }

    /** The check as it stands there, of digits and letters only: it may be greater than any check is. */
    private long written() {
        return 916_132_832L * DIGITS[token[signed]]
                + 14_776_336L * DIGITS[token[signed + 1]]
                + 238_328L * DIGITS[token[signed + 2]]
                + 3_844L * DIGITS[token[signed + 3]]
                + 62L * DIGITS[token[signed + 4]]
                + DIGITS[token[signed + 5]];
    }

    /** Where the last eight characters begin. */
    private int lastWord() {
        return signed + TokenFormat.CHECK_LENGTH - 8;
    }

    private long word(int at) {
        return (long) LONGS.get(token, at);
    }

    /** The high bit of each byte that is a digit or a letter in ASCII; the other bits mean nothing. */
    private static long alphanumeric(long bytes) {
        long ascii = bytes & ~HIGH_BITS;
        long digit = (ascii + EACH * (0x80 - '0')) & ~(ascii + EACH * (0x7f - '9'));
        long folded = ascii | EACH * 0x20;
        long letter = (folded + EACH * (0x80 - 'a')) & ~(folded + EACH * (0x7f - 'z'));
        return (digit | letter) & ~bytes;
    }

    /** The bytes of the text that was taken in last. */
    byte[] token() {
        return token;
    }

    /** The hash of the text that was taken in last, with its check; good until the next one is taken in. */
    UniversalHash hash() {
        hash.hash(token, signed + TokenFormat.CHECK_LENGTH);
        return hash;
    }

    /** The digest of the text that was taken in last, without its check; good until the next one is taken in. */
    byte[] digest() {
        sha256.update(token, 0, signed);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256 digest", e);
        }
        return digest;
    }
}
