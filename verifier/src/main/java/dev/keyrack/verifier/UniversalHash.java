package dev.keyrack.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A hash of 96 bits of texts as long as tokens, under a secret that each process draws for itself: by it, a process knows a
 * token again that it has seen to be good, for a fraction of what a SHA-256 costs.
 *
 * <p>Guarantee: whatever two different texts are, the chance that their hashes are equal is 2⁻⁹⁶, over the draw of the secret.
 * It needs secrecy and nothing else: neither secret nor hashes leave the process, and a refusal tells who guesses only that
 * this guess was wrong, so that n guesses find an equal hash with a chance of n · 2⁻⁹⁶ at most. For one thread at a time.
 *
 * <p>Three times Multilinear, each with a secret of its own (Lemire and Kaser, "Strongly universal string hashing is fast",
 * The Computer Journal 57(11), 2014): the upper half of a sum of 32-bit words, each times 64 random bits, modulo 2⁶⁴.
 */
final class UniversalHash {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final int WORD = Integer.BYTES;
    private static final long UPPER = 0xffff_ffff_0000_0000L;

    /** What words are multiplied with in each of the sums: those of a text in their order, and its last four bytes. */
    private static final int FACTORS = TokenFormat.MAX_LENGTH / WORD + 1;

    private static final int LAST = FACTORS - 1;

    /** Then what a sum begins with, for each length: so that texts of different lengths are different, too. */
    private static final int NUMBERS = FACTORS + TokenFormat.MAX_LENGTH - TokenFormat.MIN_LENGTH + 1;

    static final long[] FIRST = draw();
    static final long[] SECOND = draw();
    static final long[] THIRD = draw();

    private long high;
    private int low;

    private static long[] draw() {
        return new SecureRandom().longs(NUMBERS).toArray();
    }

    /** Hashes a text that is as long as a token can be; the other methods then tell its hash. */
    void hash(byte[] text, int length) {
        int begin = FACTORS + length - TokenFormat.MIN_LENGTH;
        long last = word(text, length - WORD);
        long a = FIRST[begin] + FIRST[LAST] * last;
        long b = SECOND[begin] + SECOND[LAST] * last;
        long c = THIRD[begin] + THIRD[LAST] * last;
        int words = length / WORD;
        for (int i = 0; i < words; i++) {
            long word = word(text, i * WORD);
            a += FIRST[i] * word;
            b += SECOND[i] * word;
            c += THIRD[i] * word;
        }
        high = (a & UPPER) | (b >>> Integer.SIZE);
        low = (int) (c >>> Integer.SIZE);
    }

    private static long word(byte[] text, int at) {
        return Integer.toUnsignedLong((int) INTS.get(text, at));
    }

    /** The first 64 bits of the hash. */
    long high() {
        return high;
    }

    /** The other 32. */
    int low() {
        return low;
    }
}
