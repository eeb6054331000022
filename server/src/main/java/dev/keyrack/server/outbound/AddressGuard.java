package dev.keyrack.server.outbound;

import dev.keyrack.gate.Networks;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Tells addresses of the public Internet from those that mean something only near Keyrack: this machine, its networks, the
 * metadata of its cloud.
 *
 * <p>Guarantee: an address passes only if it is public unicast by the registries of IANA (RFC 6890 and its updates), or the
 * operator has named its network; and never where Keyrack itself listens, whatever the operator has named.
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
    private final IntPredicate own;

    /** Of a Keyrack that listens nowhere. */
    AddressGuard(Networks allowed) {
        this(allowed, port -> false);
    }

    /**
     * @param allowed networks that may be called although they are not public
     * @param own whether Keyrack itself listens at this port of this machine
     */
    public AddressGuard(Networks allowed, IntPredicate own) {
        this.allowed = allowed;
        this.own = own;
    }

    /** Whether this address may be called at this port. */
    public boolean allows(InetAddress address, int port) {
        return allows(address) && !(own.test(port) && isHere(address));
    }

    /** Whether this address may be called where Keyrack does not listen. */
    boolean allows(InetAddress address) {
        return allowed.containText(address.getHostAddress()) || isPublic(address);
    }

    /** Whether it leads to this machine. What cannot be told counts as if it did. */
    private static boolean isHere(InetAddress address) {
        if (address instanceof Inet6Address six && TRANSLATED.containText(six.getHostAddress())) {
            return isHere(lastFour(six));
        }
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
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
