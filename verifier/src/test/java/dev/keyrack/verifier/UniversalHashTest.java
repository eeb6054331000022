package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: only a token that was seen to be good is known again. */
class UniversalHashTest {
    private static final int LONGEST = 61;
    private static final int SHORTEST = 51;

    private final RandomGenerator random = TestingKey.random(8);
    private final UniversalHash hash = new UniversalHash();

    private String hashed(byte[] text, int length) {
        hash.hash(text, length);
        return "%016x%08x".formatted(hash.high(), hash.low());
    }

    /** The definition of Multilinear, in whole numbers. */
    private static String expected(byte[] text, int length) {
        StringBuilder hashes = new StringBuilder();
        for (long[] secret : List.of(UniversalHash.FIRST, UniversalHash.SECOND, UniversalHash.THIRD)) {
            List<BigInteger> words = new ArrayList<>();
            for (int from = 0; from + 4 <= length; from += 4) {
                words.add(word(text, from));
            }
            BigInteger sum = unsigned(secret[16 + length - SHORTEST]);
            for (int i = 0; i < words.size(); i++) {
                sum = sum.add(words.get(i).multiply(unsigned(secret[i])));
            }
            sum = sum.add(word(text, length - 4).multiply(unsigned(secret[15])));
            hashes.append("%08x".formatted(sum.shiftRight(32).intValue()));
        }
        return hashes.toString();
    }

    private static BigInteger word(byte[] text, int from) {
        BigInteger word = BigInteger.ZERO;
        for (int i = 3; i >= 0; i--) {
            word = word.shiftLeft(8).add(BigInteger.valueOf(text[from + i] & 0xff));
        }
        return word;
    }

    private static BigInteger unsigned(long number) {
        return new BigInteger(Long.toUnsignedString(number));
    }

    @Test
    void hashIsThreeTimesMultilinear() {
        assertThat(TokenFormat.MIN_LENGTH).isEqualTo(SHORTEST);
        assertThat(TokenFormat.MAX_LENGTH).isEqualTo(LONGEST);
        for (int length = SHORTEST; length <= LONGEST; length++) {
            for (int i = 0; i < 1_000; i++) {
                byte[] text = new byte[LONGEST + 1];
                if (i < 256) {
                    Arrays.fill(text, (byte) i);
                } else {
                    random.nextBytes(text);
                }
                assertThat(hashed(text, length)).isEqualTo(expected(text, length));
            }
        }
    }

    @Test
    void everyCharacterAndTheLengthCount() {
        for (int length = SHORTEST; length <= LONGEST; length++) {
            byte[] text = new byte[LONGEST + 1];
            random.nextBytes(text);
            Set<String> seen = new HashSet<>(Set.of(hashed(text, length)));
            for (int at = 0; at < length; at++) {
                text[at] ^= 1;
                assertThat(seen.add(hashed(text, length)))
                        .as("character %d of %d", at, length)
                        .isTrue();
                text[at] ^= 1;
            }
            text[length] ^= 1;
            assertThat(seen.add(hashed(text, length))).as("behind the text").isFalse();
            if (length > SHORTEST) {
                assertThat(seen.add(hashed(text, length - 1))).isTrue();
            }
        }
    }

    @Test
    void eachSumHasASecretOfItsOwn() {
        Set<Long> numbers = new HashSet<>();
        for (long[] secret : List.of(UniversalHash.FIRST, UniversalHash.SECOND, UniversalHash.THIRD)) {
            assertThat(secret).hasSize(16 + LONGEST - SHORTEST + 1);
            Arrays.stream(secret)
                    .forEach(number -> assertThat(numbers.add(number)).isTrue());
        }
        // Each bit of 81 numbers is drawn: 81 coins that all fall alike are no coins.
        long some = numbers.stream().reduce(0L, (a, b) -> a | b);
        long all = numbers.stream().reduce(-1L, (a, b) -> a & b);
        assertThat(some).isEqualTo(-1L);
        assertThat(all).isZero();
    }
}
