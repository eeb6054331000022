package dev.keyrack.verifier;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator's catalogue of permissions as verdicts see it: which type of key may have which permission at all, and from
 * which version of the catalogue on. Immutable, and one for the whole replica.
 */
final class ReplicaCatalogue {
    /** A version that no key is as new as. */
    static final long FORBIDDEN = Long.MAX_VALUE;

    /** As long as the operator has set none: every permission is for every type, and always was. */
    static final ReplicaCatalogue NONE = new ReplicaCatalogue(0, null);

    private final long version;
    private final @Nullable Map<String, Map<KeyType, Long>> since;

    private ReplicaCatalogue(long version, @Nullable Map<String, Map<KeyType, Long>> since) {
        this.version = version;
        this.since = since;
    }

    static ReplicaCatalogue of(FeedChange.Catalogue catalogue) {
        Map<String, Map<KeyType, Long>> since =
                HashMap.newHashMap(catalogue.permissions().size());
        for (FeedChange.Permitted permitted : catalogue.permissions()) {
            since.put(permitted.permission(), permitted.since());
        }
        return new ReplicaCatalogue(catalogue.version(), since);
    }

    long version() {
        return version;
    }

    /** The version in which the permission came to be allowed for this type, or {@link #FORBIDDEN}. */
    long since(String permission, KeyType type) {
        if (since == null) {
            return 0;
        }
        Map<KeyType, Long> types = since.get(permission);
        Long version = types == null ? null : types.get(type);
        return version == null ? FORBIDDEN : version;
    }
}
