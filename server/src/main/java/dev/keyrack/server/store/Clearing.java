package dev.keyrack.server.store;

/** Clears away what is old, so many rows in one transaction that no other change waits long. */
public final class Clearing {
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "housekeeping");

    private Clearing() {}

    /** Clears away at most so many rows, and returns how many it was. */
    public interface Batch {
        int clear(Tx tx, int most);
    }

    /** Repeats a batch until nothing is left of it. Returns how many rows were cleared away. */
    public static long all(Store store, int most, Batch batch) {
        long all = 0;
        int some;
        do {
            some = store.change(CAUSE, tx -> Change.none(batch.clear(tx, most))).result();
            all += some;
        } while (some == most);
        return all;
    }
}
