package dev.keyrack.server.conversations;

import dev.keyrack.server.assistants.AssistantFailed;
import dev.keyrack.server.assistants.Reply;
import dev.keyrack.server.assistants.Turn;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.verifier.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the replies of this process, each on a thread of its own, whether somebody reads or not.
 *
 * <p>Guarantees: a reply ends after two minutes at most, and at once when its key is no longer good, when it is cancelled and
 * when the process ends; the end is kept before it is told. There are {@value #MOST} at once at most.
 */
final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    static final int MOST = 5_000;

    /** How long a reply may take. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    /** How long one can be resumed after its end. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** How often it is asked whether the key is still good, while the assistant says nothing. */
    static final long LOOK_MILLIS = 1_000;

    private static final int TRIES = 3;

    private final Answerer answerer;
    private final VisitorVerdicts verdicts;
    private final UnaryOperator<Message> keep;
    private final Duration longest;
    private final Map<String, ReplyBuffer> buffers = new ConcurrentHashMap<>();
    private final Semaphore room = new Semaphore(MOST);
    private final ScheduledThreadPoolExecutor timer;
    private volatile boolean closing;

    /** @param keep writes down how a reply ended, and returns how it did if that was another way */
    Replies(Answerer answerer, VisitorVerdicts verdicts, UnaryOperator<Message> keep, Duration longest) {
        this.answerer = answerer;
        this.verdicts = verdicts;
        this.keep = keep;
        this.longest = longest;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("replies").factory());
        timer.setRemoveOnCancelPolicy(true);
        // What is to be done later is not, once the process ends.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Takes room for a reply, to be given to {@link #start} or back by {@link #leave}.
     *
     * @throws ProblemException if there is none, or the process is ending
     */
    void enter() {
        if (closing) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.SHUTTING_DOWN, null, 1));
        }
        if (!room.tryAcquire()) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.TOO_MANY_REPLIES, null, 2));
        }
    }

    void leave() {
        room.release();
    }

    ReplyBuffer start(Turn turn, Message reply, Visit visit, StreamEvent accepted) {
        ReplyBuffer buffer = new ReplyBuffer(reply, visit, accepted);
        buffers.put(reply.id(), buffer);
        Thread maker = Thread.ofVirtual().name("reply").unstarted(() -> make(turn, buffer));
        buffer.onCancel(maker::interrupt);
        var timeOut = timer.schedule(
                () -> Thread.startVirtualThread(() -> finish(buffer, Message.State.FAILED, Message.TIMED_OUT)),
                longest.toMillis(),
                TimeUnit.MILLISECONDS);
        buffer.onSettled(() -> timeOut.cancel(false));
        maker.start();
        if (closing) {
            finish(buffer, Message.State.FAILED, Message.FAILED);
        }
        return buffer;
    }

    private void make(Turn turn, ReplyBuffer buffer) {
        try {
            answerer.answer(turn, new InMaking(buffer));
            finish(buffer, Message.State.COMPLETE, null);
        } catch (AssistantFailed e) {
            if (!buffer.settled()) {
                LOG.warn("the assistant of project {} failed: {}", turn.projectId(), e.getMessage());
            }
            finish(
                    buffer,
                    Message.State.FAILED,
                    e.reason() == AssistantFailed.Reason.TIMED_OUT ? Message.TIMED_OUT : Message.FAILED);
        } catch (RuntimeException e) {
            if (!buffer.settled()) {
                LOG.error("the assistant of project {} failed", turn.projectId(), e);
            }
            finish(buffer, Message.State.FAILED, Message.FAILED);
        } finally {
            room.release();
        }
    }

    /** Where the assistant writes. */
    private final class InMaking implements Reply {
        private final ReplyBuffer buffer;

        InMaking(ReplyBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public void add(String text) {
            if (refused(buffer)) {
                cancel(buffer);
            } else if (!buffer.add(text)) {
                LOG.warn(
                        "the assistant of project {} answered too much",
                        buffer.visit().projectId());
                finish(buffer, Message.State.FAILED, Message.FAILED);
            }
        }

        @Override
        public boolean cancelled() {
            return buffer.settled();
        }

        @Override
        public void onCancel(Runnable end) {
            buffer.onCancel(end);
        }
    }

    /** The reply of this id, if it is made here, or was until a minute ago. */
    Optional<ReplyBuffer> get(String replyId) {
        return Optional.ofNullable(buffers.get(replyId));
    }

    /** A node that is not sure for a moment refuses nobody: the reply goes on being made. */
    private boolean refused(ReplyBuffer buffer) {
        Optional<Code> refusal = verdicts.refusal(buffer.visit());
        return refusal.isPresent() && refusal.get() != Code.STALE;
    }

    /** Waits until a reply has ended, or the process does, for somebody who reads it whole. */
    void awaitEnd(ReplyBuffer buffer) throws InterruptedException {
        while (!buffer.awaitEnd(LOOK_MILLIS)) {
            if (refused(buffer)) {
                cancel(buffer);
            }
        }
    }

    /** Ends a reply as cancelled, if it is still being made. */
    void cancel(ReplyBuffer buffer) {
        finish(buffer, Message.State.CANCELLED, null);
    }

    /** Ends those that were asked for in this session, as far as they are made here. */
    void cancelAllOf(String sessionId) {
        buffers.values().stream()
                .filter(buffer -> sessionId.equals(buffer.visit().sessionId()))
                .forEach(this::cancel);
    }

    private void finish(ReplyBuffer buffer, Message.State state, @Nullable String failure) {
        buffer.settle(state, failure).ifPresent(settled -> {
            buffer.end(kept(settled));
            var _ = timer.schedule(() -> buffers.remove(settled.id()), KEPT.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** What cannot be kept has failed, and is found so after its deadline. */
    private Message kept(Message settled) {
        // The thread may be the interrupted one that made it: the store must not take the interrupt for its own.
        boolean interrupted = Thread.interrupted();
        try {
            for (int run = 1; ; run++) {
                try {
                    return keep.apply(settled);
                } catch (StoreFailure e) {
                    LOG.warn("a reply could not be kept: {}", e.getMessage());
                    if (run == TRIES) {
                        return settled.settled(Message.State.FAILED, settled.text(), Message.FAILED, settled.events());
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean closing() {
        return closing;
    }

    /** Sends readers away, and ends what is being made: its rest comes to nothing. */
    void close() {
        closing = true;
        buffers.values().forEach(ReplyBuffer::close);
        buffers.values().forEach(buffer -> finish(buffer, Message.State.FAILED, Message.FAILED));
        timer.shutdownNow();
    }
}
