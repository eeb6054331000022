package dev.keyrack.server.credentials;

import dev.keyrack.verifier.KeyState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key as lists and the questions about it show it. Times are microseconds since 1970.
 *
 * @param project its name, or its id where the reader does not see it
 * @param state one of active, disabled, revoked, expired
 * @param stateAt since when
 * @param stateBy by whom; nothing where nobody did it
 */
public record KeyRow(
        String id,
        String name,
        String type,
        boolean publishable,
        String projectId,
        String project,
        String state,
        long stateAt,
        @Nullable String stateBy,
        String masked,
        long createdAt,
        String createdBy,
        @Nullable String integration,
        @Nullable Long expiresAt) {
    static KeyRow of(Key key, Map<String, String> projects, long now) {
        Key.Deed changed = key.stateChanged();
        Key.Deed since = changed == null ? key.created() : changed;
        Long expiresAt = key.expiresAt();
        Long ended = key.state() != KeyState.REVOKED && expiresAt != null && expiresAt <= now ? expiresAt : null;
        return new KeyRow(
                key.id().value(),
                key.name(),
                key.type().text(),
                key.type().publishable(),
                key.projectId(),
                projects.getOrDefault(key.projectId(), key.projectId()),
                ended != null ? "expired" : key.state().text(),
                ended != null ? ended : since.at(),
                ended != null ? null : since.by().name(),
                key.masked(),
                key.created().at(),
                key.created().by().name(),
                key.source().name(),
                expiresAt);
    }

    /** Whether its token can be shown again. */
    public boolean revealable() {
        return publishable && !revoked();
    }

    public boolean revoked() {
        return state.equals("revoked");
    }
}
