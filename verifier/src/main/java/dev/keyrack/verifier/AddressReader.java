package dev.keyrack.verifier;

/**
 * Reads one IP address after another without allocating.
 *
 * <p>Strict: IPv4 is four decimal octets without leading zeros (RFC 3986, 3.2.2); IPv6 is the text of RFC 4291, 2.2,
 * without a zone. Hexadecimal, octal and short forms are no addresses. An IPv4 address mapped into IPv6 (RFC 4291,
 * 2.5.5.2) is the IPv4 address.
 */
final class AddressReader {
    private static final int GROUPS = 8;
    private static final int LONGEST = 45;
    private static final long MAPPED = 0xffffL;

    private final int[] groups = new int[GROUPS];
    private long high;
    private long low;
    private boolean four;

    /** Whether the text spells an address, which {@link #four}, {@link #high} and {@link #low} then tell. */
    boolean read(String text) {
        int length = text.length();
        if (length < 2 || length > LONGEST) {
            return false;
        }
        long octets = octets(text, 0, length);
        if (octets < 0) {
            return text.indexOf(':') >= 0 && six(text, length);
        }
        high = 0;
        low = (MAPPED << 32) | octets;
        four = true;
        return true;
    }

    /** Whether the address is one of IPv4; it is kept mapped into IPv6. */
    boolean four() {
        return four;
    }

    /** The first 64 bits. */
    long high() {
        return high;
    }

    /** The other 64 bits. Of an IPv4 address, the last 32 of them. */
    long low() {
        return low;
    }

    /** Four octets in one number, or −1. */
    private static long octets(String text, int from, int to) {
        long address = 0;
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0 && (at >= to || text.charAt(at++) != '.')) {
                return -1;
            }
            int value = at < to ? digit(text.charAt(at++)) : -1;
            int next = at < to ? digit(text.charAt(at)) : -1;
            if (value > 0 && next >= 0) {
                value = value * 10 + next;
                at++;
                next = at < to ? digit(text.charAt(at)) : -1;
                if (next >= 0) {
                    value = value * 10 + next;
                    at++;
                }
            }
            if (value < 0 || value > 255) {
                return -1;
            }
            address = (address << 8) | value;
        }
        return at == to ? address : -1;
    }

    private boolean six(String text, int length) {
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.charAt(0) == ':') {
            if (text.charAt(1) != ':') {
                return false;
            }
            gap = 0;
            at = 2;
        }
        while (at < length) {
            if (count == GROUPS) {
                return false;
            }
            int end = at;
            int value = 0;
            while (end < length && end - at < 4 && hex(text.charAt(end)) >= 0) {
                value = (value << 4) | hex(text.charAt(end));
                end++;
            }
            if (end < length && text.charAt(end) == '.') {
                long octets = count > GROUPS - 2 ? -1 : octets(text, at, length);
                if (octets < 0) {
                    return false;
                }
                groups[count++] = (int) (octets >>> 16);
                groups[count++] = (int) (octets & 0xffff);
                at = length;
                break;
            }
            if (end == at) {
                return false;
            }
            groups[count++] = value;
            at = end;
            if (at == length) {
                break;
            }
            if (text.charAt(at++) != ':' || at == length) {
                return false;
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
                at++;
            }
        }
        return gap < 0 ? count == GROUPS && take(count, count) : count < GROUPS && take(gap, count);
    }

    /** Puts zeros where the gap is. */
    private boolean take(int gap, int count) {
        int zeros = GROUPS - count;
        high = 0;
        low = 0;
        for (int i = 0; i < GROUPS; i++) {
            int value = i < gap ? groups[i] : i < gap + zeros ? 0 : groups[i - zeros];
            if (i < 4) {
                high = (high << 16) | value;
            } else {
                low = (low << 16) | value;
            }
        }
        four = high == 0 && low >>> 32 == MAPPED;
        return true;
    }

    /** What a decimal digit is worth, or −1. */
    private static int digit(char c) {
        int value = c - '0';
        return value >= 0 && value <= 9 ? value : -1;
    }

    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int folded = c | 0x20;
        return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
    }
}
