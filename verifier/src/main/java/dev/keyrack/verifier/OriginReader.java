package dev.keyrack.verifier;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads one web origin after another (RFC 6454, 6.1: {@code https://example.com:8443}) without allocating.
 *
 * <p>Strict: http or https, a host, perhaps a port, and nothing more. User info, a path, {@code null}, {@code file:} and
 * several values are no origin. The host is compared in lower case, after UTS #46, without a trailing dot; an IPv6 address
 * by its value; a number that a browser would take for an IPv4 address must be written as one.
 */
final class OriginReader {
    static final int LONGEST_HOST = 253;
    private static final int LONGEST_LABEL = 63;
    private static final String HTTPS = "https://";
    private static final String HTTP = "http://";

    /** More characters than any origin has, also one that shrinks when it is turned into ASCII. */
    private static final int LONGEST = 2048;

    private static final int NO_PORT = -1;

    private final byte[] host = new byte[LONGEST_HOST];
    private final AddressReader address = new AddressReader();
    private int length;
    private int port;
    private boolean https;
    private boolean number;

    /** Whether the text is an origin, which the other methods then tell of. */
    boolean read(String text) {
        int scheme = scheme(text);
        https = scheme == HTTPS.length();
        return scheme > 0 && text.length() <= LONGEST && readAuthority(text, scheme);
    }

    /** How long the scheme and its slashes are, or 0 for a text that does not begin with http or https. */
    static int scheme(String text) {
        return begins(text, HTTPS) ? HTTPS.length() : begins(text, HTTP) ? HTTP.length() : 0;
    }

    /** In ASCII letters of either case. Java's comparison without case also takes the long s (ſ) for an s. */
    private static boolean begins(String text, String scheme) {
        if (text.length() < scheme.length()) {
            return false;
        }
        for (int i = 0; i < scheme.length(); i++) {
            char c = text.charAt(i);
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != scheme.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean readAuthority(String text, int from) {
        int end = text.startsWith("[", from) ? text.indexOf(']', from) + 1 : text.indexOf(':', from);
        int hostEnd = end > 0 ? end : text.startsWith("[", from) ? from : text.length();
        port = hostEnd == text.length() ? defaultPort(https) : port(text, hostEnd);
        if (port == NO_PORT) {
            return false;
        }
        if (text.startsWith("[", from)) {
            return hostEnd > from && readSix(text.substring(from + 1, hostEnd - 1));
        }
        return readName(text, from, hostEnd);
    }

    static int defaultPort(boolean https) {
        return https ? 443 : 80;
    }

    /** After the colon: 1 to 65 535 without leading zeros, or −1. */
    private static int port(String text, int colon) {
        int digits = text.length() - colon - 1;
        if (text.charAt(colon) != ':' || digits < 1 || digits > 5 || text.charAt(colon + 1) == '0') {
            return NO_PORT;
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return NO_PORT;
            }
            port = port * 10 + c - '0';
        }
        return port > 0xffff ? NO_PORT : port;
    }

    /** An address of IPv6 is kept in its canonical text, so that it is compared as a name is. */
    private boolean readSix(String text) {
        if (text.indexOf(':') < 0 || text.indexOf('/') >= 0) {
            return false;
        }
        Optional<Network> block = address.read(text)
                ? Optional.of(new Network(address.high(), address.low(), 128, false))
                : Optional.empty();
        if (block.isEmpty()) {
            return false;
        }
        byte[] canonical = ("[" + block.get().text() + "]").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(canonical, 0, host, 0, canonical.length);
        length = canonical.length;
        number = true;
        return true;
    }

    private boolean readName(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) > 0x7f) {
                Optional<String> ascii = HostNames.toAscii(text.substring(from, to));
                return ascii.isPresent()
                        && readAscii(ascii.get(), 0, ascii.get().length());
            }
        }
        return readAscii(text, from, to);
    }

    private boolean readAscii(String text, int from, int to) {
        int end = to > from && text.charAt(to - 1) == '.' ? to - 1 : to;
        if (end == from || end - from > LONGEST_HOST) {
            return false;
        }
        int label = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (i - from == label) {
                    return false;
                }
                label = i - from + 1;
            } else if (i - from - label >= LONGEST_LABEL || !isLetter(c)) {
                return false;
            }
            host[i - from] = (byte) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        length = end - from;
        if (label == length) {
            return false;
        }
        number = looksLikeNumber(label);
        return !number || address.read(text.substring(from, end));
    }

    /** Letters, digits and hyphens (RFC 1123, 2.1), and the underscore, which names have all the same. */
    private static boolean isLetter(char c) {
        int folded = c | 0x20;
        return (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** Whether browsers take a name with this last label for an IPv4 address (URL standard, "ends in a number"). */
    private boolean looksLikeNumber(int label) {
        if (host[label] < '0' || host[label] > '9') {
            return false;
        }
        boolean hex = length - label >= 2 && host[label] == '0' && host[label + 1] == 'x';
        for (int i = hex ? label + 2 : label; i < length; i++) {
            boolean digit = host[i] >= '0' && host[i] <= '9';
            if (!digit && !(hex && host[i] >= 'a' && host[i] <= 'f')) {
                return false;
            }
        }
        return true;
    }

    boolean https() {
        return https;
    }

    int port() {
        return port;
    }

    /** Whether the host is an IP address, and hence no name that has labels. */
    boolean isAddress() {
        return number;
    }

    /** The host; good until the next origin is read. */
    byte[] host() {
        return host;
    }

    int hostLength() {
        return length;
    }

    /** The host as text. */
    String hostText() {
        return new String(host, 0, length, StandardCharsets.US_ASCII);
    }
}
