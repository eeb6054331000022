package dev.keyrack.server.outbound;

import dev.keyrack.gate.Networks;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public Internet from those that mean something only near Keyrack: this machine, its networks, the
 * metadata of its cloud.
 *
 * <p>Guarantee: an address passes only if it is public unicast by the registries of IANA (RFC 6890 and its updates), or the
 * operator has named its network.
 */
public final class AddressGuard {
    private static final Networks NOT_PUBLIC_FOUR = Networks.parse(List.of(
            "0.0.0.0/8", // this network (RFC 791)
            "10.0.0.0/8", // private (RFC 1918)
            "100.64.0.0/10", // behind a carrier's NAT (RFC 6598)
            "127.0.0.0/8", // this machine
            "168.63.129.16", // Azure's platform: public by number, inside by nature
            "169.254.0.0/16", // link-local, and the metadata of most clouds
            "172.16.0.0/12", // private (RFC 1918)
            "192.0.0.0/24", // protocols (RFC 6890), and the metadata of Oracle's cloud
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private (RFC 1918)
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4")); // reserved, and broadcast

    /** All of IPv6 that is public unicast: loopback, unique-local, link-local, multicast and mapped ones lie elsewhere. */
    private static final Networks GLOBAL_SIX = Networks.parse(List.of("2000::/3"));

    private static final Networks NOT_PUBLIC_SIX = Networks.parse(List.of(
            "2001::/23", // protocols: Teredo, benchmarks, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: an IPv4 address in another form
            "3fff::/20")); // documentation

    /** NAT64 (RFC 6052): an IPv4 address in its last four bytes, which is what counts. */
    private static final Networks TRANSLATED = Networks.parse(List.of("64:ff9b::/96"));

    private final Networks allowed;

    /** @param allowed networks that may be called although they are not public */
    public AddressGuard(Networks allowed) {
        this.allowed = allowed;
    }

    /** Whether this address may be called. */
    public boolean allows(InetAddress address) {
        return allowed.containText(address.getHostAddress()) || isPublic(address);
    }

    private static boolean isPublic(InetAddress address) {
        String text = address.getHostAddress();
        return switch (address) {
            case Inet4Address four -> !NOT_PUBLIC_FOUR.containText(text);
            case Inet6Address six when TRANSLATED.containText(text) -> isPublic(lastFour(six));
            case Inet6Address six ->
                six.getScopeId() == 0 && GLOBAL_SIX.containText(text) && !NOT_PUBLIC_SIX.containText(text);
            default -> false;
        };
    }

    private static InetAddress lastFour(Inet6Address six) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(six.getAddress(), 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }
}
