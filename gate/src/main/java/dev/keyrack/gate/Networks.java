package dev.keyrack.gate;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of networks. An IPv4 address that arrives mapped into IPv6 (RFC 4291, 2.5.5.2) is the IPv4 address. */
public final class Networks {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .allow_inet_aton(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .toParams();

    private final List<IPAddress> blocks;

    private Networks(List<IPAddress> blocks) {
        this.blocks = blocks;
    }

    /** @throws IllegalArgumentException naming the entry that is no network in CIDR notation */
    public static Networks parse(List<String> texts) {
        List<IPAddress> blocks = new ArrayList<>();
        for (String text : texts) {
            IPAddress block = address(text);
            if (block == null) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no network, such as 192.0.2.0/24 or 2001:db8::/32");
            }
            if (block.isPrefixed() && !block.isPrefixBlock()) {
                throw new IllegalArgumentException(
                        "'" + text + "' has bits after its prefix: write " + block.toPrefixBlock());
            }
            blocks.add(block);
        }
        return new Networks(List.copyOf(blocks));
    }

    /** Whether this address, as a connection tells it, lies in one of the networks. A text that is none does not. */
    public boolean containText(String address) {
        return contain(address(address));
    }

    /** Whether a connection from this address comes from this machine. */
    public static boolean isLoopback(String address) {
        IPAddress peer = address(address);
        return peer != null && peer.isLoopback();
    }

    boolean contain(@Nullable IPAddress address) {
        if (address == null) {
            return false;
        }
        for (IPAddress block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    @Override
    public String toString() {
        return String.join(
                ", ", blocks.stream().map(IPAddress::toCanonicalString).toList());
    }

    /** The address or network that this text spells, or nothing. */
    static @Nullable IPAddress address(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            IPAddress address = new IPAddressString(withoutZone(text), STRICT).toAddress();
            if (address instanceof IPv6Address six && six.isIPv4Mapped()) {
                return six.getEmbeddedIPv4Address();
            }
            return address;
        } catch (AddressStringException | IncompatibleAddressException e) {
            return null;
        }
    }

    /** Link-local peers come with the interface they arrived on: {@code fe80::1%eth0}. */
    private static String withoutZone(String text) {
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
