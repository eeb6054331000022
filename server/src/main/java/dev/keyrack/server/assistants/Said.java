package dev.keyrack.server.assistants;

/** One message of a conversation. */
public record Said(Author author, String text) {
    /** Who said it. */
    public enum Author {
        VISITOR,
        ASSISTANT
    }
}
