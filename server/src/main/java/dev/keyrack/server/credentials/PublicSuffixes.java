package dev.keyrack.server.credentials;

import com.google.common.net.InternetDomainName;

/**
 * The names under which anybody can have a site (publicsuffix.org), those of companies such as github.io among them.
 */
final class PublicSuffixes {
    private PublicSuffixes() {}

    /**
     * Whether this host, in lower-case ASCII, is one, or each of its subdomains is ({@code *.r.appspot.com}).
     * A single label is one, but for {@code localhost}.
     */
    static boolean has(String host) {
        if (host.indexOf('.') < 0) {
            return !host.equals("localhost");
        }
        try {
            return InternetDomainName.from(host).isPublicSuffix()
                    || InternetDomainName.from("any." + host).isPublicSuffix();
        } catch (IllegalArgumentException e) {
            // Names that the list does not know how to spell are no suffixes of it.
            return false;
        }
    }
}
