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

    /** @param sealedSecret what calls are signed with, encrypted */
    record Webhook(@Nullable String url, @Nullable String sealedSecret) {}

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
                new Webhook(null, null),
                new OpenAi(null, null, "", null, null),
                0,
                0);
    }
}
