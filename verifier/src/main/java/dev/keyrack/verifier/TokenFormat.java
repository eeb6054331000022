package dev.keyrack.verifier;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * The spelling of tokens: {@code <brand>_<tag>_<id><secret><check>}.
 *
 * <p>Guarantees: every token has exactly one spelling; all of it is letters, digits and underscores; a token with a
 * typing error is told from a well-formed one by its check alone (CRC-32, one undetected error in 2³²). The check
 * authenticates nothing.
 *
 * <p>Lengths in characters: brand 2–12 of {@code a-z0-9}, tag 3, id 11, secret 27 (more than 160 bits), check 6.
 */
public final class TokenFormat {
    static final int ID_LENGTH = 11;
    static final int SECRET_LENGTH = 27;
    static final int CHECK_LENGTH = 6;
    static final int TAIL_LENGTH = ID_LENGTH + SECRET_LENGTH + CHECK_LENGTH;
    static final int MIN_LENGTH = 2 + 1 + 3 + 1 + TAIL_LENGTH;
    static final int MAX_LENGTH = 12 + 1 + 3 + 1 + TAIL_LENGTH;

    /** The tag of a member's personal token, which is no key. */
    public static final String PERSONAL_TAG = "pat";

    private static final Set<String> TAGS = Set.of("web", "mob", "ana", "srv", PERSONAL_TAG);
    static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private TokenFormat() {}

    /** A token as it was just made. {@code token} exists nowhere else: whoever drops it has lost it. */
    public record Minted(KeyId id, Secret token, Digest digest) {}

    /** The parts of a well-formed token. Nothing here says that such a key exists. */
    public record Parsed(String brand, String tag, KeyId id, Digest digest) {}

    /**
     * Makes a new token with a new id.
     *
     * @param random a cryptographically strong source
     * @throws IllegalArgumentException for a brand or tag outside the format
     */
    public static Minted mint(String brand, String tag, RandomGenerator random) {
        return mint(brand, tag, new KeyId(draw(ID_LENGTH, random)), random);
    }

    /** Makes the next token of an existing id: what a regenerated key gets. */
    public static Minted mint(String brand, String tag, KeyId id, RandomGenerator random) {
        if (!isBrand(brand)) {
            throw new IllegalArgumentException("a brand has 2 to 12 characters of a-z and 0-9");
        }
        if (!TAGS.contains(tag)) {
            throw new IllegalArgumentException("unknown token type");
        }
        String signed = brand + "_" + tag + "_" + id.value() + draw(SECRET_LENGTH, random);
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        return new Minted(id, Secret.of(signed + check(bytes)), Digest.of(bytes));
    }

    /** The parts of a token, or nothing when it is malformed. Accepts exactly what {@link Verifier} accepts. */
    public static Optional<Parsed> parse(String token) {
        // Most texts that are looked at are none, which their length tells for less than a reader costs.
        if (!hasLength(token)) {
            return Optional.empty();
        }
        TokenReader reader = new TokenReader();
        int prefix = reader.take(token);
        if (prefix < 0 || !reader.isToken()) {
            return Optional.empty();
        }
        return Optional.of(new Parsed(
                token.substring(0, prefix - 5),
                token.substring(prefix - 4, prefix - 1),
                new KeyId(token.substring(prefix, prefix + ID_LENGTH)),
                Digest.of(token.substring(0, token.length() - CHECK_LENGTH).getBytes(StandardCharsets.US_ASCII))));
    }

    /** Whether a token can be as long as this text. */
    static boolean hasLength(String text) {
        return text.length() >= MIN_LENGTH && text.length() <= MAX_LENGTH;
    }

    /**
     * What may be shown of a token where it must be recognised: {@code kr_web_4kQ…}. Holds no secret character.
     */
    public static String mask(String brand, String tag, KeyId id) {
        return brand + "_" + tag + "_" + id.value() + "…";
    }

    public static boolean isBrand(String brand) {
        if (brand.length() < 2 || brand.length() > 12) {
            return false;
        }
        for (int i = 0; i < brand.length(); i++) {
            char c = brand.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }

    static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    static boolean isTag(byte[] buffer, int at) {
        int tag = buffer[at] << 16 | buffer[at + 1] << 8 | buffer[at + 2];
        return switch (tag) {
            case 'w' << 16 | 'e' << 8 | 'b',
                    'm' << 16 | 'o' << 8 | 'b',
                    'a' << 16 | 'n' << 8 | 'a',
                    's' << 16 | 'r' << 8 | 'v',
                    'p' << 16 | 'a' << 8 | 't' -> true;
            default -> false;
        };
    }

    private static String check(byte[] signed) {
        CRC32 crc = new CRC32();
        crc.update(signed);
        long rest = crc.getValue();
        char[] check = new char[CHECK_LENGTH];
        for (int i = CHECK_LENGTH - 1; i >= 0; i--) {
            check[i] = ALPHABET.charAt((int) (rest % 62));
            rest /= 62;
        }
        return new String(check);
    }

    private static String draw(int length, RandomGenerator random) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
