package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.verifier.Sentence;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Subdomains of organizations: one label of a host name (RFC 1123, section 2.1), in lower case. */
public final class Subdomains {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int LONGEST = 63;

    private Subdomains() {}

    static String read(JsonInput in) {
        return in.text("subdomain", s -> LABEL.matcher(s).matches(), Sentence.of("problem.subdomain"));
    }

    /** The subdomain; where it is missing, one that is made from this name. */
    static String readOrPropose(JsonInput in, String name) {
        if (in.has("subdomain")) {
            return read(in);
        }
        String proposed = proposed(name);
        if (proposed.isEmpty() && !name.isEmpty()) {
            in.error("/subdomain", Sentence.of("problem.subdomain-not-made"));
        }
        return proposed;
    }

    /** A subdomain that looks like this name; empty where no letter or digit of it can stand in one. */
    public static String proposed(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        String label =
                plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return label.length() > LONGEST ? label.substring(0, LONGEST).replaceAll("-+$", "") : label;
    }
}
