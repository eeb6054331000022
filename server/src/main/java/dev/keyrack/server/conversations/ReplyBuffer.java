package dev.keyrack.server.conversations;

import dev.keyrack.server.assistants.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reply while it is made, and a while after: the events of its stream, in order.
 *
 * <p>Guarantees: whoever writes never waits for a reader; each reader finds every event, from whichever it asks for; there is
 * one reader, and a newer one takes the older one's place; text and events are bounded ({@value #Reply.MAX_BYTES} bytes of text in
 * some {@value #PIECES} pieces and those that are put together of further ones). Safe for any number of threads.
 */
final class ReplyBuffer {
    /** After so many pieces, small ones are put together. */
    private static final int PIECES = 1_000;

    private static final int SMALL = 64;

    private final Message reply;
    private final Visit visit;
    private final List<StreamEvent> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder waiting = new StringBuilder();
    private final List<Runnable> onCancel = new ArrayList<>();
    private final List<Runnable> onSettled = new ArrayList<>();
    private int bytes;
    private boolean settled;
    private boolean over;
    private boolean closing;
    private @Nullable Object reader;

    ReplyBuffer(Message reply, Visit visit, StreamEvent accepted) {
        this.reply = reply;
        this.visit = visit;
        events.add(accepted);
    }

    Message reply() {
        return reply;
    }

    /** Whom it is for. */
    Visit visit() {
        return visit;
    }

    /** Adds a piece, unless the reply is settled. Whether there was room for it. */
    synchronized boolean add(String piece) {
        if (settled) {
            return true;
        }
        waiting.append(piece);
        int end = waiting.length();
        // Half of a character waits for its other half.
        if (end > 0 && Character.isHighSurrogate(waiting.charAt(end - 1))) {
            end--;
        }
        if (end == 0 || (events.size() > PIECES && end < SMALL)) {
            return true;
        }
        return tell(end);
    }

    private boolean tell(int end) {
        String piece = plain(waiting.substring(0, end));
        waiting.delete(0, end);
        bytes += piece.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Reply.MAX_BYTES) {
            waiting.setLength(0);
            return false;
        }
        text.append(piece);
        events.add(StreamEvent.text(piece));
        notifyAll();
        return true;
    }

    /** Text that every database and reader takes: without zero and halves of surrogate pairs. */
    private static String plain(String piece) {
        StringBuilder plain = new StringBuilder(piece.length());
        piece.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    /** Ends the making, once: the reply as it then is; nothing if it had ended before. */
    Optional<Message> settle(Message.State state, @Nullable String failure) {
        List<Runnable> hooks;
        Message result;
        synchronized (this) {
            if (settled) {
                return Optional.empty();
            }
            if (!waiting.isEmpty()) {
                tell(waiting.length());
            }
            settled = true;
            result = reply.settled(state, text.toString(), failure, events.size() + 1);
            hooks = new ArrayList<>(onSettled);
            if (state != Message.State.COMPLETE) {
                hooks.addAll(onCancel);
            }
            onCancel.clear();
            onSettled.clear();
        }
        hooks.forEach(Runnable::run);
        return Optional.of(result);
    }

    /** Adds the last event, when what it tells is kept. */
    synchronized void end(Message kept) {
        events.add(StreamEvent.last(kept));
        over = true;
        notifyAll();
    }

    synchronized boolean settled() {
        return settled;
    }

    /** To be done when it is settled before its assistant has finished; at once if it is. */
    void onCancel(Runnable end) {
        synchronized (this) {
            if (!settled) {
                onCancel.add(end);
                return;
            }
        }
        end.run();
    }

    /** To be done when it is settled, however. Called before it can be. */
    synchronized void onSettled(Runnable end) {
        onSettled.add(end);
    }

    /** The process ends: readers are sent away. */
    synchronized void close() {
        closing = true;
        notifyAll();
    }

    /** Whoever calls this reads from now on, and nobody else. */
    synchronized Object read() {
        Object me = new Object();
        reader = me;
        notifyAll();
        return me;
    }

    /** What a reader finds. */
    sealed interface Found {
        /** @param last whether no more will come */
        record Events(List<StreamEvent> events, boolean last) implements Found {}

        record Nothing() implements Found {}

        record Replaced() implements Found {}

        record Closing() implements Found {}
    }

    /** The events from this one on; waits so long for one, or shorter. */
    @SuppressWarnings("WaitNotInLoop") // the reader comes again, and has to look at the key in between anyway
    synchronized Found from(Object me, int next, long millis) throws InterruptedException {
        if (reader == me && !closing && next >= events.size() && !over) {
            wait(millis);
        }
        if (closing) {
            return new Found.Closing();
        }
        if (reader != me) {
            return new Found.Replaced();
        }
        return next < events.size() || over
                ? new Found.Events(List.copyOf(events.subList(Math.min(next, events.size()), events.size())), over)
                : new Found.Nothing();
    }

    /** Waits so long, or shorter, for the last event or the end of the process: whether either is there. */
    @SuppressWarnings("WaitNotInLoop") // whoever waits comes again, and has to look at the key in between anyway
    synchronized boolean awaitEnd(long millis) throws InterruptedException {
        if (!over && !closing) {
            wait(millis);
        }
        return over || closing;
    }

    /** How many events there are, when there will be no more. */
    synchronized Optional<Integer> size() {
        return over ? Optional.of(events.size()) : Optional.empty();
    }
}
