package dev.keyrack.verifier;

import java.util.Locale;
import java.util.Optional;

/** Where a key stands in its life. {@code REVOKED} is final: no key ever leaves it. */
public enum KeyState {
    ACTIVE,
    DISABLED,
    REVOKED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in API, feed and store: {@code active}. */
    public String text() {
        return text;
    }

    public static Optional<KeyState> of(String text) {
        for (KeyState state : values()) {
            if (state.text.equals(text)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
