package dev.keyrack.verifier;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How much two texts are like each other. For explanations, not for verdicts. */
final class Likeness {
    /** Longer texts are compared by their beginnings. */
    private static final int LONGEST = 100;

    private Likeness() {}

    /** The candidate that takes the fewest changes to become the text; of several, the first. */
    static Optional<String> nearest(String text, List<String> candidates) {
        return candidates.stream().min(Comparator.comparingInt(candidate -> distance(text, candidate)));
    }

    /** How many characters must be put in, taken out or replaced (Levenshtein distance). */
    static int distance(String one, String other) {
        String a = one.substring(0, Math.min(one.length(), LONGEST));
        String b = other.substring(0, Math.min(other.length(), LONGEST));
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
