package dev.keyrack.gate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down every other second what was refused, on a thread of its own: a verdict never waits for it. What cannot be
 * written is told and forgotten, since the store has more important things to do when it is back.
 */
public final class RefusalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalWriter.class);
    private static final Duration OFTEN = Duration.ofSeconds(2);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("refusals").factory());
    private final Refusals refusals;
    private final RefusalSql store;

    public RefusalWriter(Refusals refusals, RefusalSql store) {
        this.refusals = refusals;
        this.store = store;
    }

    public RefusalWriter start() {
        var next =
                thread.scheduleWithFixedDelay(this::write, OFTEN.toMillis(), OFTEN.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("refusals are written down, first in {} ms", next.getDelay(TimeUnit.MILLISECONDS));
        return this;
    }

    private void write() {
        List<Refusals.Counted> counted = refusals.drain();
        if (counted.isEmpty()) {
            return;
        }
        try {
            store.write(counted);
        } catch (FeedUnavailable e) {
            LOG.warn("{} refusals of keys could not be written down, and are forgotten", counted.size());
        } catch (RuntimeException e) {
            LOG.error("writing down refusals failed", e);
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        thread.close();
        write();
    }
}
