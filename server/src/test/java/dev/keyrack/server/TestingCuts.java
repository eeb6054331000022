package dev.keyrack.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad line between a browser and Keyrack: it ends the connection of a streamed answer after as many bytes of its events as
 * the test says. All else goes through.
 */
final class TestingCuts implements AutoCloseable {
    /** Of a stream that is not cut. */
    private static final int WHOLE = Integer.MAX_VALUE;

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final ServerSocket listener;
    private final int port;
    private final Queue<Integer> plan = new ConcurrentLinkedQueue<>();

    /** How many streams were cut. */
    final AtomicInteger cut = new AtomicInteger();

    /** How many bytes of events the longest stream had that was not cut. */
    final AtomicInteger longest = new AtomicInteger();

    private TestingCuts(ServerSocket listener, int port) {
        this.listener = listener;
        this.port = port;
    }

    /** @param url of the server behind it */
    static TestingCuts before(String url) {
        try {
            TestingCuts cuts = new TestingCuts(
                    new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                    URI.create(url).getPort());
            Thread.ofVirtual().start(cuts::accept);
            return cuts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Cuts the next streams after so many bytes, one after the other; those after them not at all. */
    void plan(int... bytes) {
        plan.clear();
        for (int n : bytes) {
            plan.add(n);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket browser = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                browser.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> asks(browser, server));
                Thread.ofVirtual().start(() -> answers(server, browser));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private static void asks(Socket browser, Socket server) {
        try (server) {
            browser.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    private void answers(Socket server, Socket browser) {
        try (server;
                browser) {
            InputStream in = server.getInputStream();
            OutputStream out = browser.getOutputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            Events events = null;
            byte[] buffer = new byte[16_384];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int from = 0;
                if (events == null) {
                    head.write(buffer, 0, n);
                    int end = endOfStreamHead(head.toString(StandardCharsets.ISO_8859_1));
                    if (end >= 0) {
                        Integer planned = plan.poll();
                        events = new Events(planned == null ? WHOLE : planned);
                        from = Math.max(0, n - (head.size() - end));
                        head.reset();
                    }
                    head = rest(head);
                }
                int until = events == null ? n : events.until(buffer, from, n);
                if (until < n) {
                    // Before the browser can know of it.
                    cut.incrementAndGet();
                } else if (events != null && events.over) {
                    longest.accumulateAndGet(events.told, Math::max);
                    events = null;
                }
                out.write(buffer, 0, until);
                out.flush();
                if (until < n) {
                    return;
                }
            }
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    /** What an answer says in its chunks, without the lines around them (RFC 9112, 7.1). */
    private static final class Events {
        private final int most;
        private int told;
        private int size;
        /** Of the chunk, and of the end of its line. */
        private int left;

        private boolean over;

        /** @param most so many bytes may come */
        Events(int most) {
            this.most = most;
        }

        /** Up to where it may come. */
        int until(byte[] bytes, int from, int to) {
            for (int i = from; i < to && !over; i++) {
                if (isTold(bytes[i])) {
                    if (told == most) {
                        return i;
                    }
                    told++;
                }
            }
            return to;
        }

        private boolean isTold(byte b) {
            if (left > 0) {
                left--;
                return left >= 2;
            }
            if (b == '\n') {
                over = size == 0;
                left = size + 2;
                size = 0;
            } else if (b != '\r') {
                size = size * 16 + Character.digit(b, 16);
            }
            return false;
        }
    }

    /** Where the head of a streamed answer ends in what was sent; negative when there is none. */
    private static int endOfStreamHead(String sent) {
        int type = sent.toLowerCase(Locale.ROOT).lastIndexOf("content-type: text/event-stream");
        int end = type < 0 ? -1 : sent.indexOf(END_OF_HEAD, type);
        return end < 0 ? -1 : end + END_OF_HEAD.length();
    }

    /** Enough of what was sent to find a head in it that comes in two parts. */
    private static ByteArrayOutputStream rest(ByteArrayOutputStream head) {
        byte[] all = head.toByteArray();
        int from = Math.max(0, all.length - 4_096);
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.write(all, from, all.length - from);
        return rest;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
