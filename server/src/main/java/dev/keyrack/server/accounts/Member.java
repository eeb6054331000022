package dev.keyrack.server.accounts;

import dev.keyrack.server.store.AuditEvent;

/**
 * A person in one organization.
 *
 * @param name how they are shown; empty until they chose one
 */
public record Member(
        String id, String organizationId, String email, String name, Role role, long version, long createdAt) {

    AuditEvent.Target target() {
        return new AuditEvent.Target("member", id, email);
    }

    /** The name, or the address of somebody who chose none. */
    public String shown() {
        return name.isEmpty() ? email : name;
    }
}
