package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Promise: a packed list of networks holds the addresses that the list holds, however its blocks lie in each other. */
class NetworkSetTest {
    @Provide
    Arbitrary<List<Network>> lists() {
        return Sources.networks().list().ofMaxSize(20);
    }

    @Provide
    Arbitrary<List<String>> addresses() {
        return Sources.addresses().list().ofSize(20);
    }

    private static boolean contains(byte[] set, String text) {
        AddressReader address = new AddressReader();
        assertThat(address.read(text)).as(text).isTrue();
        return NetworkSet.contains(set, address);
    }

    private static boolean slowlyContains(List<Network> networks, String text) {
        SlowReaders.Address address = SlowReaders.address(text).orElseThrow();
        return networks.stream()
                .anyMatch(network ->
                        SlowReaders.block(network.text()).orElseThrow().contains(address));
    }

    /** The first and the last address of a block, and those beside it. */
    private static List<String> edges(Network network) {
        SlowReaders.Block block = SlowReaders.block(network.text()).orElseThrow();
        java.math.BigInteger first = block.value();
        java.math.BigInteger size = java.math.BigInteger.ONE.shiftLeft((block.four() ? 32 : 128) - block.bits());
        List<String> edges = new ArrayList<>();
        for (java.math.BigInteger value : List.of(
                first,
                first.subtract(java.math.BigInteger.ONE),
                first.add(size),
                first.add(size).subtract(java.math.BigInteger.ONE))) {
            if (value.signum() >= 0 && value.bitLength() <= (block.four() ? 32 : 128)) {
                edges.add(text(value, block.four()));
            }
        }
        return edges;
    }

    private static String text(java.math.BigInteger value, boolean four) {
        List<String> parts = new ArrayList<>();
        for (int i = four ? 3 : 7; i >= 0; i--) {
            int part = value.shiftRight(i * (four ? 8 : 16)).intValue() & (four ? 0xff : 0xffff);
            parts.add(four ? Integer.toString(part) : Integer.toHexString(part));
        }
        return String.join(four ? "." : ":", parts);
    }

    @Property
    void packedListHoldsWhatTheListHolds(
            @ForAll("lists") List<Network> networks, @ForAll("addresses") List<String> addresses) {
        byte[] set = NetworkSet.pack(networks);
        List<String> all = new ArrayList<>(addresses);
        networks.forEach(network -> all.addAll(edges(network)));
        for (String text : all) {
            assertThat(contains(set, text)).as(text).isEqualTo(slowlyContains(networks, text));
        }
    }

    @Property
    void unpackingGivesTheBlocksThatLieInNoOtherInOrder(@ForAll("lists") List<Network> networks) {
        List<Network> expected = networks.stream()
                .distinct()
                .filter(one -> networks.stream().noneMatch(other -> !other.equals(one) && slowlyIn(one, other)))
                .toList();
        List<Network> unpacked = NetworkSet.unpack(NetworkSet.pack(networks));
        assertThat(unpacked).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(unpacked.stream()
                        .map(network -> SlowReaders.block(network.text()).orElseThrow())
                        .toList())
                .isSortedAccordingTo(java.util.Comparator.comparing((SlowReaders.Block block) -> !block.four())
                        .thenComparing(SlowReaders.Block::value));
        assertThat(NetworkSet.pack(unpacked)).isEqualTo(NetworkSet.pack(networks));
    }

    private static boolean slowlyIn(Network one, Network other) {
        SlowReaders.Block inner = SlowReaders.block(one.text()).orElseThrow();
        SlowReaders.Block outer = SlowReaders.block(other.text()).orElseThrow();
        return outer.bits() <= inner.bits() && outer.contains(new SlowReaders.Address(inner.four(), inner.value()));
    }

    @Property
    void blockHoldsAnotherWhenItHoldsItsFirstAddressAndIsWider(
            @ForAll("lists") List<Network> some, @ForAll("lists") List<Network> others) {
        for (Network one : some) {
            for (Network other : others) {
                assertThat(other.contains(one)).isEqualTo(slowlyIn(one, other));
            }
        }
    }

    @Example
    void moreThanTwoHundredAndFiftySixBlocksOfIpv4AreCountedRight() {
        List<Network> networks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            networks.add(
                    Network.parse("10." + i / 256 + "." + i % 256 + ".8/29").orElseThrow());
            networks.add(Network.parse("2001:db8:" + Integer.toHexString(i) + "::/64")
                    .orElseThrow());
        }
        byte[] set = NetworkSet.pack(networks);
        assertThat(set).hasSize(2 + 1000 * 8 + 1000 * 32);
        assertThat(NetworkSet.unpack(set)).containsExactlyInAnyOrderElementsOf(networks);
        for (int i = 0; i < 1000; i++) {
            String four = "10." + i / 256 + "." + i % 256;
            String six = "2001:db8:" + Integer.toHexString(i);
            assertThat(contains(set, four + ".8") && contains(set, four + ".15"))
                    .isTrue();
            assertThat(contains(set, four + ".7") || contains(set, four + ".16"))
                    .isFalse();
            assertThat(contains(set, six + "::") && contains(set, six + "::ffff:ffff:ffff:ffff"))
                    .isTrue();
            assertThat(contains(set, six + ":1::")).isFalse();
        }
        assertThat(contains(set, "10.3.232.8")).isFalse();
        assertThat(contains(set, "2001:db8:3e8::")).isFalse();
    }
}
