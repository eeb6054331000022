package dev.keyrack.server.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.outbound.OutboundAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events are the same however the network cuts the bytes that they come in. */
class EventStreamTest {
    private static final String STREAM =
            "\uFEFF: welcome\n\ndata: {\"text\":\"Grüß \"}\n\nevent: x\nid: 7\nretry: 10\r\ndata:a\r\n"
                    + "data:  b\rdata\r\r\nunknown: field\n\n\n\ndata: 🙂\n\ndata: [DONE]\n\ndata: cut off\n";
    private static final List<String> EVENTS = List.of("{\"text\":\"Grüß \"}", "a\n b\n", "🙂", "[DONE]");

    private static List<String> read(InputStream in) throws IOException {
        EventStream events = new EventStream(in);
        List<String> all = new ArrayList<>();
        for (String data = events.next(); data != null; data = events.next()) {
            all.add(data);
        }
        return all;
    }

    /** A stream that gives its bytes in pieces of at most this many. */
    private static InputStream pieces(byte[] bytes, int size) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int from, int length) {
                return super.read(to, from, Math.min(length, size));
            }
        };
    }

    @Test
    void eventsAreReadAsTheStandardSays() throws IOException {
        assertThat(read(new ByteArrayInputStream(STREAM.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(EVENTS);
    }

    @Test
    void cutsBetweenAnyTwoBytesChangeNothing() throws IOException {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            assertThat(read(pieces(bytes, size))).as("pieces of %d", size).isEqualTo(EVENTS);
        }
    }

    @Test
    void streamThatEndsAnywhereGivesTheWholeEventsBeforeAndNoHalfOne() throws IOException {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int end = 0; end <= bytes.length; end++) {
            List<String> read = read(new ByteArrayInputStream(bytes, 0, end));
            assertThat(EVENTS.subList(0, read.size())).as("%d bytes", end).isEqualTo(read);
        }
    }

    @Test
    void eventThatDoesNotEndIsNotKept() {
        InputStream oneLine = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        InputStream manyLines = new InputStream() {
            private final byte[] line = "data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".getBytes(StandardCharsets.UTF_8);
            private int at;

            @Override
            public int read() {
                return line[at++ % line.length];
            }
        };

        assertThatThrownBy(() -> read(oneLine)).isInstanceOf(OutboundAnswer.TooLarge.class);
        assertThatThrownBy(() -> read(manyLines)).isInstanceOf(OutboundAnswer.TooLarge.class);
    }
}
