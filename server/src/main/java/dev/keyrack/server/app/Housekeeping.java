package dev.keyrack.server.app;

import dev.keyrack.server.feed.FeedRetention;
import dev.keyrack.server.feed.Nodes;
import dev.keyrack.server.store.StoreFailure;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running process clears away by itself: old records at the start, then every hour; nodes that are gone as soon as
 * their leases are over.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("housekeeping").factory());
    private final FeedRetention feed;
    private final Nodes nodes;

    private Housekeeping(FeedRetention feed, Nodes nodes) {
        this.feed = feed;
        this.nodes = nodes;
    }

    /** @param lease about how long leases are */
    static Housekeeping start(FeedRetention feed, Nodes nodes, Duration lease) {
        Housekeeping housekeeping = new Housekeeping(feed, nodes);
        var hourly = housekeeping.thread.scheduleWithFixedDelay(housekeeping::run, 0, 1, TimeUnit.HOURS);
        long often = lease.toMillis();
        var nodesNext = housekeeping.thread.scheduleWithFixedDelay(
                housekeeping::endSilentNodes, often, often, TimeUnit.MILLISECONDS);
        LOG.debug(
                "housekeeping begins, delays {} and {}",
                hourly.getDelay(TimeUnit.SECONDS),
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

    /** A run that fails is told and left to the next one. */
    private void run() {
        try {
            long cleared = feed.clear();
            nodes.clear();
            if (cleared > 0) {
                LOG.info("cleared away {} entries of the change feed that are older than a day", cleared);
            }
        } catch (StoreFailure e) {
            LOG.warn("old entries of the change feed could not be cleared away: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("clearing away old entries of the change feed failed", e);
        }
    }

    /** Returns when a run under way has ended, so that the store can be closed. */
    @Override
    public void close() {
        thread.close();
    }
}
