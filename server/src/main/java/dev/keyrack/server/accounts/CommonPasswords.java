package dev.keyrack.server.accounts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Passwords that are tried first. Of long ones, nearly all are made by a few habits: a common word or two with digits and
 * signs around them, one written twice, letters replaced by digits that look alike, a walk over the keys, a repetition. So
 * habits are recognised over a list of words, where a list of passwords would hold one spelling of each.
 */
final class CommonPasswords {
    /** Rows of the usual keyboards, and the other orders that everybody knows. */
    private static final String[] ROWS = {
        "01234567890123456789",
        "00112233445566778899",
        "000111222333444555666777888999",
        "147258369",
        "789456123",
        "741852963",
        "159753",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "qazwsxedcrfvtgbyhnujmikolp",
        "!@#$%^&*()_+",
        "qwertyasdfgzxcvb"
    };

    /** A walk is at least this long: shorter ones stand in ordinary words. */
    private static final int WALK = 4;

    /** With fewer different characters, a text is a repetition, whatever its length. */
    private static final int FEW = 5;

    /** So many common words in a row are not yet a phrase of one's own. */
    private static final int WORDS = 2;

    /** A date and a sign or two. */
    private static final int FILLING = 10;

    private static final int LONGEST_WORD = 20;

    /** Of a word that may be written with digits: else each digit would be one. */
    private static final int SHORTEST_REPLACED = 3;

    private final Set<String> words;

    private CommonPasswords(Set<String> words) {
        this.words = words;
    }

    static CommonPasswords load() {
        try (InputStream in = CommonPasswords.class.getResourceAsStream("/passwords/common-words.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return new CommonPasswords(text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Stream.of(line.strip().split(" ", -1)))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toUnmodifiableSet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param password in lower case */
    boolean has(String password) {
        return password.codePoints().distinct().count() < FEW || isRepetition(password) || isMadeOfCommon(password);
    }

    private static boolean isRepetition(String password) {
        for (int period = 1; period <= password.length() / 3; period++) {
            if (password.regionMatches(0, password, period, password.length() - period)) {
                return true;
            }
        }
        return false;
    }

    /** Letters again, where digits and signs that look alike stand for them. */
    private static String unreplaced(String password) {
        return password.replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('5', 's')
                .replace('7', 't')
                .replace('8', 'b')
                .replace('@', 'a')
                .replace('$', 's')
                .replace('!', 'i');
    }

    /** How far a password was read, what words stood in it, and how much else. */
    private record Reading(int at, Set<String> used, int filling) {}

    /** Whether nothing stands in it but walks over the keys, some digits and signs, and a few common words. */
    private boolean isMadeOfCommon(String password) {
        return isMadeOfCommon(password, new Reading(0, Set.of(), 0), new HashSet<>());
    }

    /** @param tried what led to nothing, so that no reading is tried twice */
    private boolean isMadeOfCommon(String password, Reading reading, Set<Reading> tried) {
        int from = reading.at();
        if (from == password.length()) {
            return true;
        }
        if (!tried.add(reading)) {
            return false;
        }
        int walk = walkFrom(password, from);
        if (walk >= WALK
                && isMadeOfCommon(password, new Reading(from + walk, reading.used(), reading.filling()), tried)) {
            return true;
        }
        for (int end = Math.min(password.length(), from + LONGEST_WORD); end > from; end--) {
            String word = password.substring(from, end);
            Set<String> used = with(reading.used(), unreplaced(word));
            if (isWord(word)
                    && used.size() <= WORDS
                    && isMadeOfCommon(password, new Reading(end, used, reading.filling()), tried)) {
                return true;
            }
        }
        return !Character.isLetter(password.charAt(from))
                && reading.filling() < FILLING
                && isMadeOfCommon(password, new Reading(from + 1, reading.used(), reading.filling() + 1), tried);
    }

    private boolean isWord(String text) {
        return words.contains(text) || (text.length() >= SHORTEST_REPLACED && words.contains(unreplaced(text)));
    }

    private static Set<String> with(Set<String> used, String word) {
        Set<String> more = new HashSet<>(used);
        more.add(word);
        return more;
    }

    /** The length of the longest walk over the keys that begins here, forwards or backwards. */
    private static int walkFrom(String password, int from) {
        int longest = 0;
        for (String row : ROWS) {
            longest = Math.max(longest, common(password, from, row));
            longest = Math.max(
                    longest,
                    common(password, from, new StringBuilder(row).reverse().toString()));
        }
        return longest;
    }

    private static int common(String password, int from, String row) {
        int longest = 0;
        for (int start = 0; start < row.length(); start++) {
            int length = 0;
            while (from + length < password.length()
                    && start + length < row.length()
                    && password.charAt(from + length) == row.charAt(start + length)) {
                length++;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }
}
