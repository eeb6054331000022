package dev.keyrack.verifier;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one entry of the change feed says. Each carries the whole new state, so that applying needs nothing else. */
public sealed interface FeedChange {

    /**
     * A key as it stands now.
     *
     * @param version grows with each change of the key; an older one never replaces a newer
     * @param tokens newest generation first, at least one; older ones work until their {@code endsAt}
     * @param expiresAt microseconds since 1970, or {@link #NEVER}
     * @param permissions nothing when the key has all that its type allows
     * @param permissionsAsOf the version of the catalogue when these permissions were set: what it allowed later is not
     *     covered by a wildcard, nor by the absence of a list; 0 before there was a catalogue
     * @param restrictions on its callers, {@link Restrictions#NONE} when there are none
     */
    record Key(
            KeyId id,
            String organizationId,
            String projectId,
            KeyType type,
            KeyState state,
            long version,
            List<Token> tokens,
            long expiresAt,
            @Nullable List<String> permissions,
            long permissionsAsOf,
            Restrictions restrictions)
            implements FeedChange {
        public Key {
            tokens = List.copyOf(tokens);
            permissions = permissions == null ? null : List.copyOf(permissions);
            if (tokens.isEmpty()) {
                throw new IllegalArgumentException("a key has at least one token");
            }
        }
    }

    /**
     * One token of a key.
     *
     * @param generation 1 for the first, one more with each regeneration
     * @param supersededAt microseconds since 1970 at which a newer token was made, or {@link #NEVER}
     * @param endsAt microseconds since 1970 from which the token works no more, or {@link #NEVER}
     */
    record Token(int generation, Digest digest, long supersededAt, long endsAt) {
        /** One that no newer token has superseded. */
        public Token(int generation, Digest digest, long endsAt) {
            this(generation, digest, NEVER, endsAt);
        }
    }

    /** A key that is no longer kept: from now on it is unknown. */
    record KeyRemoved(KeyId id) implements FeedChange {}

    /** An organization as it stands now. */
    record Organization(String id, String subdomain, boolean operator, boolean suspended, long version)
            implements FeedChange {}

    /**
     * The operator's catalogue of permissions as it stands now: what is not in it is granted to nobody.
     *
     * @param version from 1, grows with each change; an older one never replaces a newer
     */
    record Catalogue(long version, List<Permitted> permissions) implements FeedChange {
        public Catalogue {
            permissions = List.copyOf(permissions);
            if (version < 1) {
                throw new IllegalArgumentException("a catalogue has a version from 1 on");
            }
        }
    }

    /**
     * A permission that keys may have.
     *
     * @param since for each type that may have it, the version of the catalogue in which it came to; 0 for those of the
     *     first one
     */
    record Permitted(String permission, Map<KeyType, Long> since) {
        public Permitted {
            since = Map.copyOf(since);
        }
    }

    /** A node has registered: only a number, behind which it is known to everyone. No key is affected. */
    record Node(String registration) implements FeedChange {}

    /** Something that this program does not understand: it must not say yes any more. */
    record Unknown(String kind) implements FeedChange {}

    /** A time that never comes. */
    long NEVER = Long.MAX_VALUE;
}
