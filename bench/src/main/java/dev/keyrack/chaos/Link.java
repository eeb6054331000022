package dev.keyrack.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The network in front of the database, or of a process, which can be slow, silent in either direction, or break.
 *
 * <p>What is cut is not lost but late, as with TCP: it arrives when the link is whole again, unless the connection was
 * given up or reset by then.
 */
final class Link implements AutoCloseable {
    private final ServerSocket door;
    private final int far;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Way, Duration> delays = new EnumMap<>(Way.class);
    private final Set<Way> cut = EnumSet.noneOf(Way.class);
    private @Nullable Breakpoint breakpoint;

    /** @param far the port at its far end */
    Link(int far) throws IOException {
        this.far = far;
        this.door = new ServerSocket();
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    /** Where its far end is found. */
    int port() {
        return door.getLocalPort();
    }

    synchronized void cut(Way way) {
        cut.add(way);
    }

    synchronized void delay(Way way, Duration delay) {
        delays.put(way, delay);
    }

    /** Whole and fast again. */
    synchronized void heal() {
        cut.clear();
        delays.clear();
        notifyAll();
    }

    /** Breaks every connection. */
    void reset() {
        open.forEach(Link::reset);
    }

    /** Until it is closed, statements of this text go no further. */
    synchronized Breakpoint breakAt(String text) {
        Breakpoint next = new Breakpoint(text);
        breakpoint = next;
        return next;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException e) {
                // Closed; or out of files, then the next one may do.
            }
        }
    }

    private void connect(Socket near) {
        open.add(near);
        Socket there = new Socket();
        try {
            there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), far));
            open.add(there);
            near.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> carry(there, near, Way.BACK));
            carry(near, there, Way.THERE);
            back.join();
        } catch (IOException e) {
            reset(near); // nobody listens there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget(near);
            forget(there);
        }
    }

    private void carry(Socket from, Socket to, Way way) {
        byte[] buffer = new byte[16 * 1024];
        try {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                Breakpoint stop = breakpoint();
                if (way == Way.THERE && stop != null) {
                    stop.pass(buffer, n);
                }
                TimeUnit.NANOSECONDS.sleep(delay(way));
                awaitWhole(way);
                out.write(buffer, 0, n);
            }
            awaitWhole(way); // the end of a connection does not get through either
        } catch (IOException e) {
            // Broken; the other end must learn of it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget(from);
            forget(to);
        }
    }

    private synchronized @Nullable Breakpoint breakpoint() {
        return breakpoint;
    }

    private synchronized long delay(Way way) {
        return delays.getOrDefault(way, Duration.ZERO).toNanos();
    }

    private synchronized void awaitWhole(Way way) throws InterruptedException {
        while (cut.contains(way)) {
            wait();
        }
    }

    private void forget(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        heal();
        Breakpoint stop = breakpoint();
        if (stop != null) {
            stop.close();
        }
        reset();
    }
}
