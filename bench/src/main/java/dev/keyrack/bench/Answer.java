package dev.keyrack.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One answer of a server, to be checked, or to be given again by the no-op server.
 *
 * @param head status line and fields, each line with its end
 */
record Answer(int status, String head, String content) {

    /** A header field as it was spelt. */
    record Field(String name, String value) {}

    /** Asks once, on a connection of its own. */
    static Answer ask(InetSocketAddress server, byte[] request) throws IOException {
        try (Asker asker = new Asker(server)) {
            return asker.ask(request);
        }
    }

    /** A connection for asking one thing after the other, where speed does not matter. */
    static final class Asker implements AutoCloseable {
        private final Socket socket;
        private final AnswerReader reader = new AnswerReader();
        private final byte[] buffer = new byte[8 * 1024];

        Asker(InetSocketAddress server) throws IOException {
            this.socket = new Socket(server.getAddress(), server.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
        }

        Answer ask(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            reader.next();
            InputStream in = socket.getInputStream();
            int count;
            do {
                count = in.read(buffer);
                if (count < 0) {
                    throw new EOFException("the server closed the connection instead of answering");
                }
            } while (!reader.take(ByteBuffer.wrap(buffer, 0, count)));
            return new Answer(reader.status(), reader.head(), reader.content());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    int contentLength() {
        return content.getBytes(StandardCharsets.UTF_8).length;
    }

    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (String line : head.lines().skip(1).toList()) {
            int colon = line.indexOf(':');
            fields.add(new Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return fields;
    }

    void write(Path file) throws IOException {
        Files.writeString(file, head + "\r\n" + content);
    }

    static Answer read(Path file) throws IOException {
        AnswerReader reader = new AnswerReader();
        if (!reader.take(ByteBuffer.wrap(Files.readAllBytes(file)))) {
            throw new EOFException(file + " holds no whole answer");
        }
        return new Answer(reader.status(), reader.head(), reader.content());
    }
}
