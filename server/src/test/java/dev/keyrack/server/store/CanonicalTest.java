package dev.keyrack.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Promise: what a MAC or signature was made over says one thing only. */
class CanonicalTest {
    private static String of(Object... values) {
        Canonical canonical = new Canonical("test");
        for (Object value : values) {
            if (value instanceof Long number) {
                canonical.number(number);
            } else {
                canonical.text((String) value);
            }
        }
        return HexFormat.of().formatHex(canonical.bytes());
    }

    @Test
    void listsThatDifferHaveOtherBytes() {
        List<String> all = new ArrayList<>(List.of(
                of(),
                of("a", "b"),
                of("ab", ""),
                of("", "ab"),
                of("ab"),
                of("ab", (Object) null),
                of(null, "ab"),
                of("a\u0001b", "c"),
                of("a", "b\u0001c"),
                of("a\u0000", "c"),
                of(0L),
                of(1L),
                of("\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001"),
                of("1")));
        all.add(HexFormat.of().formatHex(new Canonical("another test").bytes()));
        assertThat(all).doesNotHaveDuplicates();
        assertThat(of("a", 1L)).isEqualTo(of(Arrays.asList("a", 1L).toArray()));
    }
}
