package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Promise: every spelling of an address is read as that address, and nothing else is read as one. */
class AddressReaderTest {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowPrefix(false)
            .allowMask(false)
            .allowWildcardedSeparator(false)
            .toParams();

    @Provide
    Arbitrary<String> nearNetworks() {
        return Sources.nearNetworks();
    }

    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.strings()
                .withChars("0123456789abcdefABCDEF:::...%/[] gx\uff11")
                .ofMaxLength(46);
    }

    private static void agrees(String text) {
        AddressReader reader = new AddressReader();
        var expected = SlowReaders.address(text);
        assertThat(reader.read(text)).as(text).isEqualTo(expected.isPresent());
        if (expected.isPresent()) {
            assertThat(reader.four()).isEqualTo(expected.get().four());
            assertThat(value(reader)).isEqualTo(expected.get().value());
        }
    }

    private static BigInteger value(AddressReader reader) {
        BigInteger low = new BigInteger(Long.toUnsignedString(reader.low()));
        return reader.four()
                ? low.subtract(BigInteger.valueOf(0xffffL << 32))
                : new BigInteger(Long.toUnsignedString(reader.high()))
                        .shiftLeft(64)
                        .add(low);
    }

    @Property(tries = 20_000)
    void readsWhatTheGrammarAllowsAndNothingElse(@ForAll("nearNetworks") String text) {
        agrees(text);
    }

    @Property(tries = 20_000)
    void readsWhatTheGrammarAllowsOfItsOwnCharacters(@ForAll("strings") String text) {
        agrees(text);
    }

    @Property
    void noTextMakesItThrow(@ForAll String text) {
        agrees(text);
    }

    /** Spellings as a library writes them. */
    @Property
    void everySpellingIsReadAsItsAddress(@ForAll @Size(16) byte[] octets) throws Exception {
        IPv6Address six = new IPv6Address(octets);
        for (String text : List.of(
                six.toCanonicalString(),
                six.toFullString(),
                six.toCompressedString(),
                six.toNormalizedString(),
                six.toMixedString(),
                six.toCanonicalString().toUpperCase(java.util.Locale.ROOT),
                InetAddress.getByAddress(octets).getHostAddress())) {
            AddressReader reader = new AddressReader();
            assertThat(reader.read(text)).as(text).isTrue();
            InetAddress expected = InetAddress.getByAddress(octets);
            assertThat(value(reader)).isEqualTo(new BigInteger(1, expected.getAddress()));
            assertThat(reader.four()).isEqualTo(expected.getAddress().length == 4);
        }
    }

    @Property
    void everyIpv4AddressIsReadAsItselfAlsoWhenItIsMapped(@ForAll int octets) {
        String text = new IPv4Address(octets).toCanonicalString();
        AddressReader reader = new AddressReader();
        for (String spelling : List.of(text, "::ffff:" + text, "0:0:0:0:0:FFFF:" + text)) {
            assertThat(reader.read(spelling)).isTrue();
            assertThat(reader.four()).isTrue();
            assertThat(value(reader)).isEqualTo(BigInteger.valueOf(octets & 0xffff_ffffL));
        }
    }

    /** A library that is lenient by itself: what is read here, it reads as the same. */
    @Property(tries = 5000)
    void aLibraryReadsTheSame(@ForAll("nearNetworks") String text) {
        AddressReader reader = new AddressReader();
        if (reader.read(text)) {
            var address = new IPAddressString(text, STRICT).getAddress();
            assertThat(address).as(text).isNotNull();
            BigInteger value = address.getValue();
            assertThat(value(reader)).isEqualTo(reader.four() ? value.mod(BigInteger.ONE.shiftLeft(32)) : value);
        }
    }

    /** One reader reads one after another: nothing of the last may be left. */
    @Test
    void nothingIsLeftOfTheAddressBefore() {
        AddressReader reader = new AddressReader();
        assertThat(reader.read("1:2:3:4:5:6:7:8")).isTrue();
        assertThat(reader.read("::")).isTrue();
        assertThat(reader.high() | reader.low()).isZero();
        assertThat(reader.four()).isFalse();
        assertThat(reader.read("0.0.0.0")).isTrue();
        assertThat(reader.four()).isTrue();
        assertThat(reader.read("::1")).isTrue();
        assertThat(reader.four()).isFalse();
        assertThat(reader.low()).isOne();
    }

    @Test
    void longestSpellingHasFortyFiveCharacters() {
        String longest = "0000:0000:0000:0000:0000:ffff:255.255.255.255";
        assertThat(longest).hasSize(45);
        assertThat(new AddressReader().read(longest)).isTrue();
        assertThat(new AddressReader().read("0" + longest)).isFalse();
        assertThat(new AddressReader().read("::")).isTrue();
        assertThat(new AddressReader().read(":")).isFalse();
        assertThat(new AddressReader().read("")).isFalse();
    }
}
