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

    private static final int MOST_TYPED = 100;

    /** As it is offered where a project is chosen: told apart from others of its name, and found again by what it says. */
    public String choice() {
        String text = name + " (" + id + ")";
        return text.length() <= MOST_TYPED ? text : id;
    }

    public AuditEvent.Target target() {
        return new AuditEvent.Target("project", id, name);
    }
}
