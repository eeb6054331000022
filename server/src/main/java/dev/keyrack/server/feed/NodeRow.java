package dev.keyrack.server.feed;

import dev.keyrack.gate.FeedSql;
import org.jspecify.annotations.Nullable;

/**
 * A registration as it stands in the store. Times are microseconds since 1970, lengths microseconds.
 *
 * @param organizationId whose keys the node verifies; nothing for all
 * @param registeredAs the feed number of the registration
 * @param applied the number that the node said it has applied
 * @param reports how often it has said so
 * @param lease the length that was granted last; 0 before the first grant
 * @param longestLease the longest length that it was, or could have been, granted
 * @param endReason nothing while it lives
 */
record NodeRow(
        String registration,
        String name,
        String kind,
        @Nullable String organizationId,
        String version,
        long registeredAs,
        long registeredAt,
        long applied,
        @Nullable Long reportedAt,
        long reports,
        @Nullable Long grantedAt,
        long lease,
        long longestLease,
        @Nullable Long endedAt,
        @Nullable String endReason) {

    /** Whether it answers for keys of this organization; for those of all, each node answers for some. */
    boolean serves(String organization) {
        return organizationId == null
                || organization.equals(FeedSql.EVERY_ORGANIZATION)
                || organizationId.equals(organization);
    }

    /** How much of the lease is left at this moment, as the control plane counts it: the whole length, from the grant. */
    long leaseLeft(long now) {
        return grantedAt == null || endedAt != null ? 0 : Math.clamp(grantedAt + lease - now, 0, lease);
    }
}
