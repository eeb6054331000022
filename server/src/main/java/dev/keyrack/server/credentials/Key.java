package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An API key as the control plane keeps it. Times are microseconds since 1970.
 *
 * @param version grows with each change
 * @param generation of its newest token
 * @param permissions nothing when it has all that its type allows
 * @param permissionsAsOf the version of the catalogue when they were set; 0 before there was one
 * @param owner the member whose own it is, if it is anybody's
 * @param stateChanged when and by whom it was last disabled, enabled or revoked
 * @param tokens those that work, newest first: none of a revoked key
 */
record Key(
        KeyId id,
        String organizationId,
        String projectId,
        KeyType type,
        String name,
        String masked,
        KeyState state,
        long version,
        int generation,
        @Nullable List<String> permissions,
        long permissionsAsOf,
        @Nullable Long expiresAt,
        KeyRestrictions restrictions,
        Map<String, String> metadata,
        Source source,
        @Nullable Owner owner,
        Deed created,
        long updatedAt,
        @Nullable Deed stateChanged,
        List<Token> tokens) {

    /** What made the key: a member by hand, or an integration. */
    record Source(String kind, @Nullable String name) {
        static final Source MEMBER = new Source("member", null);
    }

    /** Something done at a time by somebody. */
    record Deed(long at, Actor by) {}

    /**
     * A token that works, without itself.
     *
     * @param endsAt until when, if it was superseded; nothing for the newest
     */
    record Token(int generation, long createdAt, @Nullable Long endsAt) {}

    Key with(List<Token> working) {
        return new Key(
                id,
                organizationId,
                projectId,
                type,
                name,
                masked,
                state,
                version,
                generation,
                permissions,
                permissionsAsOf,
                expiresAt,
                restrictions,
                metadata,
                source,
                owner,
                created,
                updatedAt,
                stateChanged,
                List.copyOf(working));
    }

    /** The key after its state was changed: of a revoked one no token works. */
    Key moved(KeyState to, Deed deed) {
        return new Key(
                id,
                organizationId,
                projectId,
                type,
                name,
                masked,
                to,
                version + 1,
                generation,
                permissions,
                permissionsAsOf,
                expiresAt,
                restrictions,
                metadata,
                source,
                owner,
                created,
                deed.at(),
                deed,
                to == KeyState.REVOKED ? List.of() : tokens);
    }

    @Nullable
    String ownerId() {
        return owner == null ? null : owner.id();
    }

    /** The superseded token that works beside the newest. */
    Optional<Token> overlapping() {
        return tokens.stream().filter(token -> token.endsAt() != null).findFirst();
    }

    AuditEvent.Target target() {
        return new AuditEvent.Target("key", id.value(), name);
    }
}
