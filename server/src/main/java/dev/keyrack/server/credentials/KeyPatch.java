package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a key; what is empty stays. Inside {@code permissions}, {@code expiresAt} and {@code local} a second, inner
 * emptiness removes the value (RFC 7396).
 */
record KeyPatch(
        Optional<String> name,
        Optional<String> ownerId,
        Optional<Optional<List<String>>> permissions,
        Optional<Optional<Long>> expiresAt,
        Optional<RestrictionsPatch> restrictions,
        Optional<Optional<KeyRestrictions.Local>> local,
        Optional<MetadataPatch> metadata) {

    /**
     * @param clear whether everything goes first
     * @param entries null values remove an entry
     */
    record MetadataPatch(boolean clear, Map<String, @Nullable String> entries) {
        Map<String, String> applyTo(Map<String, String> before) {
            Map<String, String> after = new LinkedHashMap<>(clear ? Map.of() : before);
            entries.forEach((name, value) -> {
                if (value == null) {
                    after.remove(name);
                } else {
                    after.put(name, value);
                }
            });
            return after;
        }
    }

    /** Whether it is about something that verifiers go by, also if it should leave it as it is. */
    boolean concernsVerifiers() {
        return permissions.isPresent() || expiresAt.isPresent() || restrictions.isPresent() || local.isPresent();
    }

    private KeyRestrictions restrictionsOf(Key key) {
        KeyRestrictions after =
                restrictions.isPresent() ? restrictions.get().applyTo(key.restrictions()) : key.restrictions();
        return local.isPresent() ? after.with(local.get().orElse(null)) : after;
    }

    /** What does not fit of the key as it will be, named as it was sent. */
    List<Problem.FieldError> refusals(Key after) {
        return restrictions.map(patch -> patch.refusals(after.restrictions())).orElse(List.of());
    }

    /**
     * The key as it will be, before its version moves.
     *
     * @param owner of whom it is now
     * @param catalogue the version as of which permissions are given now
     */
    Key applyTo(Key key, @Nullable Owner owner, long catalogue) {
        return new Key(
                key.id(),
                key.organizationId(),
                key.projectId(),
                key.type(),
                name.orElse(key.name()),
                key.masked(),
                key.state(),
                key.version(),
                key.generation(),
                permissions.isPresent() ? permissions.get().orElse(null) : key.permissions(),
                permissions.isPresent() ? catalogue : key.permissionsAsOf(),
                expiresAt.isPresent() ? expiresAt.get().orElse(null) : key.expiresAt(),
                restrictionsOf(key),
                metadata.map(m -> m.applyTo(key.metadata())).orElse(key.metadata()),
                key.source(),
                owner,
                key.created(),
                key.updatedAt(),
                key.stateChanged(),
                key.tokens());
    }
}
