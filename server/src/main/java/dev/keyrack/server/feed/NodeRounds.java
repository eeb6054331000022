package dev.keyrack.server.feed;

import dev.keyrack.server.store.Store;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes again and again, once for everybody who waits, and not at all while nobody does.
 *
 * <p>Guarantee: what {@link #next} promises was read wholly after it was asked for.
 */
final class NodeRounds {
    private static final long SHORTEST_PAUSE = 2_000_000L;
    private static final long LONGEST_PAUSE = 20_000_000L;

    private final Store store;
    private final NodeSql sql = new NodeSql();
    private CompletableFuture<Round> next = new CompletableFuture<>();
    private boolean asked;
    private boolean polling;
    private long pause;

    /** @param longestLease that is granted now or was granted to one of these, in microseconds */
    record Round(List<NodeRow> live, long longestLease) {}

    NodeRounds(Store store) {
        this.store = store;
    }

    /** @param first whether the caller has not asked before, so that the answer may come soon */
    synchronized CompletableFuture<Round> next(boolean first) {
        asked = true;
        if (first) {
            pause = SHORTEST_PAUSE;
        }
        if (!polling) {
            polling = true;
            Thread.ofVirtual().name("nodes").start(this::poll);
        }
        return next;
    }

    private void poll() {
        CompletableFuture<Round> begun = begun();
        while (begun != null) {
            CompletableFuture<Round> round = begun;
            try {
                // Within the question: whoever waits need not wait for its end, too.
                store.ask(tx -> round.complete(sql.round(tx)));
            } catch (RuntimeException e) {
                round.completeExceptionally(e);
            }
            LockSupport.parkNanos(paused());
            begun = begun();
        }
    }

    /** The round that begins now; nothing when nobody waits for it. */
    private synchronized @Nullable CompletableFuture<Round> begun() {
        if (!asked) {
            polling = false;
            return null;
        }
        asked = false;
        CompletableFuture<Round> round = next;
        next = new CompletableFuture<>();
        return round;
    }

    /** The longer somebody waits, the longer a node is likely to be silent. */
    private synchronized long paused() {
        long now = pause;
        pause = Math.min(LONGEST_PAUSE, now + now / 8);
        return now;
    }
}
