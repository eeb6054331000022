package dev.keyrack.server.store;

import dev.keyrack.gate.FeedSql;
import org.jspecify.annotations.Nullable;

/**
 * A change that is safely on disk and in force in this process.
 *
 * @param sequence the number of its last feed entry, or the feed's head when it has none
 * @param narrowed the organization of which that entry narrows something, or {@link FeedSql#EVERY_ORGANIZATION}; nothing
 *     when it narrows nothing
 */
public record Committed<T>(
        T result, long sequence, @Nullable String narrowed) {
    /** Whether its last entry narrows something of this organization, so that none up to it that does is newer. */
    public boolean narrows(String organizationId) {
        return organizationId.equals(narrowed) || FeedSql.EVERY_ORGANIZATION.equals(narrowed);
    }
}
