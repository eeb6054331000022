package dev.keyrack.server.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused. The public text comes from here alone.
 *
 * <p>Rendered as RFC 9457 by {@link ProblemBody}; the codes are stable.
 */
public sealed interface Problem {
    Sentence says();

    /** What it says, as the API answers it. */
    default String detail() {
        return Texts.english().text(says());
    }

    /** The request does not fit; each error says where. */
    record InvalidRequest(Sentence says, List<FieldError> errors) implements Problem {
        public InvalidRequest {
            errors = List.copyOf(errors);
        }

        /** One error, at this JSON pointer or {@code ?parameter}. */
        public static InvalidRequest at(String pointer, Sentence says) {
            return new InvalidRequest(Sentence.of("problem.one-field", says), List.of(new FieldError(pointer, says)));
        }
    }

    /** The body is not one JSON object in UTF-8. */
    record InvalidJson(Sentence says) implements Problem {}

    record Unauthenticated(Sentence says) implements Problem {}

    record Forbidden(Sentence says) implements Problem {}

    /** The same for what does not exist and for what the caller may not see. */
    record NotFound() implements Problem {
        @Override
        public Sentence says() {
            return Sentence.of("problem.nothing-here");
        }
    }

    record MethodNotAllowed(Sentence says, List<String> allowed) implements Problem {
        public MethodNotAllowed {
            allowed = List.copyOf(allowed);
        }
    }

    record NotAcceptable() implements Problem {
        @Override
        public Sentence says() {
            return Sentence.of("problem.json-only");
        }
    }

    /** The state of things does not allow it; an error says where, when it is a field's. */
    record Conflict(Sentence says, List<FieldError> errors) implements Problem {
        public Conflict {
            errors = List.copyOf(errors);
        }

        public Conflict(Sentence says) {
            this(says, List.of());
        }

        /** One field whose value others have already. */
        public static Conflict at(String pointer, Sentence says) {
            return new Conflict(Sentence.of("problem.one-field", says), List.of(new FieldError(pointer, says)));
        }
    }

    /** The call under this Idempotency-Key is being carried out at this moment. */
    record StillRunning() implements Problem {
        @Override
        public Sentence says() {
            return Sentence.of("problem.still-running");
        }
    }

    /** The Idempotency-Key stands for a call with another body. */
    record IdempotencyKeyReused() implements Problem {
        @Override
        public Sentence says() {
            return Sentence.of("problem.idempotency-key-reused");
        }
    }

    /** The call under this Idempotency-Key was carried out, and its answer cannot be given again. */
    record AnswerGone(Sentence says) implements Problem {}

    record PreconditionFailed(Sentence says) implements Problem {}

    record PayloadTooLarge(Sentence says) implements Problem {}

    record UnsupportedMediaType(Sentence says) implements Problem {}

    /**
     * Guessing is slowed down.
     *
     * @param seconds until it may be tried again
     */
    record TooManyTries(Sentence says, long seconds) implements Problem {}

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
        public Sentence says() {
            return text == null ? code.says() : Sentence.of("problem.visitors-own", text);
        }
    }

    record StorageFull(Sentence says) implements Problem {}

    record StorageUnavailable(Sentence says) implements Problem {}

    /** A bug on our side; the request id finds the log line. */
    record Failed() implements Problem {
        @Override
        public Sentence says() {
            return Sentence.of("problem.failed");
        }
    }

    /** @param pointer RFC 6901 into the body, {@code ?name} for a query parameter, or the name of a header */
    record FieldError(String pointer, @JsonIgnore Sentence says) {
        /** What it says, as the API answers it. */
        @JsonProperty
        public String detail() {
            return Texts.english().text(says);
        }
    }
}
