package dev.keyrack.gate;

import dev.keyrack.verifier.Restrictions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers the restrictions that were read, so that a long list that many keys share is parsed once. */
final class SharedRestrictions {
    /** Texts that are remembered; when there are more, all are forgotten, and read again as they come. */
    private static final int MOST = 10_000;

    private final Map<String, Restrictions> known = new ConcurrentHashMap<>();

    /** What this text says; a missing one says nothing. */
    Restrictions of(@Nullable String text) {
        if (text == null || text.equals(RestrictionsJson.EMPTY)) {
            return Restrictions.NONE;
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        return known.computeIfAbsent(text, RestrictionsJson::read);
    }
}
