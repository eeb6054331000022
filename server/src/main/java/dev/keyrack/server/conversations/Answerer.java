package dev.keyrack.server.conversations;

import dev.keyrack.server.assistants.AssistantFailed;
import dev.keyrack.server.assistants.Reply;
import dev.keyrack.server.assistants.Turn;

/** What answers visitors: {@code Assistants}, or what a test puts in their place. */
public interface Answerer {
    /**
     * Blocks until the answer is written whole.
     *
     * @throws AssistantFailed if there is none, or no more of it
     */
    void answer(Turn turn, Reply reply) throws AssistantFailed;
}
