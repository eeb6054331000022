package dev.keyrack.server.portal;

import org.jspecify.annotations.Nullable;

/** Where to go next, as a query or form says it. */
public final class LocalAddress {
    private LocalAddress() {}

    /**
     * The address, if it is a path of this portal; else the fallback. Browsers take {@code //host} and {@code /\host} for
     * other hosts, and drop tabs and line ends on the way.
     */
    public static String of(@Nullable String wanted, String fallback) {
        return wanted != null
                        && wanted.length() <= 2_000
                        && wanted.matches("/(?![/\\\\])[!-~]*")
                        && wanted.indexOf('\\') < 0
                        && !wanted.contains("/.")
                ? wanted
                : fallback;
    }
}
