package dev.keyrack.server.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused. The public text comes from here alone.
 *
 * <p>Rendered as RFC 9457 by {@link ProblemBody}; the codes are stable.
 */
public sealed interface Problem {
    String detail();

    /** The request does not fit; each error says where. */
    record InvalidRequest(String detail, List<FieldError> errors) implements Problem {
        public InvalidRequest {
            errors = List.copyOf(errors);
        }

        /** One error, at this JSON pointer or {@code ?parameter}. */
        public static InvalidRequest at(String pointer, String detail) {
            return new InvalidRequest("One field does not fit: " + detail, List.of(new FieldError(pointer, detail)));
        }
    }

    /** The body is not one JSON object in UTF-8. */
    record InvalidJson(String detail) implements Problem {}

    record Unauthenticated(String detail) implements Problem {}

    record Forbidden(String detail) implements Problem {}

    /** The same for what does not exist and for what the caller may not see. */
    record NotFound() implements Problem {
        @Override
        public String detail() {
            return "There is nothing at this address that you may see.";
        }
    }

    record MethodNotAllowed(String detail, List<String> allowed) implements Problem {
        public MethodNotAllowed {
            allowed = List.copyOf(allowed);
        }
    }

    record NotAcceptable() implements Problem {
        @Override
        public String detail() {
            return "Answers are application/json; ask for that or for */* in Accept.";
        }
    }

    /** The state of things does not allow it; an error says where, when it is a field's. */
    record Conflict(String detail, List<FieldError> errors) implements Problem {
        public Conflict {
            errors = List.copyOf(errors);
        }

        public Conflict(String detail) {
            this(detail, List.of());
        }

        /** One field whose value others have already. */
        public static Conflict at(String pointer, String detail) {
            return new Conflict("One field does not fit: " + detail, List.of(new FieldError(pointer, detail)));
        }
    }

    /** The call under this Idempotency-Key is being carried out at this moment. */
    record StillRunning() implements Problem {
        @Override
        public String detail() {
            return "A call with this Idempotency-Key is being carried out. Send it again in a second to get its answer.";
        }
    }

    /** The Idempotency-Key stands for a call with another body. */
    record IdempotencyKeyReused() implements Problem {
        @Override
        public String detail() {
            return "This Idempotency-Key was sent with another body. Nothing was changed: send the same body, or another"
                    + " Idempotency-Key.";
        }
    }

    /** The call under this Idempotency-Key was carried out, and its answer cannot be given again. */
    record AnswerGone(String detail) implements Problem {}

    record PreconditionFailed(String detail) implements Problem {}

    record PayloadTooLarge(String detail) implements Problem {}

    record UnsupportedMediaType(String detail) implements Problem {}

    /**
     * Guessing is slowed down.
     *
     * @param seconds until it may be tried again
     */
    record TooManyTries(String detail, long seconds) implements Problem {}

    /**
     * What a visitor may not do, or not now.
     *
     * @param text what its key's people wrote for this case; nothing takes the code's
     * @param seconds until when it may be tried again; 0 where waiting does not help
     */
    record Visiting(VisitorCode code, @Nullable String text, long seconds) implements Problem {
        public Visiting(VisitorCode code) {
            this(code, null, 0);
        }

        @Override
        public String detail() {
            return text == null ? code.detail() : text;
        }
    }

    record StorageFull(String detail) implements Problem {}

    record StorageUnavailable(String detail) implements Problem {}

    /** A bug on our side; the request id finds the log line. */
    record Failed() implements Problem {
        @Override
        public String detail() {
            return "Keyrack failed to answer this. Tell its operator the request id, which finds the reason in the log.";
        }
    }

    /** @param pointer RFC 6901 into the body, {@code ?name} for a query parameter, or the name of a header */
    record FieldError(String pointer, String detail) {}
}
