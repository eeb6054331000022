package dev.keyrack.server.components;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a web key's component shows. Every option is within its bounds; see {@link ComponentInput}.
 *
 * @param title of the conversation's window
 * @param locale a BCP 47 tag, or {@code auto}: the language of the page
 * @param scheme {@code auto}, {@code light} or {@code dark}
 * @param accent {@code #rrggbb}
 * @param expand whether it may be made as large as its container
 * @param messageLimit nothing for conversations without end
 * @param introMessages what the assistant says before anybody asks
 * @param sound whether entering the page is heard
 * @param crossPage whether the conversation goes on across pages and tabs
 */
public record ComponentOptions(
        String title,
        String locale,
        String scheme,
        String accent,
        boolean closeButton,
        boolean newConversationButton,
        boolean expand,
        @Nullable String privacyUrl,
        @Nullable String termsUrl,
        @Nullable MessageLimit messageLimit,
        List<String> introMessages,
        Button button,
        Prompts prompts,
        boolean sound,
        boolean crossPage) {
    /** What a key has that nobody has configured. */
    public static final ComponentOptions DEFAULT = new ComponentOptions(
            "Assistant",
            "auto",
            "auto",
            "#2457d6",
            true,
            true,
            false,
            null,
            null,
            null,
            List.of(),
            new Button(70, "right", 10),
            new Prompts(List.of(), "rotate", 5),
            false,
            true);

    public ComponentOptions {
        introMessages = List.copyOf(introMessages);
    }

    /**
     * How many messages a visitor sends in a conversation.
     *
     * @param text what is shown then
     */
    public record MessageLimit(int messages, String text) {}

    /**
     * The round button that opens it.
     *
     * @param size its diameter in CSS pixels
     * @param side {@code left} or {@code right}
     * @param bottomMargin in CSS pixels
     */
    public record Button(int size, String side, int bottomMargin) {}

    /**
     * What is said beside the button.
     *
     * @param mode {@code rotate}, or {@code random}: one of several
     * @param seconds from one to the next
     */
    public record Prompts(List<String> texts, String mode, int seconds) {
        public Prompts {
            texts = List.copyOf(texts);
        }
    }
}
