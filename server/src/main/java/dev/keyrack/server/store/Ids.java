package dev.keyrack.server.store;

import java.util.random.RandomGenerator;

/** New identifiers: a prefix that says what it is, and 16 random characters. */
public final class Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final int LENGTH = 16;

    private final RandomGenerator random;

    /** @param random a cryptographically strong source */
    public Ids(RandomGenerator random) {
        this.random = random;
    }

    public String next(String prefix) {
        StringBuilder id = new StringBuilder(prefix).append('_');
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** As many of an identifier's characters as these are bytes: the same for the same, 5.6 bits of each. */
    public static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(ALPHABET.charAt(Byte.toUnsignedInt(b) % ALPHABET.length()));
        }
        return text.toString();
    }

    /** The source itself, for tokens. */
    public RandomGenerator random() {
        return random;
    }
}
