package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Promise: a packed list of websites holds the origins that the list holds, however long it is. */
class WebsiteSetTest {
    @Provide
    Arbitrary<List<Website>> lists() {
        return Arbitraries.oneOf(
                Sources.websites().list().ofMaxSize(8),
                Sources.websites().list().ofMinSize(9).ofMaxSize(40));
    }

    @Provide
    Arbitrary<List<String>> origins() {
        return Sources.origins().list().ofSize(20);
    }

    private static boolean contains(byte[] set, String text) {
        OriginReader origin = new OriginReader();
        assertThat(origin.read(text)).as(text).isTrue();
        return WebsiteSet.contains(set, origin);
    }

    @Property
    void packedListHoldsWhatTheListHolds(
            @ForAll("lists") List<Website> websites, @ForAll("origins") List<String> origins) {
        byte[] set = WebsiteSet.pack(websites);
        for (String text : origins) {
            SlowReaders.Origin origin = SlowReaders.origin(text).orElseThrow();
            assertThat(contains(set, text)).as(text).isEqualTo(websites.stream().anyMatch(origin::is));
        }
    }

    @Property
    void unpackingGivesEachWebsiteOnceInOrder(@ForAll("lists") List<Website> websites) {
        assertThat(WebsiteSet.unpack(WebsiteSet.pack(websites)))
                .containsExactlyElementsOf(new LinkedHashSet<>(websites));
    }

    @Example
    void listsOfEveryLengthAroundTheTableHoldTheirOwnAndNoOthers() {
        for (int size = 0; size <= 70; size++) {
            List<Website> websites = IntStream.range(0, size)
                    .mapToObj(i -> new Website(true, i % 2 == 1, "s" + i + ".example", 443))
                    .toList();
            byte[] set = WebsiteSet.pack(websites);
            for (int i = 0; i <= size; i++) {
                boolean apex = i % 2 == 0 && i < size;
                boolean under = i % 2 == 1 && i < size;
                assertThat(contains(set, "https://s" + i + ".example")).isEqualTo(apex);
                assertThat(contains(set, "https://a.b.s" + i + ".example")).isEqualTo(under);
            }
            assertThat(contains(set, "https://example")).isFalse();
        }
    }

    /** What the layout is for: see the class. */
    @Example
    void threeWebsitesTakeSomeSixtyBytesAndTheTableFourForAtMostFourTimesTheEntries() {
        Website website = new Website(true, false, "www.example.com", 443);
        assertThat(WebsiteSet.pack(List.of(website, website))).hasSize(1 + 4 + 15);
        List<Website> nine = IntStream.range(0, 9)
                .mapToObj(i -> new Website(true, false, "s" + i, 443))
                .toList();
        assertThat(WebsiteSet.pack(nine)).hasSize(1 + 4 * 32 + 9 * 6);
    }

    /** What a long list is found by; were hosts alike, or ports, found in one heap, each look-up would walk through it. */
    @Example
    void entriesOfALongListAreSpreadOverItsTable() {
        List<Website> hosts = IntStream.range(0, 1_000)
                .mapToObj(i -> Website.of("https://shop-" + i + ".example.com"))
                .toList();
        List<Website> ports = IntStream.range(0, 1_000)
                .mapToObj(i -> Website.of("http://localhost:" + (3_000 + i)))
                .toList();
        List<Website> mirrored = IntStream.range(0, 1_000)
                .mapToObj(i -> Website.of("https://" + "a".repeat(i / 30 + 1) + "." + "c".repeat(i % 30 + 1) + ".de"))
                .toList();
        for (List<Website> websites : List.of(hosts, ports, mirrored)) {
            assertThat(longestRun(WebsiteSet.pack(websites))).isLessThan(120);
        }
    }

    /** How many slots beside each other are taken: on average some fifty of two thousand, where half of them are. */
    private static int longestRun(byte[] set) {
        int slots = 1 << (set[0] & 0x1f);
        ByteBuffer table = ByteBuffer.wrap(set, 1, 4 * slots);
        int longest = 0;
        int run = 0;
        for (int i = 0; i < slots; i++) {
            run = table.getInt() == 0 ? 0 : run + 1;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
