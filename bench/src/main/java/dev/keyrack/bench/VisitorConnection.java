package dev.keyrack.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One visitor's connection, from an address of their own: every address in 127.0.0.0/8 is this machine. Speaks as much
 * HTTP/1.1 as the control plane's answers need, and costs no more than a socket.
 */
final class VisitorConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final String host;
    private final String origin;
    private String access = "";
    private boolean chunked;
    private long left;

    private VisitorConnection(Socket socket, String host, String origin) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1024);
        this.host = host;
        this.origin = origin;
    }

    /** @param number which visitor: each has another address */
    static VisitorConnection open(URI server, int number, String origin) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(120_000);
        byte[] address = {127, 1, (byte) (number / 250), (byte) (number % 250 + 1)};
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        return new VisitorConnection(socket, server.getAuthority(), origin);
    }

    /** Goes on as whoever has this access token. */
    void as(String token) {
        access = token;
    }

    JsonNode post(String path, String body, String idempotencyKey) throws IOException {
        send(path, body, idempotencyKey, "application/json");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int b = read(); b >= 0; b = read()) {
            answer.write(b);
        }
        return JsonMapper.shared().readTree(answer.toByteArray());
    }

    /** Sends a message; {@link #line} reads the answer as it comes. */
    void stream(String path, String body, String idempotencyKey) throws IOException {
        send(path, body, idempotencyKey, "text/event-stream");
    }

    /** The next line of the body; nothing at its end. */
    @Nullable
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = read(); b != '\n'; b = read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private void send(String path, String body, String idempotencyKey, String accept) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\nAccept: " + accept
                + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\nIdempotency-Key: "
                + idempotencyKey + (access.isEmpty() ? "" : "\r\nAuthorization: Bearer " + access) + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(bytes);
        socket.getOutputStream().write(request.toByteArray());
        String status = header();
        chunked = false;
        left = 0;
        for (String header = header(); !header.isEmpty(); header = header()) {
            String lower = header.toLowerCase(Locale.ROOT);
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
            if (lower.startsWith("content-length:")) {
                left = Long.parseLong(lower.substring(15).strip());
            }
        }
        if (!status.contains(" 20")) {
            StringBuilder why = new StringBuilder();
            for (int b = read(); b >= 0; b = read()) {
                why.append((char) b);
            }
            throw new IOException(path + " was answered " + status + ": " + why);
        }
    }

    private String header() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** The next byte of the body; -1 at its end. */
    private int read() throws IOException {
        if (left == 0 && chunked) {
            String size = header();
            left = Long.parseLong(size.isEmpty() ? header() : size, 16);
            if (left == 0) {
                header();
                chunked = false;
            }
        }
        if (left == 0) {
            return -1;
        }
        left--;
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the connection was closed in the middle of an answer");
        }
        return b;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
