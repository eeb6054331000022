package dev.keyrack.server.store;

import java.util.List;

/** What one slice keeps of an organization, so that it can be erased. */
public interface Erasable {
    /**
     * Deletes some of what is left of it: so much that no other change waits long.
     *
     * @param most how many things at a time, each with what belongs to it
     * @return how many it was, zero only when nothing is left; with what verifiers must know of it
     */
    Change<Integer> erase(Tx tx, String organizationId, int most);

    /**
     * Deletes what the first of these statements finds.
     *
     * @param deletes statements with {@code :organization} and {@code :most}, in the order in which rows refer to each other
     */
    static Change<Integer> first(Tx tx, String organizationId, int most, List<String> deletes) {
        for (String delete : deletes) {
            int deleted = run(tx, organizationId, most, delete);
            if (deleted > 0) {
                return Change.none(deleted);
            }
        }
        return Change.none(0);
    }

    /** Runs all of these statements, the last of which deletes the things to which the other rows belong. */
    static Change<Integer> together(Tx tx, String organizationId, int most, List<String> deletes) {
        int deleted = 0;
        for (String delete : deletes) {
            deleted = run(tx, organizationId, most, delete);
        }
        return Change.none(deleted);
    }

    private static int run(Tx tx, String organizationId, int most, String delete) {
        return tx.handle()
                .createUpdate(delete)
                .bind("organization", organizationId)
                .bind("most", most)
                .execute();
    }
}
