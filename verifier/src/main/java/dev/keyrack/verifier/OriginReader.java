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

    /**
     * What the host is compared by, for each character that it may have: letters, digits and hyphens (RFC 1123,
     * 2.1), the underscore, which names have all the same, and the dot. 0 for all others.
     */
    private static final byte[] LETTERS = new byte[256];

    /** In place of all characters that are greater. */
    private static final int OTHER = 255;

    static {
        for (char c : "abcdefghijklmnopqrstuvwxyz0123456789-_.".toCharArray()) {
            LETTERS[c] = (byte) c;
            LETTERS[Character.toUpperCase(c)] = (byte) c;
        }
    }

    /** With room for the dot that a name may end with. */
    private final byte[] host = new byte[LONGEST_HOST + 1];

    private final AddressReader address = new AddressReader();
    private int length;
    private int port;
    private boolean https;
    private boolean number;

    /** Whether the text is an origin, which the other methods then tell of. */
    boolean read(String text) {
        int scheme = scheme(text);
        if (scheme == 0) {
            return false;
        }
        https = scheme == HTTPS.length();
        boolean six = text.length() > scheme && text.charAt(scheme) == '[';
        return six ? readSix(text, scheme) : readName(text, scheme);
    }

    /** How long the scheme and its slashes are, or 0 for a text that does not begin with http or https. */
    static int scheme(String text) {
        return begins(text, HTTPS) ? HTTPS.length() : begins(text, HTTP) ? HTTP.length() : 0;
    }

    /** In ASCII letters of either case. Java's comparison without case also takes the long s (ſ) for an s. */
    private static boolean begins(String text, String scheme) {
        if (text.startsWith(scheme)) {
            return true;
        }
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
    private boolean readSix(String text, int from) {
        int end = text.indexOf(']', from) + 1;
        if (end == 0 || !readPort(text, end)) {
            return false;
        }
        String inside = text.substring(from + 1, end - 1);
        if (inside.indexOf(':') < 0 || inside.indexOf('/') >= 0 || !address.read(inside)) {
            return false;
        }
        Network block = new Network(address.high(), address.low(), 128, false);
        byte[] canonical = ("[" + block.text() + "]").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(canonical, 0, host, 0, canonical.length);
        length = canonical.length;
        number = true;
        return true;
    }

    /** Without branches on single characters, which would be foreseen wrongly as often as they were taken. */
    private boolean readName(String text, int from) {
        int colon = text.indexOf(':', from);
        int end = colon < 0 ? text.length() : colon;
        int size = end - from;
        if (text.length() > LONGEST || size == 0) {
            return false;
        }
        int most = Math.min(size, host.length);
        int unknown = 0;
        long dots = 0;
        for (int i = 0; i < most; i++) {
            byte letter = LETTERS[Math.min(text.charAt(from + i), OTHER)];
            host[i] = letter;
            unknown |= letter - 1;
            dots |= (letter == '.' ? 1L : 0) << i;
        }
        if (unknown < 0 || size > most) {
            return isForeign(text, from, end) && readForeign(text, from);
        }
        length = host[size - 1] == '.' ? size - 1 : size;
        int label = length <= Long.SIZE ? lastLabel(dots) : lastLabel();
        if (length > LONGEST_HOST || label < 0 || !isLabel(length - label) || !readPort(text, end)) {
            return false;
        }
        number = looksLikeNumber(label);
        return !number || address.read(hostText());
    }

    /**
     * Where the last label of the host begins, or −1 if one before it is empty. In 64 characters none before it is too long.
     *
     * @param dots a bit for each character that is one
     */
    private int lastLabel(long dots) {
        long inside = dots & (-1L >>> (Long.SIZE - length));
        return (inside & ((inside << 1) | 1)) != 0 ? -1 : Long.SIZE - Long.numberOfLeadingZeros(inside);
    }

    /** The same for a host of any length; −1 also where a label before the last is too long. */
    private int lastLabel() {
        int label = 0;
        for (int i = 0; i < length; i++) {
            if (host[i] == '.') {
                if (!isLabel(i - label)) {
                    return -1;
                }
                label = i + 1;
            }
        }
        return label;
    }

    private static boolean isForeign(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) > 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** A name that is not in ASCII is read as what UTS #46 makes of it. */
    private boolean readForeign(String text, int from) {
        int colon = text.indexOf(':', from);
        int end = colon < 0 ? text.length() : colon;
        Optional<String> ascii = HostNames.toAscii(text.substring(from, end));
        // There are other colons and dots that UTS #46 makes those of ASCII.
        return ascii.isPresent()
                && ascii.get().chars().allMatch(c -> c <= 0xff && LETTERS[c] != 0)
                && readName(text.substring(0, from) + ascii.get() + text.substring(end), from);
    }

    private boolean readPort(String text, int from) {
        port = from == text.length() ? defaultPort(https) : port(text, from);
        return port != NO_PORT;
    }

    private static boolean isLabel(int length) {
        return length > 0 && length <= LONGEST_LABEL;
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
