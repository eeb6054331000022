package dev.keyrack.server.accounts;

import dev.keyrack.verifier.Secret;
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
        return StoredCode.digest(code);
    }

    /** Behind the #, it is never sent to a server, and so stands in no log and no Referer. */
    String link(String base, String page) {
        return base + "/" + page + "#" + code.reveal();
    }
}
