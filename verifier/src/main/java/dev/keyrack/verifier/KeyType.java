package dev.keyrack.verifier;

import java.util.Locale;
import java.util.Optional;

/** What a key is for. The tag stands in its tokens; type and tag never change. */
public enum KeyType {
    WEB("web", true),
    MOBILE("mob", true),
    ANALYTICS("ana", false),
    SERVER("srv", false);

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String tag;
    private final boolean publishable;

    KeyType(String tag, boolean publishable) {
        this.tag = tag;
        this.publishable = publishable;
    }

    /** The three letters in a token: {@code kr_web_…}. */
    public String tag() {
        return tag;
    }

    /** Whether the token may be seen again by those allowed to, because it stands in public pages and apps anyway. */
    public boolean publishable() {
        return publishable;
    }

    /** The name in API, feed and store: {@code web}. */
    public String text() {
        return text;
    }

    public static Optional<KeyType> of(String text) {
        for (KeyType type : values()) {
            if (type.text.equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
