package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: only a token that was seen to be good is known again, by an inner product modulo the prime 2⁸⁹ − 1. */
class UniversalHashTest {
    private static final BigInteger PRIME = BigInteger.TWO.pow(89).subtract(BigInteger.ONE);

    private final RandomGenerator random = TestingKey.random(8);
    private final UniversalHash hash = new UniversalHash();

    private BigInteger hashed(byte[] text, int length) {
        hash.hash(text, length);
        return number(hash.low(), hash.high());
    }

    private static BigInteger number(long low, long high) {
        return new BigInteger(Long.toUnsignedString(low))
                .add(BigInteger.valueOf(high).shiftLeft(64));
    }

    private static BigInteger expected(byte[] text, int length) {
        int at = 2 * (length - TokenFormat.MIN_LENGTH);
        BigInteger sum = number(UniversalHash.SUMMANDS[at], UniversalHash.SUMMANDS[at + 1]);
        int words = (length + 7) / 8;
        for (int i = 0; i < words; i++) {
            int from = i < words - 1 ? 8 * i : length - 8;
            byte[] word = Arrays.copyOfRange(text, from, from + 8);
            BigInteger value = BigInteger.ZERO;
            for (int k = 7; k >= 0; k--) {
                value = value.shiftLeft(8).add(BigInteger.valueOf(word[k] & 0xff));
            }
            sum = sum.add(value.multiply(number(UniversalHash.FACTORS[2 * i], UniversalHash.FACTORS[2 * i + 1])));
        }
        return sum.mod(PRIME);
    }

    @Test
    void hashIsTheInnerProductOfWordsAndSecret() {
        for (int length = TokenFormat.MIN_LENGTH; length <= TokenFormat.MAX_LENGTH; length++) {
            for (int i = 0; i < 1_000; i++) {
                byte[] text = new byte[TokenFormat.MAX_LENGTH + 1];
                if (i < 256) {
                    Arrays.fill(text, (byte) i);
                } else {
                    random.nextBytes(text);
                }
                BigInteger actual = hashed(text, length);
                assertThat(actual.mod(PRIME)).isEqualTo(expected(text, length));
                assertThat(actual.bitLength()).isLessThanOrEqualTo(90);
            }
        }
    }

    @Test
    void everyCharacterAndTheLengthCount() {
        for (int length = TokenFormat.MIN_LENGTH; length <= TokenFormat.MAX_LENGTH; length++) {
            byte[] text = new byte[TokenFormat.MAX_LENGTH + 1];
            random.nextBytes(text);
            Set<BigInteger> seen = new HashSet<>(Set.of(hashed(text, length)));
            for (int at = 0; at < length; at++) {
                text[at] ^= 1;
                assertThat(seen.add(hashed(text, length)))
                        .as("character %d of %d", at, length)
                        .isTrue();
                text[at] ^= 1;
            }
            text[length] ^= 1;
            assertThat(seen.add(hashed(text, length))).as("behind the text").isFalse();
            if (length > TokenFormat.MIN_LENGTH) {
                assertThat(seen.add(hashed(text, length - 1))).isTrue();
            }
        }
    }

    @Test
    void secretIsDrawnInFull() {
        for (long[] numbers : new long[][] {UniversalHash.FACTORS, UniversalHash.SUMMANDS}) {
            Set<Long> lower = new HashSet<>();
            long higher = 0;
            for (int i = 0; i < numbers.length; i += 2) {
                lower.add(numbers[i]);
                assertThat(numbers[i + 1]).isBetween(0L, (1L << UniversalHash.HIGH_BITS) - 1);
                higher |= numbers[i + 1];
            }
            assertThat(lower).hasSize(numbers.length / 2);
            assertThat(Long.bitCount(higher)).isGreaterThan(15);
        }
    }
}
