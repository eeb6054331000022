package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Restrictions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promise: restrictions that many keys have are parsed once and are one object. */
class SharedRestrictionsTest {
    private final AtomicInteger read = new AtomicInteger();
    private final SharedRestrictions shared = new SharedRestrictions(text -> {
        read.incrementAndGet();
        return RestrictionsJson.read(text);
    });

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
            int before = read.get();
            assertThat(shared.of(networks(entries))).isSameAs(first);
            assertThat(read).as("parsed once").hasValue(before);
            assertThat(shared.of(networks(entries + 1))).isNotEqualTo(first);
        }
    }

    /** A key that was read from the store, and then from the feed: its list stays the one that the other keys have. */
    @Test
    void sameListWrittenInAnotherOrderIsTheSameObject() {
        Restrictions first = shared.of("{\"networks\":[\"192.0.2.9\",\"192.0.2.0/30\",\"192.0.2.1\"]}");
        assertThat(shared.of("{\"networks\":[\"192.0.2.0/30\",\"192.0.2.9\"]}")).isSameAs(first);
    }

    /** However many keys have a list of their own, remembering them costs no more than what is bounded. */
    @Test
    void whatIsRememberedIsBounded() {
        List<Restrictions> held = new ArrayList<>();
        for (int i = 0; i < 2 * SharedRestrictions.MOST + 100; i++) {
            held.add(shared.of("{\"networks\":[\"10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256 + "\"]}"));
            assertThat(shared.remembered()).isLessThanOrEqualTo(SharedRestrictions.MOST);
        }
        assertThat(held).doesNotHaveDuplicates();
    }

    @Test
    void noRestrictionsAreTheOneObjectForThem() {
        assertThat(shared.of(null)).isSameAs(Restrictions.NONE);
        assertThat(shared.of("{}")).isSameAs(Restrictions.NONE);
    }
}
