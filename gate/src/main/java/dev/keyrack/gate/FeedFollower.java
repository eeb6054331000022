package dev.keyrack.gate;

import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.Replica;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica in step with the change feed.
 *
 * <p>Guarantee: after {@link #catchUp(long)} has returned, every entry up to that number is in force in the replica, each
 * applied once and in order. A wake-up only saves waiting for the next poll: what is applied is always read by number. A
 * feed that went back, or whose tag differs at the replica's own number, was restored or failed over; it is loaded anew.
 */
public final class FeedFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);
    private static final int BATCH = 1_000;
    private static final long POLL_NANOS = 1_000_000_000L;

    private final FeedSource source;
    private final Replica replica;
    private final ControlClock clock;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private boolean woken;
    private boolean failing;
    private final Thread thread;

    public FeedFollower(FeedSource source, Replica replica, ControlClock clock) {
        this.source = source;
        this.replica = replica;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("feed").unstarted(this::follow);
    }

    /**
     * Loads the first snapshot, then follows in the background.
     *
     * @throws FeedUnavailable if the snapshot cannot be read
     */
    public void start() {
        catchUp(0);
        thread.start();
    }

    /** Follows in the background before anything was loaded: for a feed that cannot be read yet. */
    public void startLater() {
        thread.start();
    }

    /** Looks at the feed now, in the background: there may be something new. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns when this number is in force here.
     *
     * @throws FeedUnavailable if the feed cannot be read, or does not have this number
     */
    public void catchUp(long number) {
        if (replica.number() >= number && replica.loaded()) {
            return;
        }
        lock.lock();
        try {
            if (replica.number() < number || !replica.loaded()) {
                poll();
            }
            if (replica.number() < number) {
                throw new FeedUnavailable(
                        "the change feed ends before number " + number, new IllegalStateException("no such entry"));
            }
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        lock.lock();
        try {
            while (!closed) {
                woken = false;
                try {
                    poll();
                    recovered();
                } catch (RuntimeException e) {
                    failed(e);
                }
                long left = POLL_NANOS;
                while (!closed && !woken && left > 0) {
                    left = closing.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Reads and applies everything up to the head. Called with the lock held. */
    private void poll() {
        long askedAt = clock.nanos();
        FeedSource.Head head = source.head();
        clock.told(head.micros(), askedAt);
        if (!replica.loaded() || head.number() < replica.number()) {
            load();
            return;
        }
        while (replica.number() < head.number() || replica.tag() != head.tag()) {
            if (!applyNext()) {
                load();
                return;
            }
            if (replica.number() >= head.number()) {
                return;
            }
        }
    }

    /** Applies the next entries; false if they do not follow what the replica has. */
    private boolean applyNext() {
        long own = replica.number();
        List<FeedEntry> entries = source.entriesFrom(Math.max(own, 1), BATCH);
        if (entries.isEmpty()) {
            return false;
        }
        List<FeedEntry> next = entries;
        if (own > 0) {
            FeedEntry last = entries.getFirst();
            if (last.number() != own || last.tag() != replica.tag()) {
                return false;
            }
            next = entries.subList(1, entries.size());
        }
        if (next.isEmpty() || next.getFirst().number() != own + 1) {
            return false;
        }
        for (FeedEntry entry : next) {
            replica.apply(entry);
        }
        replica.halted().ifPresent(reason -> LOG.error("no key is answered VALID any more: {}", reason));
        return true;
    }

    private void load() {
        long started = clock.nanos();
        Replica.Loader loader = replica.load();
        FeedSource.Head head = source.snapshot(loader::add);
        loader.finish(head.number(), head.tag());
        LOG.info(
                "loaded {} keys as of number {} in {} ms",
                replica.size(),
                head.number(),
                (clock.nanos() - started) / 1_000_000);
    }

    private void failed(RuntimeException e) {
        if (!failing) {
            failing = true;
            LOG.warn("{}; trying again every second", e.getMessage(), e);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("the change feed can be read again");
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
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
