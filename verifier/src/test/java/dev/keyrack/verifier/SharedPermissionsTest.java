package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: equal lists of permissions are held once, and what is remembered for that has an end, whatever callers grant. */
class SharedPermissionsTest {
    private static final List<String> COMMON = List.of("chat.start", "chat.read");
    private final RandomGenerator random = TestingKey.random(3);
    private final TestingFeed feed = TestingFeed.of();

    private TestingKey granted(List<String> permissions) {
        TestingKey key = TestingKey.issue(random).granted(permissions);
        feed.apply(key);
        return key;
    }

    /** The very list that is held for the key. */
    private List<String> held(TestingKey key) {
        return feed.ask(key.token()).about().orElseThrow().permissions().orElseThrow();
    }

    @Test
    void manyDifferentListsAreForgottenWithoutTakingThemFromTheirKeys() {
        TestingKey first = granted(COMMON);
        TestingKey second = granted(new ArrayList<>(COMMON));
        assertThat(held(second)).isSameAs(held(first));

        TestingKey other = first;
        for (int i = 0; i < 10_000; i++) {
            other = granted(List.of("chat.start" + i));
        }
        TestingKey later = granted(new ArrayList<>(COMMON));
        assertThat(held(later)).isEqualTo(COMMON).isNotSameAs(held(first));
        assertThat(held(first)).isEqualTo(COMMON);
        assertThat(held(other)).containsExactly("chat.start9999");
    }
}
