package dev.keyrack.server.store;

import dev.keyrack.verifier.FeedChange;
import java.util.Map;

/** Changes as small as there are: one row, one audit event, one entry of the feed. */
final class Organizations {
    static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");

    private Organizations() {}

    static Change<String> insert(Tx tx, String id) {
        tx.handle()
                .execute(
                        "INSERT INTO organizations (id, name, subdomain, operator, state, version, created_at)"
                                + " VALUES (?, ?, ?, 0, 'active', 1, 0)",
                        id,
                        id,
                        id);
        return Change.of(
                id,
                new AuditEvent(
                        id,
                        AuditAction.ORGANIZATION_CREATED,
                        new AuditEvent.Target("organization", id, id),
                        null,
                        Map.of()),
                new FeedDraft(id, new FeedChange.Organization(id, id, false, false, 1), false));
    }
}
