package dev.keyrack.server.outbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that answers byte by byte as a test says, and sees when its caller hangs up. */
public final class TestingBackend implements AutoCloseable {
    private final ServerSocket server;
    private final Behaviour behaviour;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private volatile int connections;

    /** What it does with a request. */
    public interface Behaviour {
        void answer(Line line) throws IOException, InterruptedException;
    }

    /** What it was sent: header names in lower case. */
    public record Received(String start, Map<String, String> headers, String body) {}

    /** One connection, from the server's side. */
    public final class Line {
        private final Socket socket;

        private Line(Socket socket) {
            this.socket = socket;
        }

        public void say(String text) throws IOException {
            say(text.getBytes(StandardCharsets.UTF_8));
        }

        public void say(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        public void say200(String type) throws IOException {
            say("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n");
        }

        /** A chunk of an answer that began with {@code Transfer-Encoding: chunked}. */
        public void chunk(byte[] bytes) throws IOException {
            say(Integer.toHexString(bytes.length) + "\r\n");
            say(bytes);
            say("\r\n");
        }

        /** Says nothing until the caller hangs up. */
        public void awaitHangUp() throws IOException {
            InputStream in = socket.getInputStream();
            try {
                while (in.read() >= 0) {
                    // What else is sent means nothing.
                }
            } catch (SocketException e) {
                // Reset: hung up, too.
            }
            hungUp.countDown();
        }
    }

    public TestingBackend(Behaviour behaviour) {
        this("127.0.0.1", 0, behaviour);
    }

    public TestingBackend(String address, int port, Behaviour behaviour) {
        try {
            this.server = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.behaviour = behaviour;
        Thread.ofVirtual().start(this::serve);
    }

    /** Answers all with 200 and this. */
    public static TestingBackend saying(String type, String body) {
        return new TestingBackend(line -> {
            line.say200(type);
            line.say(body);
        });
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections++;
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            received.add(read(socket.getInputStream()));
            behaviour.answer(new Line(socket));
        } catch (IOException e) {
            hungUp.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Received read(InputStream in) throws IOException {
        String start = line(in);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(start, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("no request");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    public int connections() {
        return connections;
    }

    /** The next request. */
    public Received received() throws InterruptedException {
        Received next = received.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was received");
        }
        return next;
    }

    /** Whether the caller hung up on a line that waits for that. */
    public boolean sawHangUp() throws InterruptedException {
        return hungUp.await(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
