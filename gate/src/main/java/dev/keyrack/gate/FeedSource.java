package dev.keyrack.gate;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
     * The head and, as of the same moment, what comes after a number.
     *
     * @param tag that the number has; nothing where its entry is not kept
     * @param entries the first after the number, in order and without a gap; they need not reach the head
     */
    record Next(Head head, @Nullable Long tag, List<FeedEntry> entries) {
        public Next {
            entries = List.copyOf(entries);
        }

        /** Whether these entries are all that whoever has applied this number with this tag lacks. */
        boolean completes(long number, long ownTag) {
            return tag != null
                    && tag == ownTag
                    && !entries.isEmpty()
                    && entries.getFirst().number() == number + 1
                    && entries.getLast().number() == head.number();
        }
    }

    /**
     * The head, and the first entries after this number where they come at no further cost: whoever was just woken is
     * seldom more than a few behind.
     */
    default Next after(long number) {
        return new Next(head(), null, List.of());
    }

    /**
     * Entries from this number on, in order and without a gap between them: at most so many, and fewer where they are large,
     * but two where there are two. The first one has a higher number than asked for when older entries are no longer kept.
     */
    List<FeedEntry> entriesFrom(long number, int limit);

    /** Hands over the whole state as of one moment, organizations and the catalogue before the keys, and returns that moment's head. */
    Head snapshot(Consumer<FeedChange> into);
}
