package dev.keyrack.server.assistants;

import dev.keyrack.server.outbound.OutboundAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) as they come in, however the network cuts them. Of an event only its
 * data count here.
 */
final class EventStream {
    /** Largest event, in bytes. */
    private static final int MAX_EVENT = 256 << 10;

    private final InputStream in;
    private final byte[] chunk = new byte[4096];
    private int at;
    private int end;
    private boolean first = true;
    private boolean skipLineFeed;

    EventStream(InputStream in) {
        this.in = in;
    }

    /** The data of the next event; nothing at the end. An event that the end cuts off does not count. */
    @Nullable
    String next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean some = false;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                if (some) {
                    return data.substring(0, data.length() - 1);
                }
            } else if (line.equals("data")) {
                data.append('\n');
                some = true;
            } else if (line.startsWith("data:")) {
                int from = line.startsWith("data: ") ? 6 : 5;
                data.append(line, from, line.length()).append('\n');
                some = true;
                if (data.length() > MAX_EVENT) {
                    throw new OutboundAnswer.TooLarge();
                }
            }
        }
        return null;
    }

    /** A line without its end, which is CR, LF or both; nothing where the stream ends before the line does. */
    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = read(); b >= 0; b = read()) {
            boolean after = skipLineFeed;
            skipLineFeed = false;
            if (b == '\n' && after) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                skipLineFeed = b == '\r';
                return text(line);
            }
            line.write(b);
            if (line.size() > MAX_EVENT) {
                throw new OutboundAnswer.TooLarge();
            }
        }
        return null;
    }

    private String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        boolean marked = first && text.startsWith("\uFEFF");
        first = false;
        return marked ? text.substring(1) : text;
    }

    private int read() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(chunk));
            if (end == 0) {
                return -1;
            }
        }
        return chunk[at++] & 0xff;
    }
}
