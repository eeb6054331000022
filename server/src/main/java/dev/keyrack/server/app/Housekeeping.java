package dev.keyrack.server.app;

import dev.keyrack.server.feed.FeedRetention;
import dev.keyrack.server.http.IdempotencyRetention;
import dev.keyrack.server.store.StoreFailure;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running process clears away by itself: at the start, then every hour. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("housekeeping").factory());
    private final FeedRetention feed;
    private final IdempotencyRetention idempotency;

    private Housekeeping(FeedRetention feed, IdempotencyRetention idempotency) {
        this.feed = feed;
        this.idempotency = idempotency;
    }

    static Housekeeping start(FeedRetention feed, IdempotencyRetention idempotency) {
        Housekeeping housekeeping = new Housekeeping(feed, idempotency);
        var next = housekeeping.thread.scheduleWithFixedDelay(housekeeping::run, 0, 1, TimeUnit.HOURS);
        LOG.debug("housekeeping begins, delay {}", next.getDelay(TimeUnit.SECONDS));
        return housekeeping;
    }

    private void run() {
        clear("entries of the change feed", feed::clear);
        clear("answers to calls with an Idempotency-Key", idempotency::clear);
    }

    /** A run that fails is told and left to the next one. */
    private static void clear(String what, LongSupplier work) {
        try {
            long cleared = work.getAsLong();
            if (cleared > 0) {
                LOG.info("cleared away {} {} that are older than a day", cleared, what);
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
