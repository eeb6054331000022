package dev.keyrack.server.projects;

import dev.keyrack.server.store.AuditEvent;

/** One assistant of an organization. */
public record Project(String id, String organizationId, String name, long version, long createdAt, long updatedAt) {

    AuditEvent.Target target() {
        return new AuditEvent.Target("project", id, name);
    }
}
