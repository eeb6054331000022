package dev.keyrack.server.assistants;

/** The assistants of projects. */
public final class Assistants {
    /** What is answered where nobody has said anything else. */
    static final String FALLBACK = "I have no answer to that yet.";

    /**
     * Answers a visitor. Blocks until the answer is written whole; called on a thread of its own.
     *
     * @throws AssistantFailed if there is none, or no more of it
     */
    public void answer(Turn turn, Reply reply) throws AssistantFailed {
        reply.add(FALLBACK);
    }
}
