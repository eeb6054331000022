package dev.keyrack.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the answers of one HTTP/1.1 connection on which one request at a time is under way (RFC 9112).
 *
 * <p>Allocates nothing while all is well. It understands what the measured servers send: a stated length, or a status
 * without content. Anything else is an error, because a reader that guesses where an answer ends measures nonsense.
 */
final class AnswerReader {
    private static final byte[] VERSION = "http/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFER_ENCODING = "transfer-encoding:".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 64 * 1024;
    private static final int NONE = -1;

    private final byte[] answer = new byte[LONGEST];
    private int filled;
    private int headLength;
    private int status;
    private int contentLength;

    /** Forgets the last answer, to read the next. */
    void next() {
        filled = 0;
        headLength = 0;
    }

    /**
     * Takes all bytes of the buffer.
     *
     * @return whether the answer is complete; the other methods then tell of it until {@link #next}
     * @throws IOException if this is no answer that ends where its length says
     */
    boolean take(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        if (count > answer.length - filled) {
            throw new IOException("an answer is longer than " + LONGEST + " bytes");
        }
        int from = Math.max(0, filled - 3);
        bytes.get(answer, filled, count);
        filled += count;
        if (headLength == 0) {
            headLength = endOfHead(from);
            if (headLength == 0) {
                return false;
            }
            readHead();
        }
        int end = headLength + contentLength;
        if (filled > end) {
            throw new IOException("an answer of status " + status + " goes on after its end");
        }
        return filled == end;
    }

    int status() {
        return status;
    }

    int contentLength() {
        return contentLength;
    }

    /** Status line and fields as they came, without the empty line. */
    String head() {
        return new String(answer, 0, headLength - 2, StandardCharsets.ISO_8859_1);
    }

    String content() {
        return new String(answer, headLength, contentLength, StandardCharsets.UTF_8);
    }

    private int endOfHead(int from) {
        for (int i = from; i + 3 < filled; i++) {
            if (answer[i] == '\r' && answer[i + 1] == '\n' && answer[i + 2] == '\r' && answer[i + 3] == '\n') {
                return i + 4;
            }
        }
        return 0;
    }

    private void readHead() throws IOException {
        int digits = VERSION.length;
        if (!startsWith(VERSION, 0) || headLength < digits + 3) {
            throw new IOException("an answer does not start with HTTP/1.1 and a status");
        }
        status = number(digits, digits + 3);
        int stated = NONE;
        int line = endOfLine(0);
        while (line < headLength - 2) {
            int end = endOfLine(line);
            if (startsWith(CONTENT_LENGTH, line)) {
                stated = number(line + CONTENT_LENGTH.length, end - 2);
            } else if (startsWith(TRANSFER_ENCODING, line)) {
                throw new IOException("an answer comes in a transfer encoding, which is not measured here");
            }
            line = end;
        }
        boolean empty = status == 204 || status == 304;
        if (stated == NONE && !empty) {
            throw new IOException("an answer of status " + status + " states no length");
        }
        contentLength = empty ? 0 : stated;
    }

    /** Where the line after the one at this place starts. */
    private int endOfLine(int at) {
        int i = at;
        while (answer[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    /** Whether these lower-case bytes stand here, in either case. */
    private boolean startsWith(byte[] lower, int at) {
        if (at + lower.length > headLength) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            int b = answer[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    private int number(int from, int to) throws IOException {
        int value = NONE;
        for (int i = from; i < to; i++) {
            int b = answer[i];
            if (b == ' ' && value == NONE) {
                continue;
            }
            if (b < '0' || b > '9' || value > LONGEST) {
                throw new IOException("an answer has a number that cannot be read");
            }
            value = Math.max(value, 0) * 10 + (b - '0');
        }
        if (value == NONE) {
            throw new IOException("an answer has an empty number");
        }
        return value;
    }
}
