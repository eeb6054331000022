package dev.keyrack.server.http;

import java.text.Normalizer;
import java.util.Locale;

/** How names are compared when they are searched and sorted: without case, and with equal looks made equal (NFKC). */
public final class Names {
    private Names() {}

    public static String fold(String name) {
        String upper = Normalizer.normalize(name, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
    }

    /** The end of the range of all texts that begin with this one, in the order of code points. */
    public static String endOfPrefix(String prefix) {
        return prefix + Character.toString(Character.MAX_CODE_POINT);
    }
}
