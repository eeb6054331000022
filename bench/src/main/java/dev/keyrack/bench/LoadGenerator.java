package dev.keyrack.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * A closed-loop HTTP/1.1 client on the calling thread: every connection has one request under way, always.
 *
 * <p>It allocates nothing per request, so that its own garbage collector does not show in the latencies, and it measures
 * the processor time of its thread, so that a round in which the client was the limit can be told.
 */
final class LoadGenerator {
    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final long STALL_NANOS = 10_000_000_000L;
    private static final long SELECT_MILLIS = 20;
    private static final int STATUSES = 1_000;

    private final Load load;
    private final byte[][] requests;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final Histogram latencies = new Histogram(1, LONGEST_NANOS, 3);
    private final long[] byStatus = new long[STATUSES];
    private long expected;
    private long unexpected;
    private String firstUnexpected = "";
    private long lastAnswer;
    private int nextRequest;

    private LoadGenerator(Load load) {
        this.load = load;
        this.requests = load.requests().toArray(byte[][]::new);
    }

    /**
     * Sends the load and returns what came back.
     *
     * @throws UnexpectedAnswers if any answer, in the warm-up or in the window, was not the expected one
     * @throws IOException if a connection was closed or refused, an answer could not be read, or none came for 10 s
     */
    static LoadResult run(Load load) throws IOException {
        try {
            return new LoadGenerator(load).run();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private LoadResult run() throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<SocketChannel> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            List<Connection> connections = connect(selector, open);
            long windowFrom = System.nanoTime() + load.warmUp().toNanos();
            lastAnswer = System.nanoTime();
            for (Connection connection : connections) {
                connection.ask(System.nanoTime());
            }
            long now = drive(selector, windowFrom);
            latencies.reset();
            java.util.Arrays.fill(byStatus, 0);
            long cpu = threads.getCurrentThreadCpuTime();
            long end = drive(selector, now + load.window().toNanos());
            long used = threads.getCurrentThreadCpuTime() - cpu;
            failOnUnexpected();
            return new LoadResult(latencies, counts(), end - now, used);
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    private List<Connection> connect(Selector selector, List<SocketChannel> open) throws IOException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < load.connections(); i++) {
            SocketChannel channel = SocketChannel.open(load.server());
            open.add(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            Connection connection = new Connection(channel, key);
            key.attach(connection);
            connections.add(connection);
        }
        return connections;
    }

    /** Answers every answer with the next question until this time; returns the time at which it stopped. */
    private long drive(Selector selector, long until) throws IOException {
        while (true) {
            selector.select(LoadGenerator::react, SELECT_MILLIS);
            long now = System.nanoTime();
            if (now - until >= 0) {
                return now;
            }
            if (now - lastAnswer > STALL_NANOS) {
                throw new IOException("no answer came from " + load.server() + " for 10 s");
            }
        }
    }

    private static void react(SelectionKey key) {
        try {
            ((Connection) key.attachment()).react();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(AnswerReader answer, long nanos) {
        byStatus[answer.status()]++;
        if (answer.status() == load.status() && answer.contentLength() == load.contentLength()) {
            expected++;
        } else {
            if (unexpected == 0) {
                firstUnexpected = answer.head() + "\n" + answer.content();
            }
            unexpected++;
        }
        latencies.recordValue(Math.clamp(nanos, 1, LONGEST_NANOS));
    }

    private void failOnUnexpected() throws UnexpectedAnswers {
        if (unexpected > 0) {
            throw new UnexpectedAnswers("%d of %d answers were not %d with %d bytes of content; the first:%n%s"
                    .formatted(
                            unexpected,
                            unexpected + expected,
                            load.status(),
                            load.contentLength(),
                            firstUnexpected.strip()));
        }
    }

    private SortedMap<Integer, Long> counts() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int status = 0; status < STATUSES; status++) {
            if (byStatus[status] > 0) {
                counts.put(status, byStatus[status]);
            }
        }
        return counts;
    }

    /** One connection and the request that is under way on it. */
    private final class Connection {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer out;
        private final AnswerReader answer = new AnswerReader();
        private long askedAt;

        Connection(SocketChannel channel, SelectionKey key) {
            this.channel = channel;
            this.key = key;
            int longest = 0;
            for (byte[] request : requests) {
                longest = Math.max(longest, request.length);
            }
            this.out = ByteBuffer.allocateDirect(longest);
        }

        void ask(long now) throws IOException {
            out.clear().put(requests[nextRequest]).flip();
            nextRequest = nextRequest + 1 == requests.length ? 0 : nextRequest + 1;
            answer.next();
            askedAt = now;
            send();
        }

        void react() throws IOException {
            if (out.hasRemaining()) {
                send();
            }
            if (!key.isReadable()) {
                return;
            }
            in.clear();
            if (channel.read(in) < 0) {
                throw new IOException(load.server() + " closed a connection that was to be kept alive");
            }
            if (in.flip().hasRemaining() && answer.take(in)) {
                long now = System.nanoTime();
                lastAnswer = now;
                count(answer, now - askedAt);
                ask(now);
            }
        }

        private void send() throws IOException {
            channel.write(out);
            int wanted = out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        }
    }
}
