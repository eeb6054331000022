package dev.keyrack.verifier;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key may be used for: {@code resource.action} strings, with {@code *} for the whole of either side.
 *
 * <p>Guarantee: {@link #RESERVED} permissions are held only by a key that names them to the letter; neither a wildcard
 * nor the absence of a list grants them. Equal lists may share one instance.
 */
public final class Permissions {
    /** Permissions over other keys, granted by name only. */
    public static final Set<String> RESERVED = Set.of("keys.verify", "keys.replicate");

    /** Longest permission, in characters. */
    public static final int MAX_LENGTH = 100;

    /** A key without a list of its own: all that its type allows. */
    static final Permissions OF_TYPE = new Permissions(null);

    private final @Nullable List<String> granted;

    private Permissions(@Nullable List<String> granted) {
        this.granted = granted;
    }

    static Permissions of(@Nullable List<String> granted) {
        return granted == null ? OF_TYPE : new Permissions(List.copyOf(granted));
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

    /** Whether this permission is granted. A text that is no permission is never granted. */
    boolean grant(String permission) {
        if (!isQuestion(permission)) {
            return false;
        }
        boolean reserved = RESERVED.contains(permission);
        if (granted == null) {
            return !reserved;
        }
        for (String grant : granted) {
            if (grant.equals(permission) || (!reserved && covers(grant, permission))) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String grant, String permission) {
        int dot = grant.indexOf('.');
        int asked = permission.indexOf('.');
        boolean resource = grant.startsWith("*.") || (dot == asked && grant.regionMatches(0, permission, 0, dot));
        boolean action = grant.endsWith(".*") || grant.substring(dot + 1).equals(permission.substring(asked + 1));
        return resource && action;
    }

    /** The list as it was granted; nothing when the key has all that its type allows. */
    public java.util.Optional<List<String>> list() {
        return java.util.Optional.ofNullable(granted);
    }
}
