package dev.keyrack.verifier;

import java.util.Optional;

/**
 * An IP address or a block of them in CIDR notation (RFC 4632, RFC 4291 2.3): {@code 192.0.2.0/24}, {@code 2001:db8::1}.
 *
 * <p>An IPv4 block lies in IPv6 where mapped addresses do (RFC 4291, 2.5.5.2), so its prefix is 96 bits longer here. Yet
 * the two families never contain each other: {@code ::/0} has no IPv4 address in it.
 *
 * @param high the first 64 bits of its first address
 * @param low the other 64 bits
 * @param prefix how many bits its addresses share, from 0 to 128
 * @param four whether it is a block of IPv4
 */
public record Network(long high, long low, int prefix, boolean four) {
    private static final int BITS = 128;
    private static final int MAPPED_BITS = 96;

    public Network {
        if (prefix < (four ? MAPPED_BITS : 0) || prefix > BITS) {
            throw new IllegalArgumentException("a prefix of " + prefix + " bits");
        }
        if ((high & ~highMask(prefix)) != 0 || (low & ~lowMask(prefix)) != 0) {
            throw new IllegalArgumentException("bits after the prefix");
        }
    }

    /** The block that this text spells, or nothing. Bits after the prefix make it no block: see {@link #around}. */
    public static Optional<Network> parse(String text) {
        return around(text).filter(network -> network.prefixIn(text) == network.prefix && network.beginsWith(text));
    }

    /** The block around the address in this text, whatever bits the address has after the prefix; or nothing. */
    public static Optional<Network> around(String text) {
        int slash = text.indexOf('/');
        AddressReader address = new AddressReader();
        if (!address.read(slash < 0 ? text : text.substring(0, slash))) {
            return Optional.empty();
        }
        boolean spelledAsSix = text.indexOf(':') >= 0;
        int prefix = slash < 0 ? BITS : prefix(text.substring(slash + 1), spelledAsSix);
        if (prefix < 0) {
            return Optional.empty();
        }
        boolean four = address.four() && prefix >= MAPPED_BITS;
        return Optional.of(
                new Network(address.high() & highMask(prefix), address.low() & lowMask(prefix), prefix, four));
    }

    /** In bits of IPv6, or −1. */
    private static int prefix(String text, boolean six) {
        int most = six ? BITS : BITS - MAPPED_BITS;
        boolean digits = !text.isEmpty()
                && text.length() <= 3
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        int bits = digits ? Integer.parseInt(text) : most + 1;
        return bits > most ? -1 : six ? bits : bits + MAPPED_BITS;
    }

    private int prefixIn(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? BITS : prefix(text.substring(slash + 1), text.indexOf(':') >= 0);
    }

    private boolean beginsWith(String text) {
        int slash = text.indexOf('/');
        AddressReader address = new AddressReader();
        return address.read(slash < 0 ? text : text.substring(0, slash))
                && address.high() == high
                && address.low() == low;
    }

    /** The prefix as it is written for this family: 0 to 32, or 0 to 128. */
    public int bits() {
        return four ? prefix - MAPPED_BITS : prefix;
    }

    boolean contains(Network other) {
        return four == other.four
                && prefix <= other.prefix
                && (other.high & highMask(prefix)) == high
                && (other.low & lowMask(prefix)) == low;
    }

    long lastHigh() {
        return high | ~highMask(prefix);
    }

    long lastLow() {
        return low | ~lowMask(prefix);
    }

    /** How many leading bits this block's first address shares with an address. */
    int shared(AddressReader address) {
        int inHigh = Long.numberOfLeadingZeros(high ^ address.high());
        return inHigh < 64 ? inHigh : 64 + Long.numberOfLeadingZeros(low ^ address.low());
    }

    private static long highMask(int prefix) {
        return prefix >= 64 ? -1 : prefix == 0 ? 0 : -1L << (64 - prefix);
    }

    private static long lowMask(int prefix) {
        return prefix <= 64 ? 0 : -1L << (BITS - prefix);
    }

    /** The canonical text (RFC 5952); a single address without a prefix. */
    public String text() {
        String address = four ? octets() : groups();
        return prefix == BITS ? address : address + "/" + bits();
    }

    @Override
    public String toString() {
        return text();
    }

    private String octets() {
        return ((low >>> 24) & 0xff) + "." + ((low >>> 16) & 0xff) + "." + ((low >>> 8) & 0xff) + "." + (low & 0xff);
    }

    private int group(int index) {
        return (int) (((index < 4 ? high : low) >>> (48 - 16 * (index % 4))) & 0xffff);
    }

    /** RFC 5952, 4: lower case, no leading zeros, the longest run of two or more zero groups as {@code ::}. */
    private String groups() {
        int from = 0;
        int most = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(i + run) == 0) {
                run++;
            }
            if (run > most) {
                from = i;
                most = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (most > 1 && i == from) {
                text.append("::");
                i += most - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
