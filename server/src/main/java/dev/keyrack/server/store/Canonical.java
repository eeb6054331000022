package dev.keyrack.server.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Values as bytes, for a MAC or a signature over them.
 *
 * <p>Guarantee: two lists of values have the same bytes only if they are the same list. Each value begins with its kind,
 * and a text with its length, so that nothing can move from one into the next.
 */
public final class Canonical {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    /** @param what these values are, with the version of the list: nothing that is signed for one use fits another */
    public Canonical(String what) {
        text(what);
    }

    public Canonical text(@Nullable String value) {
        if (value == null) {
            bytes.write(0);
            return this;
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        bytes.write(1);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
        bytes.writeBytes(text);
        return this;
    }

    public Canonical number(long value) {
        bytes.write(2);
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
