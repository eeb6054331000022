package dev.keyrack.gate;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Every answer goes out through {@link #end}, which adds what all of them carry. */
final class Exchange {
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
    static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("WWW-Authenticate");
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence ONE = HttpHeaders.createOptimized("1");
    private static final CharSequence VERIFIER_CHALLENGE =
            HttpHeaders.createOptimized("Keyrack-Verifier realm=\"keyrack\"");

    /** What is dropped of an unread body before the connection is cut. */
    private static final long LINGER_BYTES = 16L << 20;

    private final HttpServerRequest request;
    private final Peer peer;
    private final String id;
    private final long startedAt;
    private long answeredAt;
    private boolean unread;
    private boolean oauth;
    private boolean gateway;

    Exchange(HttpServerRequest request, Peer peer, long startedAt) {
        this.request = request;
        this.peer = peer;
        this.startedAt = startedAt;
        MultiMap headers = request.headers();
        this.id = RequestId.of(headers.get(REQUEST_ID));
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        this.unread = length == null ? headers.contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return request.response();
    }

    Peer peer() {
        return peer;
    }

    String id() {
        return id;
    }

    /** From the head of the request to its answer, in nanoseconds. */
    long took() {
        return answeredAt - startedAt;
    }

    /** The whole body was taken in, so that the connection can carry the next request. */
    void bodyRead() {
        unread = false;
    }

    /** Problems are to be readable for clients of OAuth too. */
    void oauth() {
        oauth = true;
    }

    /** A gateway asks: what it might pass on to a visitor must not tell how Keyrack is asked. */
    void forGateway() {
        gateway = true;
    }

    boolean answered() {
        return response().ended();
    }

    void end(int status, @Nullable Buffer body) {
        HttpServerResponse response = response();
        response.setStatusCode(status);
        response.headers().add(HttpHeaders.CACHE_CONTROL, NO_STORE).add(REQUEST_ID, id);
        if (unread) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (body == null) {
            response.end();
        } else {
            response.end(body);
        }
        answeredAt = System.nanoTime();
        if (unread) {
            linger();
        } else {
            peer.answered(answeredAt);
        }
    }

    private void end(Problem.Kind kind, @Nullable Buffer body) {
        HttpServerResponse response = response();
        if (body != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON);
        }
        switch (kind) {
            case VERIFIER_REQUIRED, VERIFIER_REFUSED -> response.putHeader(WWW_AUTHENTICATE, VERIFIER_CHALLENGE);
            case STALE -> response.putHeader(HttpHeaders.RETRY_AFTER, ONE);
            default -> {}
        }
        end(kind.status(), body);
    }

    void problem(Problem problem, JsonOut out) {
        boolean silent =
                gateway && (problem.kind().status() == 401 || problem.kind().status() == 503);
        end(
                problem.kind(),
                silent ? null : problem.write(out.begin(), id, oauth).buffer());
    }

    /**
     * Closes the connection when the client has sent its request whole. Cutting it before would reset it, and the client
     * might never see the answer.
     */
    private void linger() {
        peer.lingers(answeredAt);
        long[] left = {LINGER_BYTES};
        request.handler(chunk -> {
            left[0] -= chunk.length();
            if (left[0] < 0) {
                request.connection().close();
            }
        });
        request.endHandler(end -> request.connection().close());
    }
}
