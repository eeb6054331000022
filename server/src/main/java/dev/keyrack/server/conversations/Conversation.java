package dev.keyrack.server.conversations;

import org.jspecify.annotations.Nullable;

/**
 * What one visitor and an assistant say to each other. Times are microseconds since 1970.
 *
 * @param keyId nothing for one that was started through the chat API
 * @param visitorMessages how many the visitor has sent
 * @param messages how many there are, replies too
 */
record Conversation(
        String id,
        String organizationId,
        String projectId,
        @Nullable String keyId,
        String visitorId,
        boolean open,
        long visitorMessages,
        long messages,
        long startedAt) {}
