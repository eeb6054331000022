package dev.keyrack.server.accounts;

import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.verifier.FeedChange;

/**
 * A tenant: owns members, projects and keys.
 *
 * @param operator whether its members run the installation
 */
public record Organization(
        String id, String name, String subdomain, boolean operator, String state, long version, long createdAt) {

    /** As verifiers are told of it. */
    public FeedChange.Organization change() {
        return new FeedChange.Organization(id, subdomain, operator, suspended(), version);
    }

    public boolean suspended() {
        return state.equals("suspended");
    }

    AuditEvent.Target target() {
        return new AuditEvent.Target("organization", id, name);
    }
}
