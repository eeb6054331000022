package dev.keyrack.server.outbound;

import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Sentence;
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

    /** Why a text is no address to call; repeats nothing of it. */
    public static final class Misspelt extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient Sentence says;

        Misspelt(Sentence says) {
            super(says.key());
            this.says = says;
        }

        public Sentence says() {
            return says;
        }
    }

    /** @throws Misspelt if it is none that can be called */
    public static Target parse(String text) {
        check(text.length() <= MAX, Sentence.of("problem.target-long", MAX));
        check(text.chars().allMatch(c -> c > ' ' && c <= '~'), Sentence.of("problem.target-ascii"));
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new Misspelt(Sentence.of("problem.target-address"));
        }
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        check(scheme.equals("https") || scheme.equals("http"), Sentence.of("problem.target-scheme"));
        String authority = Objects.requireNonNullElse(uri.getRawAuthority(), "");
        check(!authority.contains("@"), Sentence.of("problem.target-user"));
        check(uri.getRawFragment() == null, Sentence.of("problem.target-fragment"));
        String host = uri.getHost();
        check(host != null && !host.contains("%") && isOneSpelling(host), Sentence.of("problem.target-host"));
        check(
                uri.getPort() != 0 && uri.getPort() <= 65_535 && !authority.endsWith(":"),
                Sentence.of("problem.target-port"));
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

    private static void check(boolean fits, Sentence unfit) {
        if (!fits) {
            throw new Misspelt(unfit);
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
