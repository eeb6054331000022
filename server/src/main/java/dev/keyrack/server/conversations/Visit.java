package dev.keyrack.server.conversations;

import dev.keyrack.verifier.KeyId;
import org.jspecify.annotations.Nullable;

/**
 * A visitor whose call was found good: holding one is proof, as it is with a member's {@code Caller}.
 *
 * @param sessionId nothing for a member who uses the chat API
 * @param customer whom the host's backend vouched for; nothing for a guest
 * @param key the web key; nothing for the chat API
 * @param generation of the key's token that the session was opened with; on a page of Keyrack's own it does not matter
 */
record Visit(
        @Nullable String sessionId,
        String visitorId,
        @Nullable String customer,
        String organizationId,
        String projectId,
        @Nullable KeyId key,
        int generation,
        Place place,
        Excused excused) {
    @Nullable
    String keyId() {
        return key == null ? null : key.value();
    }
}
