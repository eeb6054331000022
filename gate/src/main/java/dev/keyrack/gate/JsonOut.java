package dev.keyrack.gate;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/** JSON text being written, as UTF-8 (RFC 8259). One per event loop, used again for every answer. */
final class JsonOut {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final long SECONDS_A_DAY = 86_400;
    private static final int LONGEST_TIME = 27;

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

    /**
     * A moment in UTC as RFC 3339 has it, {@code 2027-01-01T00:00:00Z}, with as many digits after the second as
     * {@link Instant#toString} writes: none, three or six.
     *
     * @param micros microseconds since 1970
     */
    JsonOut time(long micros) {
        long second = Math.floorDiv(micros, 1_000_000L);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_A_DAY));
        if (date.getYear() < 1000 || date.getYear() > 9999) {
            return raw(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
        }
        int ofDay = (int) Math.floorMod(second, SECONDS_A_DAY);
        int fraction = (int) Math.floorMod(micros, 1_000_000L);
        room(LONGEST_TIME);
        digits(date.getYear(), 4).character('-').digits(date.getMonthValue(), 2).character('-');
        digits(date.getDayOfMonth(), 2).character('T');
        digits(ofDay / 3600, 2)
                .character(':')
                .digits(ofDay / 60 % 60, 2)
                .character(':')
                .digits(ofDay % 60, 2);
        if (fraction % 1_000 != 0) {
            character('.').digits(fraction, 6);
        } else if (fraction != 0) {
            character('.').digits(fraction / 1_000, 3);
        }
        return character('Z');
    }

    private JsonOut digits(int number, int width) {
        for (int i = width - 1, left = number; i >= 0; i--, left /= 10) {
            bytes[length + i] = (byte) ('0' + left % 10);
        }
        length += width;
        return this;
    }

    private JsonOut character(char ascii) {
        bytes[length++] = (byte) ascii;
        return this;
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
