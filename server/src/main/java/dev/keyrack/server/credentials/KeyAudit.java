package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Owners;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys as the audit trail tells of them. */
final class KeyAudit {
    private KeyAudit() {}

    static AuditEvent event(
            AuditAction action, Key key, @Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
        return new AuditEvent(key.organizationId(), action, key.target(), before, after);
    }

    /** Everything about a key that somebody chose. */
    static Map<String, Object> described(Key key) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", key.name());
        all.put("type", key.type().text());
        all.put("projectId", key.projectId());
        all.put("owner", Owners.described(key.owner()));
        all.put("permissions", key.permissions() == null ? "all of the type" : key.permissions());
        if (key.permissionsAsOf() > 0) {
            all.put("catalogueVersion", key.permissionsAsOf());
        }
        all.put("expiresAt", key.expiresAt() == null ? "never" : Times.text(key.expiresAt()));
        all.put("restrictions", RestrictionsAudit.described(key.restrictions()));
        all.put("metadata", key.metadata());
        return all;
    }

    /** What of the first differs from the second. */
    static Map<String, Object> difference(Key first, Key second) {
        Map<String, Object> others = described(second);
        Map<String, Object> all = described(first);
        all.entrySet().removeIf(e -> e.getValue().equals(others.get(e.getKey())));
        return all;
    }
}
