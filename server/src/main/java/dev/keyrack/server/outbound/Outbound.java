package dev.keyrack.server.outbound;

import dev.keyrack.gate.Networks;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls addresses that customers chose, without letting them choose one that only Keyrack can reach (server-side request
 * forgery).
 *
 * <p>Guarantees: a connection goes to an address that {@link AddressGuard} allows, out of an answer of the name service of
 * which it allows every address; redirects are not followed; each call has a connection of its own, which is closed when
 * the call ends, however it ends, and at once when it is cancelled; no call takes longer than {@link Patience} says. Nothing
 * that is sent or received stands in an exception or in the log.
 */
public final class Outbound implements AutoCloseable {
    private final AddressGuard guard;
    private static final Logger LOG = LoggerFactory.getLogger(Outbound.class);

    private final CheckedNames names;
    private final Patience patience;

    /** Made at the first call: most installations call nobody, and all start faster without it. */
    private @Nullable OutboundClient client;

    private final ScheduledThreadPoolExecutor deadlines;

    /**
     * @param allowed networks that may be called although they are not public
     * @param own whether Keyrack itself listens at this port of this machine: it is not called there
     */
    public Outbound(Networks allowed, IntPredicate own) {
        this(new AddressGuard(allowed, own), InetAddress::getAllByName, Patience.USUAL);
    }

    public Outbound(Networks allowed, Patience patience) {
        this(new AddressGuard(allowed), InetAddress::getAllByName, patience);
    }

    Outbound(AddressGuard guard, CheckedNames.Names names, Patience patience) {
        this.guard = guard;
        this.names = new CheckedNames(guard, names, patience.connect());
        this.patience = patience;
        this.deadlines = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("keyrack-deadlines").factory());
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /** What may be called. */
    public AddressGuard guard() {
        return guard;
    }

    /** What is made of an answer, while it comes in. */
    public interface Reading<X extends Exception> {
        void read(OutboundAnswer answer) throws IOException, X;
    }

    /**
     * Sends JSON, and has the answer read. Blocks until it is.
     *
     * @param headers beside the content type; their values must hold nothing but visible ASCII and spaces
     * @param maxBody more bytes of the answer are not read
     * @param onCancel is given what ends the call at once
     * @throws CallFailed if there is no answer, or no more of it
     */
    public <X extends Exception> void post(
            Target target,
            Map<String, String> headers,
            byte[] json,
            long maxBody,
            Consumer<Runnable> onCancel,
            Reading<X> reading)
            throws CallFailed, X {
        HttpPost request = new HttpPost(target.uri());
        headers.forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON));
        AtomicReference<CallFailed.@Nullable Reason> ended = new AtomicReference<>();
        ScheduledFuture<?> deadline = deadlines.schedule(
                () -> end(request, ended, CallFailed.Reason.TIMED_OUT),
                patience.overall().toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            onCancel.accept(() -> end(request, ended, CallFailed.Reason.CANCELLED));
            requireNotEnded(ended);
            exchange(request, maxBody, reading);
            requireNotEnded(ended);
        } catch (IllegalStateException e) {
            // The client's own way to say that the call was ended between two of its steps.
            requireNotEnded(ended);
            throw e;
        } catch (IOException e) {
            requireNotEnded(ended);
            throw new CallFailed(Failures.reason(e));
        } finally {
            deadline.cancel(false);
        }
    }

    private static void end(
            HttpPost request, AtomicReference<CallFailed.@Nullable Reason> ended, CallFailed.Reason reason) {
        ended.compareAndSet(null, reason);
        request.abort();
    }

    private static void requireNotEnded(AtomicReference<CallFailed.@Nullable Reason> ended) throws CallFailed {
        CallFailed.Reason reason = ended.get();
        if (reason != null) {
            throw new CallFailed(reason);
        }
    }

    private <X extends Exception> void exchange(HttpPost request, long maxBody, Reading<X> reading)
            throws IOException, X {
        ClassicHttpResponse response = client().open(request);
        try {
            HttpEntity entity = response.getEntity();
            reading.read(new OutboundAnswer(
                    response.getCode(),
                    contentType(entity),
                    new CappedStream(
                            entity == null ? java.io.InputStream.nullInputStream() : entity.getContent(), maxBody)));
        } finally {
            // Before the response is closed, which else would read the rest of it.
            request.abort();
            close(response);
        }
    }

    /** What is left of an answer was given up above, and closing it finds that out. */
    private static void close(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            LOG.debug("the rest of an answer was given up: {}", e.getMessage());
        }
    }

    private static String contentType(@Nullable HttpEntity entity) {
        ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
        return type == null ? "" : type.getMimeType().toLowerCase(java.util.Locale.ROOT);
    }

    private synchronized OutboundClient client() {
        OutboundClient made = client;
        if (made == null) {
            made = new OutboundClient(names, patience);
            client = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        deadlines.shutdownNow();
        names.close();
        if (client != null) {
            client.close();
        }
    }
}
