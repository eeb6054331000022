package dev.keyrack.gate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict decoding: what is not UTF-8 (RFC 3629) is nothing, and never replaced by something that looks like it. */
final class Utf8 {
    private Utf8() {}

    /** The text, or null when the bytes are not UTF-8. */
    static @Nullable String decode(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return decodeAny(bytes);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String decodeAny(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
