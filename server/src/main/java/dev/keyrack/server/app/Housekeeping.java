package dev.keyrack.server.app;

import dev.keyrack.server.feed.Nodes;
import dev.keyrack.server.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running process does by itself: clears away old records at the start, then every hour; keeps the audit trail and
 * looks after keys every minute; gives up nodes that are gone as soon as their leases are over.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("housekeeping").factory());
    private final Nodes nodes;
    private final List<Old> old;

    private Housekeeping(Nodes nodes, List<Old> old) {
        this.nodes = nodes;
        this.old = old;
    }

    /**
     * Something that is cleared away when it is too old.
     *
     * @param what in the plural
     * @param clear clears it away, and returns how many it was
     */
    record Old(String what, LongSupplier clear) {}

    /** @param lease about how long leases are */
    static Housekeeping start(Nodes nodes, Duration lease, AuditUpkeep audit, KeyUpkeep keys, List<Old> old) {
        Housekeeping housekeeping = new Housekeeping(nodes, List.copyOf(old));
        var hourly = housekeeping.thread.scheduleWithFixedDelay(housekeeping::run, 0, 1, TimeUnit.HOURS);
        var minute = housekeeping.thread.scheduleWithFixedDelay(audit::run, 1, 1, TimeUnit.MINUTES);
        var keysNext = housekeeping.thread.scheduleWithFixedDelay(keys::run, 0, 1, TimeUnit.MINUTES);
        long often = lease.toMillis();
        var nodesNext = housekeeping.thread.scheduleWithFixedDelay(
                housekeeping::endSilentNodes, often, often, TimeUnit.MILLISECONDS);
        LOG.debug(
                "housekeeping begins, delays {}, {}, {} and {}",
                hourly.getDelay(TimeUnit.SECONDS),
                minute.getDelay(TimeUnit.SECONDS),
                keysNext.getDelay(TimeUnit.SECONDS),
                nodesNext.getDelay(TimeUnit.SECONDS));
        return housekeeping;
    }

    private void endSilentNodes() {
        try {
            int ended = nodes.endSilent();
            if (ended > 0) {
                LOG.info(
                        "{} nodes have not been heard of for twice the length of a lease: nobody waits for them",
                        ended);
            }
        } catch (StoreFailure e) {
            LOG.debug("the nodes could not be looked at: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("looking at the nodes failed", e);
        }
    }

    private void run() {
        old.forEach(o -> clear(o.what(), o.clear()));
    }

    /** A run that fails is told and left to the next one. */
    private static void clear(String what, LongSupplier work) {
        try {
            long cleared = work.getAsLong();
            if (cleared > 0) {
                LOG.info("cleared away {} {} that are too old", cleared, what);
            }
        } catch (StoreFailure e) {
            LOG.warn("old {} could not be cleared away: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("clearing away old {} failed", what, e);
        }
    }

    /** Returns when a run under way has ended, so that the store can be closed. */
    @Override
    public void close() {
        thread.close();
    }
}
