package dev.keyrack.server.http;

import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns whatever an endpoint throws into one of our problems. What is no refusal is a bug: opaque, and logged. */
@RestControllerAdvice
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final ProblemPage page;

    /** @param page for whoever looks at the answer in a browser */
    public Problems(ProblemPage page) {
        this.page = page;
    }

    @ExceptionHandler
    ResponseEntity<?> refusal(ProblemException e, HttpServletRequest request) {
        return answer(e.problem(), request);
    }

    @ExceptionHandler
    ResponseEntity<?> store(StoreFailure e, HttpServletRequest request) {
        LOG.error("the store failed: {}", e.getMessage());
        LOG.debug("why the store failed", e);
        return answer(
                switch (e.reason()) {
                    case FULL -> new Problem.StorageFull(e.says());
                    case BUSY, UNAVAILABLE, UNCONFIRMED, UNCERTAIN -> new Problem.StorageUnavailable(e.says());
                },
                request);
    }

    @ExceptionHandler
    ResponseEntity<?> method(HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
        String[] supported = e.getSupportedMethods();
        List<String> allowed = supported == null ? List.of() : List.of(supported);
        return answer(
                new Problem.MethodNotAllowed(Sentence.of("problem.answers-to", String.join(", ", allowed)), allowed),
                request);
    }

    @ExceptionHandler
    ResponseEntity<?> mediaType(HttpMediaTypeNotSupportedException e, HttpServletRequest request) {
        return answer(
                new Problem.UnsupportedMediaType(Sentence.of(
                        "problem.media-type",
                        e.getSupportedMediaTypes().stream()
                                .map(type -> Sentence.of("problem.media-type.one", type))
                                .reduce((one, other) -> Sentence.of("problem.media-type.or", one, other))
                                .orElseThrow())),
                request);
    }

    @ExceptionHandler
    ResponseEntity<?> notAcceptable(HttpMediaTypeNotAcceptableException e, HttpServletRequest request) {
        return answer(new Problem.NotAcceptable(), request);
    }

    /** Tomcat's, for percent signs that encode no UTF-8, parameters without a name, and forms that are too large. */
    @ExceptionHandler
    ResponseEntity<?> parameters(InvalidParameterException e, HttpServletRequest request) {
        if (e.getErrorCode() == HttpStatus.CONTENT_TOO_LARGE.value()) {
            return answer(new Problem.PayloadTooLarge(Sentence.of("problem.form-large")), request);
        }
        return answer(new Problem.InvalidRequest(Sentence.of("problem.query-unreadable"), List.of()), request);
    }

    @ExceptionHandler({NoResourceFoundException.class, NoHandlerFoundException.class})
    ResponseEntity<?> notFound(Exception e, HttpServletRequest request) {
        return answer(new Problem.NotFound(), request);
    }

    @ExceptionHandler
    ResponseEntity<?> bug(Exception e, HttpServletRequest request) {
        if (e instanceof ErrorResponse response && response.getStatusCode().is4xxClientError()) {
            return answer(new Problem.InvalidRequest(Sentence.of("problem.request-unreadable"), List.of()), request);
        }
        LOG.error("a request failed", e);
        return answer(new Problem.Failed(), request);
    }

    private ResponseEntity<?> answer(Problem problem, HttpServletRequest request) {
        ProblemBody body = ProblemBody.of(problem, Requests.id(request));
        return page.of(problem, body, request).orElseGet(() -> json(problem, body));
    }

    private static ResponseEntity<ProblemBody> json(Problem problem, ProblemBody body) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(body.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        switch (problem) {
            case Problem.Unauthenticated unauthenticated ->
                answer.header("WWW-Authenticate", "Bearer realm=\"keyrack\"");
            case Problem.MethodNotAllowed notAllowed -> answer.header("Allow", String.join(", ", notAllowed.allowed()));
            case Problem.StorageFull full -> answer.header("Retry-After", "60");
            case Problem.StorageUnavailable unavailable -> answer.header("Retry-After", "1");
            case Problem.TooManyTries tries -> answer.header("Retry-After", String.valueOf(tries.seconds()));
            case Problem.Visiting visiting -> {
                if (body.status() == 401) {
                    answer.header("WWW-Authenticate", "Bearer realm=\"keyrack\"");
                }
                if (visiting.seconds() > 0) {
                    answer.header("Retry-After", String.valueOf(visiting.seconds()));
                }
            }
            case Problem.StillRunning running -> answer.header("Retry-After", "1");
            case Problem.InvalidRequest p -> {}
            case Problem.InvalidJson p -> {}
            case Problem.Forbidden p -> {}
            case Problem.NotFound p -> {}
            case Problem.NotAcceptable p -> {}
            case Problem.Conflict p -> {}
            case Problem.IdempotencyKeyReused p -> {}
            case Problem.AnswerGone p -> {}
            case Problem.PreconditionFailed p -> {}
            case Problem.PayloadTooLarge p -> {}
            case Problem.UnsupportedMediaType p -> {}
            case Problem.Failed p -> {}
        }
        return answer.body(body);
    }
}
