package dev.keyrack.server.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was done to what. Who, when, from where and in which request is added from the {@link Cause} as it is written.
 *
 * @param before what changed, as it was; no secrets
 * @param after what changed, as it is now; no secrets
 */
public record AuditEvent(
        String organizationId,
        AuditAction action,
        Target target,
        @Nullable Map<String, ?> before,
        @Nullable Map<String, ?> after) {

    /** @param kind {@code key}, {@code project}, {@code organization}, {@code member}, {@code token} or {@code catalogue} */
    public record Target(String kind, String id, @Nullable String name) {}
}
