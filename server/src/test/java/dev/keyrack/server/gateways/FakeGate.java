package dev.keyrack.server.gateways;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What listens where a gate should: it says what a test wants, also what no gate ever says, and remembers byte by byte
 * what it was asked.
 */
final class FakeGate implements AutoCloseable {
    static final String YES = answer(
            "204 No Content",
            "Keyrack-Key-Id: 0123456789A",
            "Keyrack-Key-Type: web",
            "Keyrack-Organization: org_1",
            "Keyrack-Project: prj_1",
            "Keyrack-Generation: 1");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket listening;
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Future<?> accepting;
    private volatile String answer = YES;

    FakeGate() {
        try {
            listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepting = threads.submit(this::accept);
    }

    /** An answer without a body, which leaves the connection open. */
    static String answer(String status, String... headers) {
        String length = status.startsWith("204") ? "" : "Content-Length: 0\r\n";
        return "HTTP/1.1 " + status + "\r\n" + length
                + String.join(
                        "",
                        List.of(headers).stream().map(header -> header + "\r\n").toList()) + "\r\n";
    }

    int port() {
        return listening.getLocalPort();
    }

    /** @param bytes all that is written for a request; none: it is never answered */
    void says(String bytes) {
        answer = bytes;
    }

    /** The heads of the requests, or whatever stood where a head should. */
    List<String> heads() {
        return List.copyOf(heads);
    }

    int connections() {
        return accepted.get();
    }

    void forget() {
        heads.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.add(socket);
                accepted.incrementAndGet();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed: this is how it ends.
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                heads.add(head);
                String bytes = answer;
                if (!bytes.isEmpty()) {
                    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                }
                if (!bytes.isEmpty() && !bytes.startsWith("HTTP/1.1 ")) {
                    return;
                }
            }
        } catch (IOException e) {
            // The gateway went away, or this gate does.
        }
    }

    /** A body would stand in front of the next request, and hence in its head. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    /**
     * Goes away, with every connection. A virtual thread that waits in accept() is only woken by the closing, and may
     * come back with one more connection: hence it is waited for.
     */
    void stop() {
        try {
            listening.close();
            accepting.get(10, TimeUnit.SECONDS);
            for (Socket socket : connections) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
        threads.close();
    }
}
