package dev.keyrack.gate;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the follower of the feed as soon as PostgreSQL says that there is something new.
 *
 * <p>Guarantee: none that a verdict depends on. Where nothing is heard, the follower is told to look oftener by itself.
 * A lost connection is made again, for as long as it takes.
 */
public final class WakeUps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);

    /** Silence beyond it is asked about: half of a connection may be gone without a word. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Between attempts where connections are made but nothing is heard: a pooler seldom changes its mode. */
    private static final Duration DEAF_PAUSE = Duration.ofMinutes(5);

    private final ListenSql source;
    private final Runnable wake;
    private final Consumer<Duration> every;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private ListenSql.@Nullable Ear ear;
    private boolean told;

    /**
     * Both are called on this object's own thread, and must not block for long.
     *
     * @param wake what is called when there may be something new
     * @param every what is told how often to look without being woken
     */
    public WakeUps(ListenSql source, Runnable wake, Consumer<Duration> every) {
        this.source = source;
        this.wake = wake;
        this.every = every;
        this.thread = Thread.ofPlatform().daemon().name("wake-ups").unstarted(this::run);
    }

    public WakeUps start() {
        thread.start();
        return this;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed()) {
            Duration next = LONGEST_PAUSE;
            try (ListenSql.Ear opened = source.listen()) {
                keep(opened);
                if (opened.works()) {
                    pause = FIRST_PAUSE;
                    hear(opened);
                } else {
                    deaf();
                    next = DEAF_PAUSE;
                }
            } catch (FeedUnavailable e) {
                LOG.debug("{}", e.getMessage(), e);
                next = pause;
                pause = longer(pause);
            } finally {
                keep(null);
            }
            await(next);
        }
    }

    /** Wakes at once, since something may have been said before anybody listened; then whenever something is said. */
    private void hear(ListenSql.Ear opened) {
        told = false;
        every.accept(FeedFollower.POLL);
        wake.run();
        try {
            while (!closed()) {
                if (opened.heard(SILENCE)) {
                    wake.run();
                } else {
                    opened.requireAlive();
                }
            }
        } finally {
            every.accept(FeedFollower.POLL_UNWOKEN);
        }
    }

    private void deaf() {
        every.accept(FeedFollower.POLL_UNWOKEN);
        if (!told) {
            told = true;
            LOG.info("notifications of PostgreSQL do not arrive, as through a pooler in transaction mode:"
                    + " the change feed is read ten times a second instead");
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private void keep(ListenSql.@Nullable Ear opened) {
        lock.lock();
        try {
            ear = opened;
            if (closed && opened != null) {
                opened.abort();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            if (ear != null) {
                ear.abort();
            }
        } finally {
            lock.unlock();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
