package dev.keyrack.server.assistants;

import java.util.Locale;
import java.util.Optional;

/** What finds the answers of an assistant. */
public enum Backend {
    /** The project's own questions and answers. */
    FAQ,
    /** A program of the customer's, called with a signature. */
    WEBHOOK,
    /** A model behind an endpoint that speaks the chat-completions protocol. */
    OPENAI;

    /** The name in API and store. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Backend> of(String text) {
        for (Backend backend : values()) {
            if (backend.text().equals(text)) {
                return Optional.of(backend);
            }
        }
        return Optional.empty();
    }
}
