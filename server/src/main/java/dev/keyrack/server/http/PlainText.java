package dev.keyrack.server.http;

/** Texts that are what they look like. */
public final class PlainText {
    private PlainText() {}

    /**
     * Whether a text is one line of characters that stay where they are written: half a surrogate pair is no character,
     * and what turns the direction of writing makes a name look like another one.
     */
    public static boolean isLine(String text) {
        return text.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        });
    }

    /** Whether no half of a surrogate pair stands alone in it. */
    static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
}
