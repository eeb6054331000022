package dev.keyrack.verifier;

/** The public id of a key or personal token: 11 characters of {@code 0-9A-Za-z}, also the middle part of its tokens. */
public record KeyId(String value) {
    /** @throws IllegalArgumentException if the text is not an id; {@link #isValid} asks without throwing */
    public KeyId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a key id has 11 characters of 0-9, A-Z and a-z");
        }
    }

    public static boolean isValid(String text) {
        if (text.length() != TokenFormat.ID_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!TokenFormat.isAlphanumeric(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
