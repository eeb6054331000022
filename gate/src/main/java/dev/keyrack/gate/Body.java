package dev.keyrack.gate;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Takes in the body of a request, up to a limit, and then has it answered. */
final class Body implements Handler<Buffer> {

    /** Answers a request whose body has arrived whole. */
    interface Reader {
        void read(Exchange exchange, byte[] body);
    }

    private final GateLoop loop;
    private final Exchange exchange;
    private final int limit;
    private @Nullable Buffer taken;

    private Body(GateLoop loop, Exchange exchange, int limit) {
        this.loop = loop;
        this.exchange = exchange;
        this.limit = limit;
    }

    /** @throws ProblemException when the head of the request says that the body cannot be taken */
    static void read(GateLoop loop, Exchange exchange, String contentType, int limit, Reader reader) {
        HttpServerRequest request = exchange.request();
        checkType(request.headers().get(HttpHeaders.CONTENT_TYPE), contentType);
        String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        if (length != null && (length.length() > 9 || Integer.parseInt(length) > limit)) {
            throw tooLarge(limit).exception();
        }
        if (request.headers().contains(HttpHeaders.EXPECT, "100-continue", true)) {
            request.response().writeContinue();
        }
        Body body = new Body(loop, exchange, limit);
        request.handler(body);
        request.endHandler(end -> body.whole(reader));
        request.exceptionHandler(body::broken);
    }

    @Override
    public void handle(Buffer chunk) {
        if (exchange.answered()) {
            return;
        }
        int length = chunk.length() + (taken == null ? 0 : taken.length());
        if (length > limit) {
            taken = null;
            loop.refuse(exchange, tooLarge(limit));
        } else {
            taken = taken == null ? chunk : taken.appendBuffer(chunk);
        }
    }

    private void whole(Reader reader) {
        if (exchange.answered()) {
            return;
        }
        exchange.bodyRead();
        loop.guarded(exchange, () -> reader.read(exchange, taken == null ? new byte[0] : taken.getBytes()));
    }

    /** The body's framing is broken, or the client went away; either way the connection is done. */
    private void broken(Throwable cause) {
        if (!exchange.answered()) {
            loop.refuse(exchange, Problem.malformed("the body broke off"));
        }
    }

    private static void checkType(@Nullable String given, String wanted) {
        String type = given == null ? "" : given;
        int parameters = type.indexOf(';');
        String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        if (!media.equalsIgnoreCase(wanted)) {
            throw Problem.of(Problem.Kind.UNSUPPORTED_MEDIA_TYPE, "the body must be " + wanted)
                    .exception();
        }
    }

    private static Problem tooLarge(int limit) {
        return Problem.of(Problem.Kind.BODY_TOO_LARGE, "the body may have at most " + limit + " bytes");
    }
}
