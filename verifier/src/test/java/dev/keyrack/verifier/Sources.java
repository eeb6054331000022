package dev.keyrack.verifier;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Origins, websites, addresses and networks from small stocks, so that they meet, and nearly meet, often. */
final class Sources {
    private Sources() {}

    private static final List<String> LABELS =
            List.of("a", "b", "ab", "aa", "example", "com", "xn--bcher-kva", "-", "_", "1a");

    /** Names of one to five labels. */
    static Arbitrary<String> names() {
        return Arbitraries.of(LABELS).list().ofMinSize(1).ofMaxSize(5).map(labels -> String.join(".", labels));
    }

    private static Arbitrary<String> hosts() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, names()),
                net.jqwik.api.Tuple.of(
                        1, Arbitraries.of("192.0.2.1", "192.0.2.2", "[2001:db8::1]", "[::1]", "[::ffff:c000:201]")));
    }

    private static Arbitrary<Integer> ports() {
        return Arbitraries.of(80, 443, 1, 8443, 65_535);
    }

    static Arbitrary<Website> websites() {
        return Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(true, false), hosts(), ports())
                .as((https, subdomains, host, port) -> new Website(
                        https, subdomains && Character.isLetter(host.charAt(host.length() - 1)), host, port));
    }

    /** Texts of origins that can be read, in the spelling of a browser. */
    static Arbitrary<String> origins() {
        return websites().map(website -> new Website(website.https(), false, website.host(), website.port()).text());
    }

    /** Texts that are nearly origins. */
    static Arbitrary<String> nearOrigins() {
        Arbitrary<String> piece = Arbitraries.of(
                "https://",
                "http://",
                "HTTP://",
                "http\u017f://",
                "ftp://",
                "a",
                "B",
                "example",
                "com",
                "xn--",
                "bcher-kva",
                "0x",
                "1",
                "09",
                "255",
                "256",
                "192.0.2.1",
                ".",
                ".",
                ".",
                "..",
                ":",
                ":443",
                ":0",
                ":65535",
                ":65536",
                ":8443",
                "[",
                "]",
                "[::1]",
                "[2001:DB8::1]",
                "[::ffff:1.2.3.4]",
                "::",
                "@",
                "/",
                "?",
                "#",
                "*",
                "%",
                "-",
                "_",
                "\u00df",
                "\u00fc",
                "u\u0308",
                "\u03c2",
                "\u200d",
                "\u200c",
                "\u3002",
                "\uff0e",
                "\uff21",
                "\uff11",
                "\u00ad",
                "\u0627",
                "\u0dca",
                "\ud83d\ude00",
                "\ud800",
                "\u212a",
                "null",
                " ");
        Arbitrary<String> made = Combinators.combine(
                        Arbitraries.of("https://", "http://", "HTTPS://", ""),
                        piece.list().ofMaxSize(7),
                        Arbitraries.of("", "", ":443", ":80", ":8080", ":080"))
                .as((scheme, rest, port) -> scheme + String.join("", rest) + port);
        return Arbitraries.oneOf(
                made,
                origins(),
                Combinators.combine(
                                Arbitraries.of("https://", ""),
                                Arbitraries.strings().ofMaxLength(12))
                        .as(String::concat));
    }

    /** Addresses that share long beginnings. */
    static Arbitrary<String> addresses() {
        Arbitrary<String> octet = Arbitraries.of("0", "1", "2", "127", "128", "192", "254", "255");
        Arbitrary<String> four = octet.list().ofSize(4).map(octets -> String.join(".", octets));
        Arbitrary<String> group = Arbitraries.of("0", "0", "0", "1", "7fff", "8000", "FFFF", "2001", "db8");
        Arbitrary<String> six = group.list().ofSize(8).map(groups -> String.join(":", groups));
        Arbitrary<String> ends = Arbitraries.of(
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "::ffff:0:0",
                "::ffff:ffff:ffff",
                "::fffe:ffff:ffff",
                "::1:0:0:0",
                "0:0:0:1::");
        return Arbitraries.oneOf(four, six, four.map(text -> "::ffff:" + text), ends);
    }

    /** Blocks around such addresses, of every width. */
    static Arbitrary<Network> networks() {
        return Combinators.combine(addresses(), Arbitraries.integers().between(0, 128))
                .as((address, bits) -> Network.around(address + "/" + (address.contains(":") ? bits : bits / 4))
                        .orElseThrow());
    }

    /** Texts that are nearly addresses or blocks. */
    static Arbitrary<String> nearNetworks() {
        Arbitrary<String> piece = Arbitraries.of(
                "0",
                "1",
                "01",
                "9",
                "25",
                "255",
                "256",
                "192",
                "f",
                "ffff",
                "FFFF",
                "00001",
                "db8",
                "2001",
                "g",
                "x",
                ".",
                ".",
                ".",
                ":",
                ":",
                ":",
                "::",
                "::ffff:",
                "/",
                "/0",
                "/8",
                "/24",
                "/032",
                "/32",
                "/33",
                "/64",
                "/96",
                "/95",
                "/128",
                "/129",
                "%eth0",
                " ",
                "-",
                "+",
                "\uff11",
                "\u0661",
                "1.2.3.4",
                "192.0.2.0",
                "2001:db8::");
        return Arbitraries.oneOf(
                piece.list().ofMaxSize(9).map(pieces -> String.join("", pieces)),
                networks().map(Network::text),
                addresses());
    }
}
