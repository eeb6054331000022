package dev.keyrack.server.conversations;

import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.verifier.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Sends a reply to the visitor as it is made.
 *
 * <p>Guarantee: whether the key is still good is asked before each event is written, and every second while there is none;
 * when it is not, the stream ends with the verdict's code, and the reply with it. Whether the visitor's session goes on is asked
 * every ten seconds, and before the last event: whoever signs out ends what is being said to them. A reply has one reader in
 * this process, also one that another process makes: the newest.
 */
final class ReplyStream {
    /** How often the store is asked for a reply that another process makes. */
    static final long POLL_MILLIS = 500;

    private static final long BEAT_NANOS = Duration.ofSeconds(15).toNanos();
    private static final String BEAT = ": \n\n";

    /** How often it is asked whether the visitor's session goes on. */
    private static final long SESSION_NANOS = Duration.ofSeconds(10).toNanos();

    private final VisitorVerdicts verdicts;
    private final Replies replies;
    private final Predicate<Visit> sessionLives;
    private final LongSupplier nanos;

    /** Who reads a reply that is not made here, by its id. */
    private final Map<String, Object> readers = new ConcurrentHashMap<>();

    ReplyStream(VisitorVerdicts verdicts, Replies replies, Predicate<Visit> sessionLives, LongSupplier nanos) {
        this.verdicts = verdicts;
        this.replies = replies;
        this.sessionLives = sessionLives;
        this.nanos = nanos;
    }

    /** What is to be sent. */
    sealed interface Plan {
        /** A reply of this process, from this event on. */
        record Live(ReplyBuffer buffer, int from) implements Plan {}

        /**
         * A reply that is not here: as it is kept, or once another process has made it.
         *
         * @param first events before it, with numbers from 0 on
         * @param next the number of its last event, if that is not known otherwise
         */
        record Kept(String replyId, List<StreamEvent> first, long next, Supplier<Optional<Message>> reply)
                implements Plan {}
    }

    /** Returns when all is sent, or nothing more is to be; throws when nobody reads any more. */
    void send(Plan plan, Visit visit, OutputStream out) throws IOException, InterruptedException {
        switch (plan) {
            case Plan.Live live -> live(live, visit, out);
            case Plan.Kept kept -> kept(kept, visit, out);
        }
    }

    private void live(Plan.Live live, Visit visit, OutputStream out) throws IOException, InterruptedException {
        ReplyBuffer buffer = live.buffer();
        Object me = buffer.read();
        String id = buffer.reply().id();
        int next = live.from();
        write(out, BEAT);
        long beat = nanos.getAsLong();
        SessionLook look = new SessionLook(visit);
        while (true) {
            ReplyBuffer.Found found = buffer.from(me, next, Replies.LOOK_MILLIS);
            if (look.ended(found instanceof ReplyBuffer.Found.Events events && events.last())) {
                write(out, StreamEvent.ended(VisitorCode.SESSION_ENDED));
                return;
            }
            switch (found) {
                case ReplyBuffer.Found.Events(List<StreamEvent> events, boolean last) -> {
                    StringBuilder text = new StringBuilder();
                    Optional<Code> refusal = Optional.empty();
                    for (StreamEvent event : events) {
                        refusal = verdicts.refusal(visit);
                        if (refusal.isPresent()) {
                            break;
                        }
                        text.append(event.text(id, next++));
                    }
                    write(out, text.toString());
                    if (refusal.isPresent()) {
                        cancel(buffer, refusal.get());
                        end(out, visit, refusal.get());
                        return;
                    }
                    if (last) {
                        return;
                    }
                    beat = nanos.getAsLong();
                }
                case ReplyBuffer.Found.Nothing nothing -> {
                    Optional<Code> refusal = verdicts.refusal(visit);
                    if (refusal.isPresent()) {
                        cancel(buffer, refusal.get());
                        end(out, visit, refusal.get());
                        return;
                    }
                    beat = beat(out, beat);
                }
                case ReplyBuffer.Found.Replaced replaced -> {
                    write(out, StreamEvent.ended("REPLACED"));
                    return;
                }
                case ReplyBuffer.Found.Closing closing -> {
                    write(out, StreamEvent.ended(VisitorCode.SHUTTING_DOWN));
                    return;
                }
            }
        }
    }

    /** A node that is not sure for a moment says nothing about the key: the reply goes on being made. */
    private void cancel(ReplyBuffer buffer, Code code) {
        if (code != Code.STALE) {
            replies.cancel(buffer);
        }
    }

    private void end(OutputStream out, Visit visit, Code code) throws IOException {
        verdicts.ended(visit);
        write(out, StreamEvent.ended(VisitorCode.of(code)));
    }

    private void kept(Plan.Kept kept, Visit visit, OutputStream out) throws IOException, InterruptedException {
        Object me = new Object();
        readers.put(kept.replyId(), me);
        try {
            kept(kept, me, visit, out);
        } finally {
            readers.remove(kept.replyId(), me);
        }
    }

    private void kept(Plan.Kept kept, Object me, Visit visit, OutputStream out)
            throws IOException, InterruptedException {
        write(out, BEAT);
        long number = 0;
        long beat = nanos.getAsLong();
        SessionLook look = new SessionLook(visit);
        while (true) {
            Message reply = kept.reply().get().orElse(null);
            boolean left = look.ended(reply != null && !reply.streaming());
            Optional<Code> refusal = verdicts.refusal(visit);
            if (refusal.isPresent()) {
                end(out, visit, refusal.get());
                return;
            }
            if (left) {
                write(out, StreamEvent.ended(VisitorCode.SESSION_ENDED));
                return;
            }
            if (reply == null) {
                return;
            }
            for (; number < kept.first().size(); number++) {
                write(out, kept.first().get((int) number).text(kept.replyId(), number));
            }
            if (!reply.streaming()) {
                long last = reply.events() > 0 ? reply.events() - 1 : Math.max(number, kept.next());
                write(out, StreamEvent.last(reply).text(reply.id(), last));
                return;
            }
            if (replies.closing()) {
                write(out, StreamEvent.ended(VisitorCode.SHUTTING_DOWN));
                return;
            }
            if (readers.get(kept.replyId()) != me) {
                write(out, StreamEvent.ended("REPLACED"));
                return;
            }
            Thread.sleep(POLL_MILLIS);
            beat = beat(out, beat);
        }
    }

    /** Asks whether a visitor's session goes on: now and then, and before the end. */
    private final class SessionLook {
        private final Visit visit;
        private long last = nanos.getAsLong();

        SessionLook(Visit visit) {
            this.visit = visit;
        }

        boolean ended(boolean atTheEnd) {
            if (!atTheEnd && nanos.getAsLong() - last < SESSION_NANOS) {
                return false;
            }
            last = nanos.getAsLong();
            return !sessionLives.test(visit);
        }
    }

    private long beat(OutputStream out, long last) throws IOException {
        long now = nanos.getAsLong();
        if (now - last < BEAT_NANOS) {
            return last;
        }
        write(out, BEAT);
        return now;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
