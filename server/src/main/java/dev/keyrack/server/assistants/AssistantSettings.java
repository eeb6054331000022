package dev.keyrack.server.assistants;

import org.jspecify.annotations.Nullable;

/**
 * How the assistant of a project is set up.
 *
 * @param version counts its changes; 0 where nothing was ever set
 * @param fallback what the questions and answers say when none fits
 * @param entriesVersion counts the changes of the questions and answers
 */
record AssistantSettings(
        String projectId,
        long version,
        Backend backend,
        String fallback,
        Webhook webhook,
        OpenAi openAi,
        long entriesVersion,
        long updatedAt) {

    /**
     * @param sealedSecret what calls are signed with, encrypted
     * @param former the secret before it, while it signs beside it
     */
    record Webhook(
            @Nullable String url,
            @Nullable String sealedSecret,
            @Nullable Former former) {}

    /**
     * A secret that another one has taken the place of.
     *
     * @param sealedSecret encrypted
     * @param endsAt until when it signs, in microseconds since 1970
     */
    record Former(String sealedSecret, long endsAt) {}

    /** These, with another webhook. */
    AssistantSettings with(Webhook changed, long at) {
        return new AssistantSettings(projectId, version + 1, backend, fallback, changed, openAi, entriesVersion, at);
    }

    /**
     * @param temperature in thousandths; nothing for the model's own
     * @param sealedKey encrypted
     */
    record OpenAi(
            @Nullable String url,
            @Nullable String model,
            String systemPrompt,
            @Nullable Long temperature,
            @Nullable String sealedKey) {}

    static AssistantSettings initial(String projectId) {
        return new AssistantSettings(
                projectId,
                0,
                Backend.FAQ,
                Assistants.FALLBACK,
                new Webhook(null, null, null),
                new OpenAi(null, null, "", null, null),
                0,
                0);
    }
}
