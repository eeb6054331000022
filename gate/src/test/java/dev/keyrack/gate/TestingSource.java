package dev.keyrack.gate;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A change feed in memory: entries with dense numbers from 1 on, each of which nodes must confirm. */
final class TestingSource implements FeedSource {
    private final List<FeedChange> beginning;
    private final List<FeedChange> changes = new ArrayList<>();
    private long keptFrom = 1;
    private @Nullable RuntimeException trouble;
    private int failures;

    /** @param beginning what every snapshot begins with */
    TestingSource(FeedChange... beginning) {
        this.beginning = List.of(beginning);
    }

    /** Commits a change; returns its number. */
    long commit(FeedChange change) {
        return commit(number -> change);
    }

    /** Commits a change that knows its number; returns that. */
    synchronized long commit(LongFunction<FeedChange> change) {
        changes.add(change.apply(changes.size() + 1L));
        return changes.size();
    }

    /** All changes so far, from number 1 on. */
    synchronized List<FeedChange> committed() {
        return List.copyOf(changes);
    }

    /** Forgets all entries so far. */
    synchronized void forget() {
        keptFrom = changes.size() + 1;
    }

    /** Every read fails with this; nothing to read on. */
    synchronized void fail(@Nullable RuntimeException with) {
        trouble = with;
    }

    /** Reads that have failed. */
    synchronized int failures() {
        return failures;
    }

    static long tag(long number) {
        return number * 31 + 7;
    }

    @Override
    public synchronized Head head() {
        if (trouble != null) {
            failures++;
            throw trouble;
        }
        return new Head(changes.size(), tag(changes.size()), 0);
    }

    /** Two entries come with the head: who is further behind has to ask for them. */
    @Override
    public synchronized Next after(long number) {
        Head head = head();
        boolean kept = number >= keptFrom && number <= changes.size();
        return new Next(head, kept ? tag(number) : null, entriesFrom(number + 1, 2));
    }

    @Override
    public synchronized List<FeedEntry> entriesFrom(long number, int limit) {
        List<FeedEntry> entries = new ArrayList<>();
        for (long next = Math.max(number, keptFrom); next <= changes.size() && entries.size() < limit; next++) {
            entries.add(entry(next, changes.get((int) next - 1)));
        }
        return entries;
    }

    private static FeedEntry entry(long number, FeedChange change) {
        return new FeedEntry(number, tag(number), true, change);
    }

    @Override
    public synchronized Head snapshot(Consumer<FeedChange> into) {
        beginning.forEach(into);
        changes.forEach(into);
        return head();
    }
}
