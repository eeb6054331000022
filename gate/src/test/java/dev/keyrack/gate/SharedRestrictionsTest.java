package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Restrictions;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promise: restrictions that many keys have are parsed once and are one object. */
class SharedRestrictionsTest {
    private final SharedRestrictions shared = new SharedRestrictions();

    private static String networks(int entries) {
        return IntStream.range(0, entries)
                .mapToObj(i -> "\"192.0.2." + i + "\"")
                .collect(Collectors.joining(",", "{\"networks\":[", "]}"));
    }

    @Test
    void sameTextIsTheSameObjectHoweverLong() {
        for (int entries : new int[] {1, 200}) {
            Restrictions first = shared.of(networks(entries));
            assertThat(first.networks().orElseThrow()).isNotEmpty();
            assertThat(shared.of(networks(entries))).isSameAs(first);
            assertThat(shared.of(networks(entries + 1))).isNotEqualTo(first);
        }
    }

    /** A key that was read from the store, and then from the feed: its list stays the one that the other keys have. */
    @Test
    void sameListWrittenInAnotherOrderIsTheSameObject() {
        Restrictions first = shared.of("{\"networks\":[\"192.0.2.9\",\"192.0.2.0/30\",\"192.0.2.1\"]}");
        assertThat(shared.of("{\"networks\":[\"192.0.2.0/30\",\"192.0.2.9\"]}")).isSameAs(first);
    }

    @Test
    void noRestrictionsAreTheOneObjectForThem() {
        assertThat(shared.of(null)).isSameAs(Restrictions.NONE);
        assertThat(shared.of("{}")).isSameAs(Restrictions.NONE);
    }
}
