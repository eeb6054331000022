package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditEvent;

/** Somebody may become a member with this role, until it ends. */
public record Invitation(
        String id, String organizationId, String email, Role role, Actor invitedBy, long createdAt, long endsAt) {

    AuditEvent.Target target() {
        return new AuditEvent.Target("invitation", id, email);
    }
}
