package dev.keyrack.chaos;

import java.util.Set;

/** Something that the harness did or saw. Times are nanoseconds of the harness's own clock since its history began. */
sealed interface Event {
    /** When it began. */
    long invoked();

    /** When it was over. */
    long returned();

    /**
     * A change that a client asked for.
     *
     * @param node through which it was asked for
     * @param key its name, which the harness gave it
     * @param generation of the token that a creation or regeneration answered with; 0 otherwise
     * @param overlapSeconds for which a regeneration lets the token before it work
     * @param request its id, which audit events carry
     */
    record Changed(
            String client,
            String node,
            Deed deed,
            String key,
            int generation,
            int overlapSeconds,
            long invoked,
            long returned,
            Outcome outcome,
            int status,
            String request)
            implements Event {}

    /**
     * A token that was asked about.
     *
     * @param invoked just before its bytes were handed to the system
     * @param code the verdict, or {@link #NOTHING}
     */
    record Verified(String node, String key, int generation, long invoked, long returned, String code)
            implements Event {
        /** The connection ended without an answer. */
        static final String NOTHING = "no answer";
    }

    /**
     * A fault that the harness made, from the moment it began until the moment all was well again.
     *
     * @param nodes that it could harm
     */
    record Disturbed(Set<String> nodes, String what, long invoked, long returned) implements Event {}

    /** A key as the management API showed it when all had healed. */
    record Found(String node, String key, String state, int generation, long invoked, long returned) implements Event {}
}
