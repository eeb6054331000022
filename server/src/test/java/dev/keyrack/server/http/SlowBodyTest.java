package dev.keyrack.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Promise: a body has an end, in bytes and in time, however little of it comes at once. */
class SlowBodyTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Never ends and is never silent for long: no timeout of a single read ends it. */
    private static final class Trickle extends InputStream {
        private long read;

        @Override
        public int read() {
            read++;
            return ' ';
        }

        @Override
        public int read(byte[] into, int from, int length) {
            into[from] = ' ';
            read++;
            return 1;
        }
    }

    @Test
    void bodyThatTakesTooLongIsGivenUpWhileItStillComes() {
        Trickle trickle = new Trickle();
        assertThatThrownBy(() -> Requests.read(trickle, Duration.ZERO)).isInstanceOf(IOException.class);
        assertThat(trickle.read).isEqualTo(1);
    }

    @Test
    void bodyWithoutAnEndIsReadToOneByteMoreThanIsAllowed() throws Exception {
        assertThat(Requests.read(new Trickle(), LONG)).hasSize(Requests.MAX_BODY + 1);
    }

    @Test
    void bodyInTimeIsReadWhole() throws Exception {
        byte[] body = new byte[100_000];
        body[99_999] = 7;
        assertThat(Requests.read(new ByteArrayInputStream(body), LONG)).isEqualTo(body);
    }
}
