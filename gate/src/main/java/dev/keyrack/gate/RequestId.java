package dev.keyrack.gate;

import dev.keyrack.verifier.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The name of one request, in its answer, its problem and its log line. Tells requests apart, and is no secret. */
final class RequestId {
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 12;

    private RequestId() {}

    /**
     * The caller's own, if it is one to 64 characters of {@code A-Za-z0-9._-} and no token, for it is logged; otherwise a
     * new one.
     */
    static String of(@Nullable String header) {
        return header != null && isValid(header) && TokenFormat.parse(header).isEmpty() ? header : next();
    }

    private static String next() {
        long random = ThreadLocalRandom.current().nextLong();
        byte[] text = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            text[i] = DIGITS[(int) (random & 31)];
            random >>>= 5;
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > 64) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
