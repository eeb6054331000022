package dev.keyrack.server.conversations;

import java.util.Optional;

/** What a web key's people set for its conversations. */
public interface ConversationRules {
    /** For keys of which nothing was set. */
    ConversationRules NONE = keyId -> Optional.empty();

    /** How many messages a visitor may send in one conversation; nothing for any number. */
    Optional<Limit> limit(String keyId);

    /** Whether the project's own page opens this key. */
    default boolean hosts(String keyId) {
        return false;
    }

    /** @param text what is told at the limit */
    record Limit(int messages, String text) {}
}
