package dev.keyrack.verifier;

/**
 * A website that a key may be used on: one host, or every subdomain of one.
 *
 * <p>Its text is {@code https://example.com}, {@code https://*.example.com} (one or more labels before it, never the apex
 * itself) or either with a port. Two texts that a browser takes for the same origin are one website: see
 * {@link OriginReader}.
 *
 * @param https whether the scheme is https; else it is http
 * @param subdomains whether it stands for every subdomain of the host, and not for the host
 * @param host in lower-case ASCII; an IPv6 address in brackets
 * @param port the scheme's own where none is written
 */
public record Website(boolean https, boolean subdomains, String host, int port) {
    /** Longest text that is looked at, in characters. */
    public static final int MAX_LENGTH = 2048;

    private static final String WILDCARD = "*.";

    /** What a text turned out to be. */
    public sealed interface Reading {
        /** @param dropped what of the text has no meaning for a website: path, query and fragment; else empty */
        record Read(Website website, String dropped) implements Reading {}

        /** @param why completes “the text …” */
        record Refused(Sentence why) implements Reading {}
    }

    /** Reads what a person wrote. */
    public static Reading read(String text) {
        int begin = OriginReader.scheme(text);
        if (begin == 0) {
            return new Reading.Refused(Sentence.of("problem.website.scheme"));
        }
        if (text.length() > MAX_LENGTH) {
            return new Reading.Refused(Sentence.of("problem.website.long", MAX_LENGTH));
        }
        int end = endOfAuthority(text, begin);
        String authority = text.substring(begin, end);
        if (authority.indexOf('@') >= 0) {
            return new Reading.Refused(Sentence.of("problem.website.user"));
        }
        boolean subdomains = authority.startsWith(WILDCARD);
        String rest = subdomains ? authority.substring(WILDCARD.length()) : authority;
        if (rest.indexOf('*') >= 0) {
            return new Reading.Refused(Sentence.of("problem.website.wildcard"));
        }
        OriginReader origin = new OriginReader();
        if (!origin.read(text.substring(0, begin) + rest)) {
            return new Reading.Refused(Sentence.of("problem.website.host"));
        }
        if (subdomains && origin.isAddress()) {
            return new Reading.Refused(Sentence.of("problem.website.subdomains-of-address"));
        }
        return new Reading.Read(
                new Website(origin.https(), subdomains, origin.hostText(), origin.port()), text.substring(end));
    }

    private static int endOfAuthority(String text, int from) {
        int end = from;
        while (end < text.length() && "/?#\\".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Website of(String text) {
        if (read(text) instanceof Reading.Read(Website website, String dropped)
                && website.text().equals(text)) {
            return website;
        }
        throw new IllegalArgumentException("not the canonical text of a website");
    }

    /** The canonical text, without the scheme's own port. */
    public String text() {
        String own = hasDefaultPort() ? "" : ":" + port;
        return (https ? "https://" : "http://") + (subdomains ? WILDCARD : "") + host + own;
    }

    /** Whether the port is the scheme's own. */
    boolean hasDefaultPort() {
        return port == OriginReader.defaultPort(https);
    }

    @Override
    public String toString() {
        return text();
    }
}
