package dev.keyrack.chaos;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Asks one node for the same good token on one connection, so many times a second, a batch at a time. */
final class PacedLoad implements AutoCloseable {
    private static final int BATCH = 50;
    private static final byte[] GOOD = "HTTP/1.1 204".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final byte[] batch;
    private final Thread thread;
    private volatile double perSecond;
    private final AtomicLong answered = new AtomicLong();
    private volatile boolean closing;
    private volatile @Nullable IOException broken;

    PacedLoad(int port, String token) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        String request = "GET /v1/authorize HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + token + "\r\n\r\n";
        batch = request.repeat(BATCH).getBytes(StandardCharsets.US_ASCII);
        thread = Thread.ofPlatform().daemon().name("load").start(this::run);
    }

    /** @param rate verifications a second; infinite for as many as there can be, 0 for none */
    void pace(double rate) {
        perSecond = rate;
    }

    /** @throws IllegalStateException if the node answered otherwise, or not at all */
    long answered() {
        IOException why = broken;
        if (why != null) {
            throw new IllegalStateException("the load broke off", why);
        }
        return answered.get();
    }

    private void run() {
        try {
            long next = System.nanoTime();
            while (!closing) {
                double rate = perSecond;
                if (rate == 0) {
                    LockSupport.parkNanos(1_000_000);
                    next = System.nanoTime();
                    continue;
                }
                socket.getOutputStream().write(batch);
                for (int i = 0; i < BATCH; i++) {
                    readAnswer();
                }
                answered.addAndGet(BATCH);
                next = Math.max(next + (long) (BATCH * 1e9 / rate), System.nanoTime() - 100_000_000);
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            if (!closing) {
                broken = e;
            }
        }
    }

    /** A good token's answer has no body: it ends with the empty line. Any other status means that nothing is verified. */
    private void readAnswer() throws IOException {
        byte[] status = in.readNBytes(GOOD.length);
        if (!Arrays.equals(status, GOOD)) {
            throw new IOException("a good token was answered " + new String(status, StandardCharsets.US_ASCII));
        }
        int matched = 0;
        while (matched < 4) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the node closed the connection");
            }
            matched = c == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : c == '\r' ? 1 : 0;
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        socket.close();
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
