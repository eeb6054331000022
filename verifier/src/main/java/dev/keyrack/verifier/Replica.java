package dev.keyrack.verifier;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the installation, in memory, as of one number of the change feed.
 *
 * <p>Guarantees: reading never locks and never sees half a change; entries are applied in order, each once; an older
 * version of a key never replaces a newer one; once an entry of an unknown kind was met, no verdict is {@code VALID}
 * until a new snapshot was loaded. Any number of threads may read; one at a time may write.
 */
public final class Replica {
    private volatile @Nullable ReplicaTable table;

    /** Starts a snapshot. The replica answers from what it had until {@link Loader#finish}. */
    public Loader load() {
        return new Loader();
    }

    /** A snapshot being loaded: organizations and the catalogue first, then the keys. */
    public final class Loader {
        private final ReplicaTable next = new ReplicaTable();

        private Loader() {}

        public void add(FeedChange change) {
            next.apply(change);
        }

        /** Puts the snapshot in force, as of this number and tag. */
        public void finish(long number, long tag) {
            next.moveTo(number, tag);
            table = next;
        }
    }

    /**
     * Applies the next entry.
     *
     * @throws IllegalStateException if nothing was loaded yet, or the number does not follow the last one
     */
    public void apply(FeedEntry entry) {
        ReplicaTable now = table;
        if (now == null || entry.number() != now.position().number() + 1) {
            throw new IllegalStateException("entry " + entry.number() + " does not follow "
                    + (now == null
                            ? "anything: no snapshot was loaded"
                            : String.valueOf(now.position().number())));
        }
        if (entry.change() instanceof FeedChange.Unknown(String kind)) {
            now.halt("the change feed has an entry of the unknown kind '" + kind
                    + "': this program is older than the control plane, upgrade it");
        } else {
            now.apply(entry.change());
        }
        now.moveTo(entry.number(), entry.tag());
    }

    /** Why no verdict is {@code VALID} at present although a snapshot was loaded; empty when all is well. */
    public Optional<String> halted() {
        ReplicaTable now = table;
        return now == null ? Optional.empty() : Optional.ofNullable(now.halted());
    }

    public boolean loaded() {
        return table != null;
    }

    /** A place in the history of changes: a number of the feed, and the tag that it has in this history. */
    public record Position(long number, long tag) {
        private static final Position NOWHERE = new Position(-1, 0);
    }

    /** What is in force: everything up to this number. The number is −1 before the first snapshot. */
    public Position position() {
        ReplicaTable now = table;
        return now == null ? Position.NOWHERE : now.position();
    }

    /** The feed number that is in force, or −1 before the first snapshot. */
    public long number() {
        return position().number();
    }

    /** The tag of {@link #number()}. */
    public long tag() {
        return position().tag();
    }

    /** How many keys are held, revoked ones included. */
    public int size() {
        ReplicaTable now = table;
        return now == null ? 0 : now.size();
    }

    @Nullable
    ReplicaTable table() {
        return table;
    }
}
