package dev.keyrack.gate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is registered, and where it asks for its lease. Every call may block, and fails with
 * {@link FeedUnavailable}; it is then not known whether it was done.
 */
public interface Registrar {

    /**
     * Who a node is.
     *
     * @param name for people: it stands in the list of nodes and in confirmations
     * @param organizationId the organization whose keys it verifies; nothing for all
     * @param version of the program
     */
    record Node(String name, Kind kind, @Nullable String organizationId, String version) {}

    /** What a node is a part of. */
    enum Kind {
        SERVE,
        GATE,
        LIBRARY;

        /** The name in API and store: {@code serve}. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Why a registration ended. */
    enum End {
        /** The node stopped, and had ceased to answer before it said so. */
        STOPPED,
        /** It did not confirm a change, and its lease ran out. */
        LAPSED,
        /** Its feed differed from the database's, so that it took a new snapshot; it had dropped its lease before. */
        DIVERGED,
        /** It registered anew for another reason; it had dropped its lease before. */
        REPLACED;

        /** The name in API and store: {@code lapsed}. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What a node is told when it has said which number it has applied. */
    sealed interface Answer {
        /** A lease of these lengths, from before the report was sent. */
        record Granted(Duration publishable, Duration secret) implements Answer {}

        /** There is a change that the node must apply first: the lease that it has is not prolonged. */
        record Behind() implements Answer {}

        /** The database does not have this number with this tag: a new snapshot is needed, and a new registration. */
        record Diverged() implements Answer {}

        /** There is no such registration, or it has ended: a new one is needed. */
        record Ended() implements Answer {}
    }

    /** A former registration of the same node, which ends as the new one begins, and why. */
    record Former(String registration, End why) {}

    /**
     * Registers a node, which takes a number of the feed.
     *
     * @param registration never used before
     * @param former which must not be used any more; it need not be there
     * @return the number, before whose entry was applied the node says nothing is {@code VALID}
     */
    long register(String registration, Node node, @Nullable Former former);

    /** Notes what a node has applied, and answers whether that is enough. */
    Answer report(String registration, long number, long tag);

    /** Ends a registration, so that nobody waits for it any more. The node must have ceased to say {@code VALID}. */
    void end(String registration, End why);
}
