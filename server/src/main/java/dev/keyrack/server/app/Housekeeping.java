package dev.keyrack.server.app;

import dev.keyrack.server.feed.FeedRetention;
import dev.keyrack.server.store.StoreFailure;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running process does by itself: clears away at the start and every hour, and keeps the audit trail every minute. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("housekeeping").factory());
    private final FeedRetention feed;

    private Housekeeping(FeedRetention feed) {
        this.feed = feed;
    }

    static Housekeeping start(FeedRetention feed, AuditUpkeep audit) {
        Housekeeping housekeeping = new Housekeeping(feed);
        var next = housekeeping.thread.scheduleWithFixedDelay(housekeeping::run, 0, 1, TimeUnit.HOURS);
        var minute = housekeeping.thread.scheduleWithFixedDelay(audit::run, 1, 1, TimeUnit.MINUTES);
        LOG.debug(
                "housekeeping begins, delays {} and {}",
                next.getDelay(TimeUnit.SECONDS),
                minute.getDelay(TimeUnit.SECONDS));
        return housekeeping;
    }

    /** A run that fails is told and left to the next one. */
    private void run() {
        try {
            long cleared = feed.clear();
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
