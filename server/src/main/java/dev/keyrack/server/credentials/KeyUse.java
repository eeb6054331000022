package dev.keyrack.server.credentials;

import org.jspecify.annotations.Nullable;

/** What is known of the use of a key, to be told before it is turned off. Verifications that gates answered are not counted. */
public interface KeyUse {
    Facts of(String keyId);

    /**
     * @param conversations in which something was said within a day, through this key
     * @param lastSaidAt when that was last, in microseconds since 1970; nothing where nothing was said that is still kept
     * @param hosted whether the project's own page opens it
     */
    record Facts(long conversations, @Nullable Long lastSaidAt, boolean hosted) {}
}
