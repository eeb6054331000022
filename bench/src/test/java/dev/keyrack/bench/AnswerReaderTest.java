package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Defends: the load harness never guesses where an answer ends. */
class AnswerReaderTest {
    private final AnswerReader reader = new AnswerReader();

    @Test
    void anAnswerIsCompleteAtItsLastByteHoweverItIsCut() throws IOException {
        byte[] answer = bytes("HTTP/1.1 200 OK\r\nX: y\r\ncontent-LENGTH:  5\r\n\r\nhello");
        for (int round = 0; round < 2; round++) {
            reader.next();
            for (int i = 0; i < answer.length; i++) {
                assertThat(reader.take(ByteBuffer.wrap(answer, i, 1))).isEqualTo(i == answer.length - 1);
            }
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.contentLength()).isEqualTo(5);
            assertThat(reader.content()).isEqualTo("hello");
            assertThat(reader.head()).isEqualTo("HTTP/1.1 200 OK\r\nX: y\r\ncontent-LENGTH:  5\r\n");
        }
    }

    @Test
    void anAnswerWithoutContentEndsWithItsHead() throws IOException {
        assertThat(take("HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n"))
                .isTrue();
        assertThat(reader.status()).isEqualTo(204);
        assertThat(reader.contentLength()).isZero();
    }

    @Test
    void bytesAfterTheEndAreAnError() {
        assertThatThrownBy(() -> take("HTTP/1.1 204 No Content\r\n\r\nmore")).hasMessageContaining("goes on");
    }

    @Test
    void anAnswerWhoseEndIsNotStatedIsAnError() {
        assertThatThrownBy(() -> take("HTTP/1.1 200 OK\r\n\r\n")).hasMessageContaining("states no length");
        assertThatThrownBy(() -> take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .hasMessageContaining("transfer encoding");
    }

    @Test
    void whatIsNoHttpIsAnError() {
        assertThatThrownBy(() -> take("SSH-2.0-OpenSSH\r\n\r\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> take("HTTP/1.1 abc\r\n\r\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> take("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> take("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"))
                .isInstanceOf(IOException.class);
    }

    private boolean take(String answer) throws IOException {
        reader.next();
        return reader.take(ByteBuffer.wrap(bytes(answer)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
