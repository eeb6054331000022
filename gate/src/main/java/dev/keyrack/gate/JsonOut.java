package dev.keyrack.gate;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON text being written, as UTF-8 (RFC 8259). One per event loop, used again for every answer. */
final class JsonOut {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1024];
    private int length;

    JsonOut begin() {
        length = 0;
        return this;
    }

    /** What was written since {@link #begin}. */
    Buffer buffer() {
        return Buffer.buffer(Arrays.copyOf(bytes, length));
    }

    /** Text that is JSON already, in ASCII. */
    @SuppressWarnings("deprecation") // the one way to copy ASCII without allocating
    JsonOut raw(String ascii) {
        int size = ascii.length();
        room(size);
        ascii.getBytes(0, size, bytes, length);
        length += size;
        return this;
    }

    JsonOut number(long value) {
        return raw(Long.toString(value));
    }

    /** A string literal. */
    JsonOut string(String text) {
        room(text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c >= 0x7f) {
                escaped(text, i);
                return this;
            }
            bytes[length++] = (byte) c;
        }
        bytes[length++] = '"';
        return this;
    }

    private void escaped(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                room(2);
                bytes[length++] = '\\';
                bytes[length++] = (byte) c;
            } else if (c >= ' ' && c < 0x7f) {
                room(1);
                bytes[length++] = (byte) c;
            } else {
                raw("\\u");
                room(4);
                for (int shift = 12; shift >= 0; shift -= 4) {
                    bytes[length++] = HEX[c >> shift & 15];
                }
            }
        }
        room(1);
        bytes[length++] = '"';
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
