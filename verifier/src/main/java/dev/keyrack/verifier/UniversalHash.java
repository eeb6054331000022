package dev.keyrack.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A hash of texts as long as tokens, under a secret that each process draws for itself: by it, a process knows a token again
 * that it has seen to be good, for a fraction of what a SHA-256 costs.
 *
 * <p>Guarantee: whatever two different texts are, the chance that their hashes are equal is 2⁻⁸⁹, over the draw of the secret
 * (an inner product modulo the prime 2⁸⁹ − 1: Carter and Wegman, "Universal Classes of Hash Functions", 1979). It needs
 * secrecy and nothing else: neither secret nor hashes leave the process, and a refusal tells who guesses only that this guess
 * was wrong, so that n guesses find an equal hash with a chance of n · 2⁻⁸⁹ at most. For one thread at a time.
 */
final class UniversalHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    /** The bits of a number modulo 2⁸⁹ − 1 above the lower 64. */
    static final int HIGH_BITS = 25;

    private static final long HIGH = (1L << HIGH_BITS) - 1;
    private static final int WORD = Long.BYTES;

    /** One for each word of a text; the lower 64 bits of each, and then the others. */
    static final long[] FACTORS = draw((TokenFormat.MAX_LENGTH + WORD - 1) / WORD);

    /** One for each length, so that texts of different lengths are different, too. */
    static final long[] SUMMANDS = draw(TokenFormat.MAX_LENGTH - TokenFormat.MIN_LENGTH + 1);

    private long low;
    private int high;

    private static long[] draw(int count) {
        SecureRandom random = new SecureRandom();
        long[] numbers = new long[2 * count];
        for (int i = 0; i < numbers.length; i += 2) {
            numbers[i] = random.nextLong();
            numbers[i + 1] = random.nextLong() & HIGH;
        }
        return numbers;
    }

    /** Hashes a text that is as long as a token can be; the other methods then tell its hash. */
    void hash(byte[] text, int length) {
        int summand = 2 * (length - TokenFormat.MIN_LENGTH);
        // The sum is a + b · 2⁶⁴ + c · 2¹²⁸.
        long a = SUMMANDS[summand];
        long b = SUMMANDS[summand + 1];
        long c = 0;
        for (int at = 0, factor = 0; at < length; at += WORD, factor += 2) {
            // The last word overlaps the one before, so that nothing behind the text is read.
            long word = (long) LONGS.get(text, Math.min(at, length - WORD));
            long lower = FACTORS[factor];
            long higher = FACTORS[factor + 1];
            long product = lower * word;
            a += product;
            long carried = Math.unsignedMultiplyHigh(lower, word) + carry(a, product);
            b += carried;
            c += carry(b, carried);
            product = higher * word;
            b += product;
            c += Math.unsignedMultiplyHigh(higher, word) + carry(b, product);
        }
        // 2⁸⁹ is 1: what lies above is added to what lies below.
        long above = (b >>> HIGH_BITS) | (c << (Long.SIZE - HIGH_BITS));
        low = a + above;
        high = (int) ((b & HIGH) + (c >>> HIGH_BITS) + carry(low, above));
    }

    /** What a sum carries over, told by one of its summands. */
    private static long carry(long sum, long summand) {
        return Long.compareUnsigned(sum, summand) < 0 ? 1 : 0;
    }

    /** The lower 64 bits of the hash. */
    long low() {
        return low;
    }

    /** The bits above. */
    int high() {
        return high;
    }
}
