package dev.keyrack.verifier;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key may be used for: {@code resource.action} strings, with {@code *} for the whole of either side.
 *
 * <p>Guarantees: {@link #RESERVED} permissions are held only by a key that names them to the letter; neither a wildcard
 * nor the absence of a list grants them. Where the operator has a catalogue, nothing is granted that it does not allow the
 * key's type, and a wildcard or the absence of a list stands for what it allowed when it was given to the key, never for
 * what came later. Equal ones may share one instance.
 */
public final class Permissions {
    /** Permissions over other keys, granted by name only. */
    public static final Set<String> RESERVED = Set.of("keys.verify", "keys.replicate");

    /** Longest permission, in characters. */
    public static final int MAX_LENGTH = 100;

    private final @Nullable List<String> granted;
    private final long asOf;

    private Permissions(@Nullable List<String> granted, long asOf) {
        this.granted = granted;
        this.asOf = asOf;
    }

    /**
     * @param granted nothing for all that the type allows
     * @param asOf the version of the catalogue when it was granted
     */
    static Permissions of(@Nullable List<String> granted, long asOf) {
        return new Permissions(granted == null ? null : List.copyOf(granted), asOf);
    }

    /** Whether a key may be given this text as a permission. */
    public static boolean isGrant(String text) {
        return isPermission(text, true);
    }

    /** Whether an asker may ask for this text: a permission without wildcards. */
    public static boolean isQuestion(String text) {
        return isPermission(text, false);
    }

    private static boolean isPermission(String text, boolean wildcards) {
        int dot = text.indexOf('.');
        return dot > 0
                && text.length() <= MAX_LENGTH
                && isSide(text, 0, dot, wildcards)
                && isSide(text, dot + 1, text.length(), wildcards);
    }

    /** A word of {@code a-z0-9_-} that begins with a letter, or the wildcard. */
    private static boolean isSide(String text, int from, int to, boolean wildcards) {
        if (from == to) {
            return false;
        }
        char first = text.charAt(from);
        if (first == '*') {
            return wildcards && to - from == 1;
        }
        if (first < 'a' || first > 'z') {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** Whether this permission is granted to a key of this type. A text that is no permission is never granted. */
    boolean grant(String permission, ReplicaCatalogue catalogue, KeyType type) {
        boolean named = names(permission);
        // What was granted has the form of a permission, so that only its wildcards must be looked for.
        if (named ? permission.indexOf('*') >= 0 : !isQuestion(permission)) {
            return false;
        }
        if (RESERVED.contains(permission)) {
            return named;
        }
        long since = catalogue.since(permission, type);
        return since != ReplicaCatalogue.FORBIDDEN && (named || (since <= asOf && covers(permission)));
    }

    private boolean names(String permission) {
        return granted != null && granted.contains(permission);
    }

    private boolean covers(String permission) {
        if (granted == null) {
            return true;
        }
        // By number, since an iterator would be allocated.
        for (int i = 0; i < granted.size(); i++) {
            if (covers(granted.get(i), permission)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what may be given to a key, wildcards included, stands for this permission; reserved ones left aside. */
    public static boolean covers(String grant, String permission) {
        int dot = grant.indexOf('.');
        int asked = permission.indexOf('.');
        boolean resource = grant.startsWith("*.") || (dot == asked && grant.regionMatches(0, permission, 0, dot));
        int length = grant.length() - dot;
        boolean action = grant.endsWith(".*")
                || (length == permission.length() - asked && grant.regionMatches(dot, permission, asked, length));
        return resource && action;
    }

    /** The list as it was granted; nothing when the key has all that its type allows. */
    public Optional<List<String>> list() {
        return Optional.ofNullable(granted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Permissions p && asOf == p.asOf && Objects.equals(granted, p.granted);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(granted) + Long.hashCode(asOf);
    }
}
