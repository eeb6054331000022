package dev.keyrack.gate;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import java.util.List;
import java.util.function.Consumer;

/** Where a node reads the change feed. Every call may block, and fails with {@link FeedUnavailable}. */
public interface FeedSource {

    /**
     * The newest number of the feed with its tag, and the control plane's time when it was read.
     *
     * @param micros microseconds since 1970
     */
    record Head(long number, long tag, long micros) {}

    Head head();

    /**
     * Entries from this number on, in order and without a gap between them: at most so many, and fewer where they are large,
     * but two where there are two. The first one has a higher number than asked for when older entries are no longer kept.
     */
    List<FeedEntry> entriesFrom(long number, int limit);

    /** Hands over the whole state as of one moment, organizations and the catalogue before the keys, and returns that moment's head. */
    Head snapshot(Consumer<FeedChange> into);
}
