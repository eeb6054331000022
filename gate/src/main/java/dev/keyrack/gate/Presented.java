package dev.keyrack.gate;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token that came with a request, as it was presented: {@code x-api-key}, Bearer (RFC 6750) or Basic (RFC 7617).
 *
 * @param token nothing when there was none, or when there were several that differ
 * @param user the user name of Basic
 * @param basic whether Basic was used, which the refusal then repeats
 */
record Presented(@Nullable String token, @Nullable String user, boolean basic) {
    static final CharSequence API_KEY = HttpHeaders.createOptimized("x-api-key");

    private static final Presented NONE = new Presented(null, null, false);
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    /** So that what cannot be read as Basic is malformed like any other text that is no token. */
    private static final Presented UNREADABLE = new Presented("", null, true);

    static Presented in(MultiMap headers) {
        boolean hasKey = headers.contains(API_KEY);
        if (!headers.contains(HttpHeaders.AUTHORIZATION)) {
            return hasKey ? same(NONE, headers.getAll(API_KEY)) : NONE;
        }
        Presented found = hasKey ? same(NONE, headers.getAll(API_KEY)) : NONE;
        if (hasKey && found.token() == null) {
            return found;
        }
        List<String> authorizations = headers.getAll(HttpHeaders.AUTHORIZATION);
        for (int i = 0; i < authorizations.size(); i++) {
            Presented next = authorization(authorizations.get(i));
            if (next.token() != null) {
                if (found.token() != null && !found.agreesWith(next)) {
                    return ambiguous(found.basic() || next.basic());
                }
                found = found.user() == null ? next : found;
            }
        }
        return found;
    }

    private static Presented same(Presented otherwise, List<String> keys) {
        String first = keys.getFirst();
        for (int i = 1; i < keys.size(); i++) {
            if (!first.equals(keys.get(i))) {
                return otherwise;
            }
        }
        return new Presented(first, null, false);
    }

    private static Presented ambiguous(boolean basic) {
        return new Presented(null, null, basic);
    }

    private boolean agreesWith(Presented other) {
        boolean sameUser = user == null || other.user == null || user.equals(other.user);
        return sameUser && token != null && token.equals(other.token);
    }

    private static Presented authorization(String header) {
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new Presented(header.substring(BEARER.length()).strip(), null, false);
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return basic(header.substring(BASIC.length()).strip());
        }
        if (header.equalsIgnoreCase("basic")) {
            return UNREADABLE;
        }
        return header.equalsIgnoreCase("bearer") ? new Presented("", null, false) : NONE;
    }

    private static Presented basic(String credentials) {
        String text;
        try {
            text = Utf8.decode(Base64.getDecoder().decode(credentials));
        } catch (IllegalArgumentException e) {
            return UNREADABLE;
        }
        int colon = text == null ? -1 : text.indexOf(':');
        if (text == null || colon < 0) {
            return UNREADABLE;
        }
        return new Presented(text.substring(colon + 1), text.substring(0, colon), true);
    }

    /** Tokens stay out of logs. */
    @Override
    public String toString() {
        return "Presented[redacted]";
    }
}
