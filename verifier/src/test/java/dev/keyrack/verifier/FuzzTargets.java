package dev.keyrack.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the fuzzer calls, one class for each kind of text: both implementations read it, and must agree. */
final class FuzzTargets {
    private FuzzTargets() {}

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static void same(Object expected, Object actual, String text) {
        if (!Objects.equals(expected, actual)) {
            StringBuilder shown = new StringBuilder();
            text.chars().forEach(c -> shown.append(c > 0x1f && c < 0x7f ? "" + (char) c : "\\u%04x".formatted(c)));
            throw new AssertionError("should be " + expected + ", is " + actual + " for \"" + shown + "\"");
        }
    }

    /** Tokens, as they come and with the check that fits. */
    static final class Token {
        private static final Verifier KNOWS_NO_KEY = new Verifier(TestingFeed.of().replica, () -> 0);

        private Token() {}

        public static void fuzzerTestOneInput(byte[] input) {
            String text = text(input);
            agree(text);
            if (text.length() > 6) {
                String signed = text.substring(0, text.length() - 6);
                agree(signed + SlowReaders.check(signed));
            }
        }

        private static void agree(String text) {
            Optional<List<String>> expected = SlowReaders.token(text);
            same(
                    expected,
                    TokenFormat.parse(text)
                            .map(token -> List.of(
                                    token.brand(), token.tag(), token.id().value())),
                    text);
            same(
                    expected.isPresent() ? Code.UNKNOWN : Code.MALFORMED,
                    KNOWS_NO_KEY.verify(Question.of(text)).code(),
                    text);
        }
    }

    /** Origins, alone and against websites that they are, and nearly are. */
    static final class Origin {
        private static final List<String> SOME = List.of(
                "https://example.com",
                "https://*.example.com",
                "http://www.example.com:8000",
                "https://*.com:8443",
                "https://192.0.2.1",
                "https://[2001:db8::1]",
                "https://xn--bcher-kva.example",
                "http://localhost:3000");

        private Origin() {}

        public static void fuzzerTestOneInput(byte[] input) {
            String text = text(input);
            OriginReader reader = new OriginReader();
            Optional<SlowReaders.Origin> expected = SlowReaders.origin(text);
            Optional<SlowReaders.Origin> read = reader.read(text)
                    ? Optional.of(new SlowReaders.Origin(
                            reader.https(), reader.hostText(), reader.port(), reader.isAddress()))
                    : Optional.empty();
            same(expected, read, text);
            expected.ifPresent(origin -> agree(origin, reader, text));
            if (Website.read(text) instanceof Website.Reading.Read(Website website, String dropped)) {
                same(website, Website.of(website.text()), text);
                same(true, expected.isPresent() || !dropped.isEmpty() || website.subdomains(), text);
            }
        }

        private static void agree(SlowReaders.Origin origin, OriginReader reader, String text) {
            List<Website> websites =
                    new ArrayList<>(SOME.stream().map(Website::of).toList());
            if (!origin.address()) {
                int dot = origin.host().indexOf('.');
                websites.add(new Website(!origin.https(), false, origin.host(), origin.port()));
                websites.add(new Website(origin.https(), true, origin.host(), origin.port()));
                if (dot > 0) {
                    websites.add(new Website(
                            origin.https(), dot % 2 == 0, origin.host().substring(dot + 1), origin.port()));
                }
            }
            for (List<Website> list : List.of(websites, websites.subList(0, 8), websites.subList(4, websites.size()))) {
                same(list.stream().anyMatch(origin::is), WebsiteSet.contains(WebsiteSet.pack(list), reader), text);
            }
            Website own = new Website(origin.https(), false, origin.host(), origin.port());
            same(true, WebsiteSet.contains(WebsiteSet.pack(List.of(own)), reader), text);
        }
    }

    /** Networks and addresses, one on each line: each address against all of the networks. */
    static final class Networks {
        /** More lines reach nothing new, and take their time. */
        private static final int LINES = 12;

        private Networks() {}

        public static void fuzzerTestOneInput(byte[] input) {
            String[] lines = text(input).split("\n", LINES);
            List<Network> networks = new ArrayList<>();
            List<SlowReaders.Block> blocks = new ArrayList<>();
            for (String line : lines) {
                Optional<SlowReaders.Block> expected = SlowReaders.block(line);
                Optional<Network> network = Network.parse(line);
                same(expected, network.flatMap(found -> SlowReaders.block(found.text())), line);
                same(network, network.flatMap(found -> Network.parse(found.text())), line);
                Network.around(line);
                network.ifPresent(networks::add);
                expected.ifPresent(blocks::add);
            }
            byte[] set = NetworkSet.pack(networks);
            for (String line : lines) {
                address(line, set, blocks);
            }
        }

        private static void address(String line, byte[] set, List<SlowReaders.Block> blocks) {
            AddressReader reader = new AddressReader();
            Optional<SlowReaders.Address> expected = SlowReaders.address(line);
            same(expected.isPresent(), reader.read(line), line);
            if (expected.isPresent()) {
                same(expected.get().four(), reader.four(), line);
                same(
                        blocks.stream().anyMatch(block -> block.contains(expected.get())),
                        NetworkSet.contains(set, reader),
                        line);
            }
        }
    }

    /** A permission that is asked for, and on the lines after it those that were granted. */
    static final class Permission {
        private Permission() {}

        public static void fuzzerTestOneInput(byte[] input) {
            String[] lines = text(input).split("\n", -1);
            List<String> grants = new ArrayList<>();
            for (String line : lines) {
                same(SlowReaders.isGrant(line), Permissions.isGrant(line), line);
                same(SlowReaders.isQuestion(line), Permissions.isQuestion(line), line);
                if (SlowReaders.isGrant(line)) {
                    grants.add(line);
                }
            }
            List<String> granted = grants.isEmpty() ? grants : grants.subList(1, grants.size());
            same(
                    SlowReaders.grants(granted, lines[0]),
                    Permissions.of(granted, 0).grant(lines[0], ReplicaCatalogue.NONE, KeyType.SERVER),
                    String.join("\n", lines));
        }
    }
}
