package dev.keyrack.chaos;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks one node about tokens, over one connection, without waiting for answers before it asks again
 * (pipelining, RFC 9112, 9.3.2). So questions go on being sent to a process that is stopped where it stands, and wait in its
 * socket until it runs again; or on the way to it, while its link is cut.
 */
final class Asker implements Runnable {
    private static final int MOST_UNDER_WAY = 1_500;
    private static final int LAST_ANSWERS_MILLIS = 5_000;

    private final Node node;
    private final Supplier<@Nullable Token> tokens;
    private final History history;
    private final long pauseMillis;
    private final Deque<Question> underWay = new ArrayDeque<>();
    private boolean broken;

    private record Question(Token token, long invoked) {}

    /** @param tokens what to ask about, until it gives none */
    Asker(Node node, Supplier<@Nullable Token> tokens, History history, long pauseMillis) {
        this.node = node;
        this.tokens = tokens;
        this.history = history;
        this.pauseMillis = pauseMillis;
    }

    @Override
    public void run() {
        Token next = tokens.get();
        try {
            while (next != null) {
                next = overOneConnection(next);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the first token that was not asked about, if there is one. */
    private @Nullable Token overOneConnection(Token first) throws InterruptedException {
        Token next = first;
        try (Socket socket = new Socket()) {
            long invoked = history.now();
            try {
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), node.askers().port()),
                        5_000);
            } catch (IOException e) {
                note(new Question(next, invoked), Event.Verified.NOTHING);
                return tokens.get();
            }
            setBroken(false);
            socket.setTcpNoDelay(true);
            Thread reader = Thread.ofVirtual().start(() -> read(socket));
            try {
                next = ask(socket, first);
            } finally {
                endReading(socket);
                reader.join();
            }
        } catch (IOException e) {
            // Broken: what is still under way gets no answer.
        }
        giveUp();
        return next;
    }

    private static void endReading(Socket socket) {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            // Reset: then the reader has noticed by itself.
        }
    }

    /** Asks until the connection is broken or there is nothing more to ask about. */
    private @Nullable Token ask(Socket socket, Token first) throws InterruptedException {
        Token next = first;
        try {
            while (next != null && mayAsk()) {
                send(socket, next);
                next = tokens.get();
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (IOException e) {
            return tokens.get();
        }
        if (next == null) {
            awaitAnswers();
        }
        return next;
    }

    private void send(Socket socket, Token token) throws IOException {
        byte[] body = ("{\"token\":\"" + token.text() + "\"}").getBytes(StandardCharsets.US_ASCII);
        byte[] head =
                ("POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        synchronized (underWay) {
            underWay.addLast(new Question(token, history.now()));
        }
        socket.getOutputStream().write(request);
    }

    private void read(Socket socket) {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String code = code(in);
                Question question;
                synchronized (underWay) {
                    question = underWay.removeFirst();
                    underWay.notifyAll();
                }
                note(question, code);
            }
        } catch (IOException e) {
            setBroken(true);
        }
    }

    /** The verdict of the next answer, which states its length. */
    private static String code(InputStream in) throws IOException {
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        int at = body.indexOf("\"code\":\"");
        return at < 0
                ? "unreadable"
                : body.substring(at + 8, body.indexOf('"', at + 8)).intern();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection has ended");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private boolean mayAsk() throws InterruptedException {
        synchronized (underWay) {
            while (!broken && underWay.size() >= MOST_UNDER_WAY) {
                underWay.wait();
            }
            return !broken;
        }
    }

    private void awaitAnswers() throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWERS_MILLIS);
        synchronized (underWay) {
            while (!broken && !underWay.isEmpty() && System.nanoTime() < giveUp) {
                underWay.wait(100);
            }
        }
    }

    private void setBroken(boolean now) {
        synchronized (underWay) {
            broken = now;
            underWay.notifyAll();
        }
    }

    private void giveUp() {
        synchronized (underWay) {
            underWay.forEach(question -> note(question, Event.Verified.NOTHING));
            underWay.clear();
        }
    }

    private void note(Question question, String code) {
        history.add(new Event.Verified(
                node.name(), question.token.key(), question.token.generation(), question.invoked, history.now(), code));
    }
}
