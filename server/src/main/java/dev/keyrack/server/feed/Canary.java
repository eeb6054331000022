package dev.keyrack.server.feed;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.TokenFormat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key that is made to be revoked, every few minutes, so that it is known how long a revocation takes before anybody
 * needs one.
 *
 * <p>Guarantees: it goes the whole way of a revocation, to every node that verifies all keys; nobody has ever had its
 * token; it is in no table and in no audit trail. It stands in the change feed alone and in the memory of the nodes, always
 * under the same id, and each round begins by removing what a process that was killed may have left there. So several
 * processes may each have one at the same time: every one measures its own revocation.
 */
public final class Canary implements AutoCloseable {
    /** How often it is revoked. */
    public static final Duration PERIOD = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "canary");
    private static final KeyId ID = new KeyId("canary00000");

    /** It belongs to no organization, and not to every one, so that nobody's call ever waits for it. */
    private static final String NOBODY = "-";

    private final Store store;
    private final Confirmations confirmations;
    private final NodeMetrics metrics;
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("canary").factory());

    /**
     * @param random a cryptographically strong source
     * @param nanos a monotonic clock
     */
    public Canary(
            Store store, Confirmations confirmations, NodeMetrics metrics, RandomGenerator random, LongSupplier nanos) {
        this.store = store;
        this.confirmations = confirmations;
        this.metrics = metrics;
        this.random = random;
        this.nanos = nanos;
    }

    /** Revokes one at the end of each period, until it is closed. A thread of its own, since a round may wait for a lease. */
    public Canary start(Duration period) {
        metrics.expectCanary();
        var next =
                thread.scheduleWithFixedDelay(this::run, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("the first canary is revoked in {} s", next.getDelay(TimeUnit.SECONDS));
        return this;
    }

    /** A round that fails is told and left to the next one, which begins by removing the key. */
    private void run() {
        try {
            round();
        } catch (StoreFailure e) {
            LOG.warn("the canary key was not seen to be revoked everywhere: {}", e.getMessage());
        } catch (RuntimeException e) {
            if (!thread.isShutdown()) {
                LOG.error("revoking the canary key failed", e);
            }
        }
    }

    /** Makes it, revokes it, waits until that is in force everywhere, and removes it. */
    void round() {
        Digest digest = TokenFormat.mint("kr", KeyType.SERVER.tag(), random).digest();
        write(false, new FeedChange.KeyRemoved(ID), key(digest, KeyState.ACTIVE, 1));
        long since = nanos.getAsLong();
        Committed<?> revoked = write(true, key(digest, KeyState.REVOKED, 2));
        confirmations.of(revoked, NOBODY, lag -> {});
        metrics.canary(nanos.getAsLong() - since);
        write(false, new FeedChange.KeyRemoved(ID));
    }

    private static FeedChange.Key key(Digest digest, KeyState state, long version) {
        return new FeedChange.Key(
                ID,
                NOBODY,
                "",
                KeyType.SERVER,
                state,
                version,
                List.of(new FeedChange.Token(1, digest, FeedChange.NEVER)),
                FeedChange.NEVER,
                List.of(),
                0,
                Restrictions.NONE);
    }

    private Committed<?> write(boolean narrows, FeedChange... changes) {
        List<FeedDraft> entries = Stream.of(changes)
                .map(change -> new FeedDraft(NOBODY, change, narrows))
                .toList();
        return store.change(CAUSE, tx -> new Change<>(ID, List.of(), entries));
    }

    /** Gives up a round under way, and returns when it has ended, so that the store can be closed. */
    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
