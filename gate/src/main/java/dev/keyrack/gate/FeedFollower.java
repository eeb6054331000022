package dev.keyrack.gate;

import dev.keyrack.verifier.Fault;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica in step with the change feed.
 *
 * <p>Guarantee: after {@link #catchUp} has returned, every entry of the database's history up to that number is in force
 * in the replica, each applied once and in order. A wake-up only saves waiting for the next poll: what is applied is
 * always read by number. A feed that went back, or whose tag differs at the replica's own number, was restored or failed
 * over; it is loaded anew, and the lease is dropped before.
 */
public final class FeedFollower implements AutoCloseable {
    /** How often the feed is read where somebody calls {@link #wake} after each change. */
    public static final Duration POLL = Duration.ofSeconds(1);

    /** How often it is read where nobody does. */
    public static final Duration POLL_UNWOKEN = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);

    /** Few and large: each waits for the database to get a processor, and then for one of its own. */
    private static final int BATCH = 8_000;

    private final FeedSource source;
    private final Replica replica;
    private final ControlClock clock;
    private final @Nullable LeaseKeeper keeper;
    private final RecentTags recent = new RecentTags();
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition woken = lock.newCondition();
    private Runnable doubt = () -> {};
    private boolean wake;
    private boolean closed;
    private boolean failing;
    private volatile Duration period;
    private volatile long head;
    private final Thread thread;

    /** On a node that needs no lease. */
    public FeedFollower(FeedSource source, Replica replica, ControlClock clock) {
        this(source, replica, clock, null, POLL);
    }

    /**
     * @param keeper asks for the node's lease; nothing where it needs none
     * @param period how often the feed is read without being woken
     */
    public FeedFollower(
            FeedSource source, Replica replica, ControlClock clock, @Nullable LeaseKeeper keeper, Duration period) {
        this.source = source;
        this.replica = replica;
        this.clock = clock;
        this.keeper = keeper;
        this.period = period;
        this.thread = Thread.ofPlatform().daemon().name("feed").unstarted(this::follow);
    }

    /**
     * What is run when there may be nodes with a lease of which the database knows nothing: the feed went back, or is read
     * again after it could not be. Never after {@link #catchUp} has returned, for what was found in it.
     */
    public void whenInDoubt(Runnable run) {
        lock.lock();
        try {
            doubt = run;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Loads the first snapshot, asks for the first lease, then follows in the background.
     *
     * @throws FeedUnavailable if the snapshot cannot be read. Without a lease it starts all the same, and goes on asking
     */
    public void start() {
        if (!replica.loaded()) {
            catchUp(0, 0);
        }
        if (keeper != null && keeper.tend() == 0) {
            read();
            keeper.tend();
        }
        thread.start();
    }

    /** Follows in the background before anything was loaded: for a feed that cannot be read yet. */
    public void startLater() {
        thread.start();
    }

    /**
     * Returns when this number is in force here, as the database has it now.
     *
     * @param tag that the number has in the database
     * @throws FeedUnavailable if the feed cannot be read, or does not have this number
     */
    public void catchUp(long number, long tag) {
        Replica.Position now = replica.position();
        if (now.number() == number && now.tag() == tag) {
            return;
        }
        boolean going = true;
        while (going) {
            lock.lock();
            try {
                // A higher number alone proves nothing: it may be that of a history which the database has lost.
                going = !recent.has(number, tag) && !poll();
                if (!going && replica.number() < number) {
                    throw new FeedUnavailable(
                            "the change feed ends before number " + number, new IllegalStateException("no such entry"));
                }
                if (keeper != null && keeper.due()) {
                    wakeLocked();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The feed has something new: it is read now. Costs next to nothing, and may be called by any thread. */
    public void wake() {
        lock.lock();
        try {
            wakeLocked();
        } finally {
            lock.unlock();
        }
    }

    private void wakeLocked() {
        wake = true;
        woken.signalAll();
    }

    /** Sets how often the feed is read without being woken. */
    public void every(Duration newPeriod) {
        period = newPeriod;
        wake();
    }

    /** How many entries the replica was behind when the feed was read last. */
    public long lag() {
        return Math.max(0, head - replica.number());
    }

    private void follow() {
        try {
            boolean going = true;
            while (going) {
                read();
                going = await(keeper == null || !replica.loaded() ? Long.MAX_VALUE : keeper.tend());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        lock.lock();
        try {
            wake = false;
            // Between batches the lease is looked after: being a long way behind is no reason to lose it.
            wake = !poll();
            recovered();
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the feed is to be read again; false when the follower was closed. */
    private boolean await(long atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = Math.min(atMost, period.toNanos());
            while (!closed && !wake && left > 0) {
                left = woken.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads and applies the next entries. Called with the lock held.
     *
     * @return whether everything up to the head is in force
     */
    private boolean poll() {
        long askedAt = clock.nanos();
        FeedSource.Next next = source.after(replica.number());
        FeedSource.Head newest = next.head();
        clock.told(newest.micros(), askedAt);
        head = newest.number();
        if (!replica.loaded() || newest.number() < replica.number()) {
            load();
            return true;
        }
        if (Fault.REPORT_BEFORE_APPLYING.planted() && keeper != null && newest.number() > replica.number()) {
            keeper.reportUnapplied(newest.number(), newest.tag());
        }
        if (isAt(newest)) {
            return true;
        }
        if (!applyNext(next)) {
            load();
            return true;
        }
        return replica.number() > newest.number() || isAt(newest);
    }

    private boolean isAt(FeedSource.Head newest) {
        return replica.number() == newest.number() && replica.tag() == newest.tag();
    }

    /** Applies the next entries, up to the head at most; false if they do not follow what the replica has. */
    private boolean applyNext(FeedSource.Next read) {
        long own = replica.number();
        if (read.completes(own, replica.tag())) {
            apply(read.entries());
            return true;
        }
        // The last one that it has comes first, to be compared.
        int behind = (int) Math.min(BATCH, read.head().number() - own + 1);
        List<FeedEntry> entries = source.entriesFrom(Math.max(own, 1), behind);
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
        apply(next);
        return true;
    }

    private void apply(List<FeedEntry> next) {
        for (FeedEntry entry : Fault.ENTRIES_OUT_OF_ORDER.planted() ? turnedRound(next) : next) {
            apply(entry);
        }
        replica.halted().ifPresent(reason -> LOG.error("no key is answered VALID any more: {}", reason));
    }

    /** Only where {@link Fault#ENTRIES_OUT_OF_ORDER} is planted: the same numbers, with what they change the other way round. */
    private static List<FeedEntry> turnedRound(List<FeedEntry> entries) {
        List<FeedEntry> turned = new ArrayList<>();
        for (FeedEntry entry : entries) {
            FeedEntry opposite = entries.get(entries.size() - 1 - turned.size());
            turned.add(new FeedEntry(entry.number(), entry.tag(), entry.narrows(), opposite.change()));
        }
        return turned;
    }

    private void apply(FeedEntry entry) {
        replica.apply(entry);
        recent.add(entry.number(), entry.tag());
        if (entry.narrows() && keeper != null) {
            keeper.narrowed();
        }
    }

    private void load() {
        boolean anew = replica.loaded();
        if (anew) {
            doubt.run();
            if (keeper != null) {
                keeper.lost();
            }
        }
        long started = clock.nanos();
        Replica.Loader loader = replica.load();
        FeedSource.Head at = source.snapshot(loader::add);
        loader.finish(at.number(), at.tag());
        recent.restart(at.number(), at.tag());
        LOG.info(
                "loaded {} keys as of number {} in {} ms",
                replica.size(),
                at.number(),
                (clock.nanos() - started) / 1_000_000);
    }

    private void failed(RuntimeException e) {
        if (!failing) {
            failing = true;
            if (e instanceof FeedUnavailable unavailable) {
                LOG.warn("{}; trying again every {} ms", unavailable.why(), period.toMillis());
                LOG.debug("why the change feed cannot be read", e);
            } else {
                LOG.error("following the change feed failed; trying again every {} ms", period.toMillis(), e);
            }
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            doubt.run();
            LOG.info("the change feed can be read again");
        }
    }

    /** Stops following, then deregisters. Whoever answers from the replica must have been closed before. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wakeLocked();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (keeper != null) {
            keeper.stop();
        }
    }
}
