package dev.keyrack.server.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of text, one in memory at a time, none longer than an anchor can be. */
final class AnchorLines implements AutoCloseable {
    private static final int LONGEST = 4_096;

    private final InputStream in;
    private long left;

    /** @param bytes at most so many are read */
    AnchorLines(InputStream in, long bytes) {
        this.in = new BufferedInputStream(in);
        this.left = bytes;
    }

    /** The next line; nothing at the end. Of one that is too long, its beginning: no anchor begins so. */
    @Nullable
    String next() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int read = read();
            if (read < 0) {
                return null;
            }
            for (; read >= 0 && read != '\n'; read = read()) {
                if (line.size() < LONGEST) {
                    line.write(read);
                }
            }
            return line.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the anchors could not be read", e);
        }
    }

    private int read() throws IOException {
        return left-- > 0 ? in.read() : -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
