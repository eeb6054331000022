package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.store.AuditEvent;
import org.jspecify.annotations.Nullable;

/**
 * One assistant of an organization.
 *
 * @param owner the member whose own it is, if it is anybody's
 */
public record Project(
        String id,
        String organizationId,
        String name,
        @Nullable Owner owner,
        long version,
        long createdAt,
        long updatedAt) {

    public AuditEvent.Target target() {
        return new AuditEvent.Target("project", id, name);
    }
}
