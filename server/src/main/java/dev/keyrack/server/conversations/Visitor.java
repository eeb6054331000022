package dev.keyrack.server.conversations;

import org.jspecify.annotations.Nullable;

/**
 * Whom Keyrack takes somebody for.
 *
 * @param customer whom the host's backend vouched for; nothing for a guest
 */
record Visitor(
        String id,
        String organizationId,
        String projectId,
        @Nullable String keyId,
        @Nullable String customer) {}
