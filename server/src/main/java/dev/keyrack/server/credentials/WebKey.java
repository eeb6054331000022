package dev.keyrack.server.credentials;

import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import java.util.Optional;

/** A web key as other slices know it. */
public record WebKey(
        String id, String organizationId, String projectId, String name, KeyState state, AuditEvent.Target target) {
    static Optional<WebKey> of(Key key) {
        return key.type() != KeyType.WEB
                ? Optional.empty()
                : Optional.of(new WebKey(
                        key.id().value(),
                        key.organizationId(),
                        key.projectId(),
                        key.name(),
                        key.state(),
                        key.target()));
    }
}
