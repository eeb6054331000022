package dev.keyrack.server.app;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import java.util.List;
import java.util.function.Consumer;

/**
 * A feed that is not read before its store was found to fit this program: one that could not be looked at when the
 * program started may turn out to be another one. One thread reads it.
 */
final class CheckedFeed implements FeedSource {
    private final FeedSource feed;
    private final FeedSource patient;
    private final Runnable check;
    private volatile boolean fits;

    /**
     * @param patient the same feed, on connections that wait longer: for the snapshot
     * @param check throws {@link CannotStart} or {@link FeedUnavailable} unless the store fits
     */
    CheckedFeed(FeedSource feed, FeedSource patient, Runnable check) {
        this.feed = feed;
        this.patient = patient;
        this.check = check;
    }

    /**
     * Whether it can be read by now.
     *
     * @throws CannotStart if it is not for this program
     */
    boolean readable() {
        try {
            requireFits();
            return true;
        } catch (FeedUnavailable e) {
            return false;
        }
    }

    private void requireFits() {
        if (!fits) {
            check.run();
            fits = true;
        }
    }

    /** To whoever follows the feed, one that does not fit is one that cannot be read. */
    private FeedSource checked(FeedSource wanted) {
        try {
            requireFits();
            return wanted;
        } catch (CannotStart e) {
            throw new FeedUnavailable(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Head head() {
        return checked(feed).head();
    }

    @Override
    public Next after(long number) {
        return checked(feed).after(number);
    }

    @Override
    public List<FeedEntry> entriesFrom(long number, int limit) {
        return checked(feed).entriesFrom(number, limit);
    }

    @Override
    public Head snapshot(Consumer<FeedChange> into) {
        return checked(patient).snapshot(into);
    }
}
