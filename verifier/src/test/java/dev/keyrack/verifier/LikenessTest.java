package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Promise: the value that is named as the nearest is the one that takes the fewest changes. */
class LikenessTest {
    /** By its definition. */
    private static int slowly(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.length() + b.length();
        }
        int kept = slowly(a.substring(1), b.substring(1)) + (a.charAt(0) == b.charAt(0) ? 0 : 1);
        return Math.min(kept, Math.min(slowly(a.substring(1), b), slowly(a, b.substring(1))) + 1);
    }

    @Property(tries = 500)
    void distanceIsThatOfItsDefinition(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 6) String one,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 6) String other) {
        assertThat(Likeness.distance(one, other)).isEqualTo(slowly(one, other));
    }

    @Test
    void firstOfTheNearestIsTaken() {
        assertThat(Likeness.nearest("chat.start", List.of("orders.read", "chat.stop", "chat.star", "chat.starts")))
                .contains("chat.star");
        assertThat(Likeness.nearest("x", List.of())).isEmpty();
    }

    @Test
    void longTextsAreComparedByTheirFirstHundredCharacters() {
        assertThat(Likeness.distance("a".repeat(100) + "b", "a".repeat(100) + "cc"))
                .isZero();
        assertThat(Likeness.distance("a".repeat(99) + "b", "a".repeat(99) + "cc"))
                .isEqualTo(1);
        assertThat(Likeness.distance("a".repeat(100), "")).isEqualTo(100);
        assertThat(Likeness.distance("", "b".repeat(1000))).isEqualTo(100);
    }
}
