package dev.keyrack.server.assistants;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an assistant is asked to answer.
 *
 * @param messageId of the visitor's message, the same when it is asked again
 * @param visitorId whom Keyrack takes the visitor for; never the same for two visitors
 * @param customer whom the host's own backend vouched for; nothing for a guest
 * @param locale the visitor's language (BCP 47), as far as it is known
 * @param said the conversation so far, oldest first; the last one is the visitor's message that waits for an answer
 */
public record Turn(
        String organizationId,
        String projectId,
        String conversationId,
        String messageId,
        String visitorId,
        @Nullable String customer,
        @Nullable String locale,
        List<Said> said) {
    public Turn {
        said = List.copyOf(said);
    }

    /** The message that waits for an answer. */
    public String question() {
        return said.getLast().text();
    }
}
