package dev.keyrack.verifier;

import java.lang.foreign.MemorySegment;
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

    static {
        for (char c : "abcdefghijklmnopqrstuvwxyz0123456789-_.".toCharArray()) {
            LETTERS[c] = (byte) c;
            LETTERS[Character.toUpperCase(c)] = (byte) c;
        }
    }

    private final byte[] raw = new byte[LONGEST + 1];
    private final MemorySegment taken = MemorySegment.ofArray(raw);

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
        if (scheme == 0 || text.length() > LONGEST) {
            return false;
        }
        https = scheme == HTTPS.length();
        return text.startsWith("[", scheme) ? readSix(text, scheme) : readName(text, scheme);
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

    private boolean readName(String text, int from) {
        // What ISO 8859-1 does not have becomes a question mark, which no name has.
        taken.setString(0, text, StandardCharsets.ISO_8859_1);
        int most = Math.min(text.length(), from + LONGEST_HOST + 1);
        int before = 0;
        int label = 0;
        int at = 0;
        int i = from;
        for (; i < most; i++) {
            byte letter = LETTERS[raw[i] & 0xff];
            if (letter == 0) {
                break;
            }
            host[at++] = letter;
            if (letter == '.') {
                if (!isLabel(at - 1 - label)) {
                    return false;
                }
                before = label;
                label = at;
            }
        }
        if (i < text.length() && text.charAt(i) > 0x7f) {
            return readForeign(text, from);
        }
        boolean dotted = at > 0 && at == label;
        length = dotted ? at - 1 : at;
        label = dotted ? before : label;
        if (length > LONGEST_HOST || !isLabel(length - label) || !readPort(text, i)) {
            return false;
        }
        number = looksLikeNumber(label);
        return !number || address.read(hostText());
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
