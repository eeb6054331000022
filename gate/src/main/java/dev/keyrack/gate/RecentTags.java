package dev.keyrack.gate;

/** The tags of the numbers that were applied last, so that a number can be told from its namesake in another history. */
final class RecentTags {
    private static final int KEPT = 1 << 12;

    private final long[] tags = new long[KEPT];
    private long oldest;
    private long newest = -1;

    /** Forgets everything but this. */
    void restart(long number, long tag) {
        oldest = number;
        newest = number;
        tags[slot(number)] = tag;
    }

    /** Adds the number after the last one. */
    void add(long number, long tag) {
        newest = number;
        oldest = Math.max(oldest, number - KEPT + 1);
        tags[slot(number)] = tag;
    }

    /** Whether this number was applied with this tag; false where that is no longer known. */
    boolean has(long number, long tag) {
        return number >= oldest && number <= newest && tags[slot(number)] == tag;
    }

    private static int slot(long number) {
        return (int) (number & (KEPT - 1));
    }
}
