package dev.keyrack.server.outbound;

import dev.keyrack.verifier.Network;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;

/**
 * An address that may be called, as far as its spelling tells: http or https, a host, no password in it.
 *
 * <p>A host of digits is an IPv4 address in its one usual spelling: in others ({@code 0177.0.0.1}, {@code 0x7f000001},
 * {@code 2130706433}) programs see different addresses.
 */
public record Target(URI uri) {
    /** Longest address, in characters. */
    public static final int MAX = 2_000;

    public Target {
        Objects.requireNonNull(uri.getHost());
    }

    /** @throws IllegalArgumentException with a text that completes “must be …” and repeats nothing */
    public static Target parse(String text) {
        check(text.length() <= MAX, "at most " + MAX + " characters long");
        check(
                text.chars().allMatch(c -> c > ' ' && c <= '~'),
                "written without spaces and in ASCII (names of other letters as xn--…)");
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("an address such as https://assistant.example.com/answer");
        }
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        check(
                scheme.equals("https") || scheme.equals("http"),
                "an http or https address such as https://assistant.example.com/answer");
        String authority = Objects.requireNonNullElse(uri.getRawAuthority(), "");
        check(!authority.contains("@"), "without user and password, which would be shown with the address");
        check(uri.getRawFragment() == null, "without a fragment (#…)");
        String host = uri.getHost();
        check(
                host != null && !host.contains("%") && isOneSpelling(host),
                "an address whose host is a name or an IP address");
        check(
                uri.getPort() != 0 && uri.getPort() <= 65_535 && !authority.endsWith(":"),
                "with a port from 1 to 65535, or none");
        return new Target(uri);
    }

    private static boolean isOneSpelling(String host) {
        if (host.startsWith("[")) {
            return true;
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean number = last.matches("[0-9]+|0[xX][0-9a-fA-F]*");
        return !number || (!host.endsWith(".") && Network.parse(name).isPresent());
    }

    private static void check(boolean fits, String what) {
        if (!fits) {
            throw new IllegalArgumentException(what);
        }
    }

    /** Whether the host is an address that the guard refuses: known without asking for a name. */
    public boolean isRefused(AddressGuard guard) {
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        try {
            return !guard.allows(InetAddress.ofLiteral(host), port());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private int port() {
        int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 ? usual : uri.getPort();
    }

    /** The same address with something more at the end of its path. */
    public Target below(String path) {
        String base = Objects.requireNonNullElse(uri.getRawPath(), "");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(URI.create(uri.getScheme() + "://" + uri.getRawAuthority()
                + (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path + query));
    }
}
