package dev.keyrack.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.Networks;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No class of addresses that means something only near Keyrack is called, and every public one is. */
class AddressGuardTest {
    private static final AddressGuard GUARD = new AddressGuard(Networks.parse(List.of()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.170.2",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "::ffff:0:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.1.2.3",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::8.8.8.8",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:808:808::1",
                "3fff::1",
                "3fff:fff::1",
                "4000::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fd12:3456::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ffff::1"
            })
    void addressOfNoPublicNetworkIsRefused(String address) {
        assertThat(GUARD.allows(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2003::1",
                "2606:4700:4700::1111",
                "2a00:1450::1",
                "3ffe::1"
            })
    void publicAddressIsAllowed(String address) {
        assertThat(GUARD.allows(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void addressOfAnInterfaceIsNoPublicOne() throws UnknownHostException {
        byte[] global = InetAddress.ofLiteral("2606:4700:4700::1111").getAddress();

        assertThat(GUARD.allows(Inet6Address.getByAddress(null, global, 1))).isFalse();
    }

    @Test
    void keyracksOwnPortsAreNotCalledWhateverTheOperatorAllows() throws Exception {
        AddressGuard guard = new AddressGuard(
                Networks.parse(List.of("127.0.0.0/8", "0.0.0.0", "::", "::1", "64:ff9b::/96", "10.0.0.0/8")),
                port -> port == 8080 || port == 8081);

        for (String here :
                List.of("127.0.0.1", "127.1.2.3", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")) {
            InetAddress address = InetAddress.ofLiteral(here);
            assertThat(guard.allows(address, 8080)).as(here).isFalse();
            assertThat(guard.allows(address, 8081)).as(here).isFalse();
            assertThat(guard.allows(address, 8082)).as(here).isTrue();
        }
        assertThat(guard.allows(InetAddress.ofLiteral("10.255.255.254"), 8080)).isTrue();
        assertThat(guard.allows(InetAddress.ofLiteral("8.8.8.8"), 8081)).isTrue();
    }

    @Test
    void keyracksOwnPortsAreNotCalledByTheAddressesOfThisMachinesNetworks() throws Exception {
        List<InetAddress> all = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList();
        AddressGuard guard = new AddressGuard(Networks.parse(List.of("0.0.0.0/0", "::/0")), port -> port == 8080);

        assertThat(all)
                .isNotEmpty()
                .allSatisfy(address -> assertThat(guard.allows(address, 8080)).isFalse());
    }

    @Test
    void operatorsNetworksAreAllowedAndNothingBesideThem() {
        AddressGuard guard = new AddressGuard(Networks.parse(List.of("127.0.0.0/8", "fd00:1::/32", "10.1.2.3")));

        assertThat(guard.allows(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(guard.allows(InetAddress.ofLiteral("::ffff:127.0.0.1"))).isTrue();
        assertThat(guard.allows(InetAddress.ofLiteral("fd00:1::5"))).isTrue();
        assertThat(guard.allows(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
        assertThat(guard.allows(InetAddress.ofLiteral("10.1.2.4"))).isFalse();
        assertThat(guard.allows(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(guard.allows(InetAddress.ofLiteral("fd00:2::5"))).isFalse();
        assertThat(guard.allows(InetAddress.ofLiteral("8.8.8.8"))).isTrue();
    }
}
