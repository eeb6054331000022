package dev.keyrack.server.accounts;

import dev.keyrack.server.store.AuditEvent;

/**
 * A tenant: owns members, projects and keys.
 *
 * @param operator whether its members run the installation
 */
public record Organization(
        String id, String name, String subdomain, boolean operator, String state, long version, long createdAt) {

    AuditEvent.Target target() {
        return new AuditEvent.Target("organization", id, name);
    }
}
