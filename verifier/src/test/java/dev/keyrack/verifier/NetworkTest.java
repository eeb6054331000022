package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inet.ipaddr.IPAddressString;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: a network has one canonical text, which is that of RFC 5952, and what is no network is not taken for one. */
class NetworkTest {
    @Provide
    Arbitrary<Network> networks() {
        return Sources.networks();
    }

    @Provide
    Arbitrary<String> nearNetworks() {
        return Sources.nearNetworks();
    }

    @Provide
    Arbitrary<String> addresses() {
        return Sources.addresses();
    }

    @Property
    void canonicalTextIsReadAsTheSameNetwork(@ForAll("networks") Network network) {
        assertThat(Network.parse(network.text())).contains(network);
        assertThat(Network.around(network.text())).contains(network);
        assertThat(network).hasToString(network.text());
    }

    @Property
    void canonicalTextIsThatOfALibrary(@ForAll("networks") Network network) {
        String text = network.text();
        assertThat(new IPAddressString(text).getAddress().toCanonicalString()).isEqualTo(text);
    }

    @Property(tries = 20_000)
    void readsWhatTheSecondImplementationReads(@ForAll("nearNetworks") String text) {
        Optional<SlowReaders.Block> expected = SlowReaders.block(text);
        Optional<Network> network = Network.parse(text);
        assertThat(network.isPresent()).as(text).isEqualTo(expected.isPresent());
        if (expected.isPresent()) {
            assertThat(network.get().bits()).isEqualTo(expected.get().bits());
            assertThat(network.get().four()).isEqualTo(expected.get().four());
            assertThat(SlowReaders.block(network.get().text())).isEqualTo(expected);
        }
    }

    @Property
    void addressLiesInTheBlockAroundItOfEveryWidth(@ForAll("addresses") String address) {
        int most = address.contains(":") ? 128 : 32;
        for (int bits = 0; bits <= most; bits++) {
            Network network = Network.around(address + "/" + bits).orElseThrow();
            AddressReader reader = new AddressReader();
            reader.read(address);
            assertThat(network.shared(reader)).isGreaterThanOrEqualTo(network.prefix());
            assertThat(Network.parse(address + "/" + bits).isPresent())
                    .isEqualTo(SlowReaders.block(address + "/" + bits).isPresent());
        }
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 5952, 4 and 5.
        "2001:0db8::0001,2001:db8::1",
        "2001:db8:0:0:0:0:2:1,2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
        "2001:DB8::AB,2001:db8::ab",
        "0:0:0:0:0:0:0:0,::",
        "1:0:0:0:0:0:0:0,1::",
        "0:0:0:0:0:0:0:1,::1",
        "0:1:0:0:0:0:0:0,0:1::",
        "1:0:0:0:0:0:0:2,1::2",
        "::ffff:192.0.2.1,192.0.2.1",
        "::ffff:192.0.2.0/120,192.0.2.0/24",
        "::ffff:0:0/96,0.0.0.0/0",
        "::fffe:0:0/95,::fffe:0:0/95",
        "::/0,::/0",
        "2001:db8::/128,2001:db8::",
        "192.0.2.7/32,192.0.2.7",
        "0.0.0.0/0,0.0.0.0/0"
    })
    void textIsCanonical(String text, String canonical) {
        assertThat(Network.parse(text).orElseThrow().text()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7/24,192.0.2.0/24",
        "2001:db8::1/32,2001:db8::/32",
        "::ffff:192.0.2.7/95,::fffe:0:0/95",
        "255.255.255.255/0,0.0.0.0/0",
        "ffff::1/65,ffff::/65"
    })
    void blockAroundAnAddressIsFoundWhereTheTextItselfIsNone(String text, String around) {
        assertThat(Network.parse(text)).isEmpty();
        assertThat(Network.around(text).orElseThrow().text()).isEqualTo(around);
    }

    @Test
    void bitsAfterThePrefixMakeNoNetwork() {
        assertThatThrownBy(() -> new Network(0, 1, 127, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Network(1, 0, 63, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Network(0, 0, 129, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Network(0, 0, -1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Network(0, 0, 95, true)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Network(0, 0, 0, false).bits()).isZero();
        assertThat(new Network(0, 0xffffL << 32, 96, true).bits()).isZero();
    }
}
