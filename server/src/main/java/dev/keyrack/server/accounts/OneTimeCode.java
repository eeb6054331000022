package dev.keyrack.server.accounts;

import dev.keyrack.verifier.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * What stands behind the {@code #} of a link that works once: 192 random bits. The store keeps its SHA-256, from which
 * nobody gets back to it.
 */
record OneTimeCode(Secret code) {
    private static final int BYTES = 24;

    /** Longer than any code: more is not read. */
    static final int MOST = 100;

    /** @param random a cryptographically strong source */
    static OneTimeCode next(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new OneTimeCode(Secret.of(HexFormat.of().formatHex(bytes)));
    }

    String digest() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(code.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Behind the #, it is never sent to a server, and so stands in no log and no Referer. */
    String link(String base, String page) {
        return base + "/" + page + "#" + code.reveal();
    }
}
