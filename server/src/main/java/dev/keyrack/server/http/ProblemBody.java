package dev.keyrack.server.http;

import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;
import java.util.List;

/** A problem as it is sent: RFC 9457, with a stable code, the request's id and the fields that do not fit. */
public record ProblemBody(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String requestId,
        List<Problem.FieldError> errors) {

    /** The keys of the titles begin with this, and end with the code. */
    public static final String TITLE = "problem.title.";

    public static ProblemBody of(Problem problem, String requestId) {
        return switch (problem) {
            case Problem.InvalidRequest p -> body(p, 400, "invalid_request", requestId, p.errors());
            case Problem.InvalidJson p -> body(p, 400, "invalid_json", requestId, List.of());
            case Problem.Unauthenticated p -> body(p, 401, "unauthenticated", requestId, List.of());
            case Problem.Forbidden p -> body(p, 403, "forbidden", requestId, List.of());
            case Problem.NotFound p -> body(p, 404, "not_found", requestId, List.of());
            case Problem.MethodNotAllowed p -> body(p, 405, "method_not_allowed", requestId, List.of());
            case Problem.NotAcceptable p -> body(p, 406, "not_acceptable", requestId, List.of());
            case Problem.Conflict p -> body(p, 409, "conflict", requestId, p.errors());
            case Problem.StillRunning p -> body(p, 409, "still_running", requestId, List.of());
            case Problem.IdempotencyKeyReused p -> body(p, 422, "idempotency_key_reused", requestId, List.of());
            case Problem.AnswerGone p -> body(p, 410, "answer_gone", requestId, List.of());
            case Problem.PreconditionFailed p -> body(p, 412, "precondition_failed", requestId, List.of());
            case Problem.PayloadTooLarge p -> body(p, 413, "payload_too_large", requestId, List.of());
            case Problem.UnsupportedMediaType p -> body(p, 415, "unsupported_media_type", requestId, List.of());
            case Problem.TooManyTries p -> body(p, 429, "too_many_tries", requestId, List.of());
            case Problem.Visiting p -> body(p, p.code().status(), p.code().name(), requestId, List.of());
            case Problem.Failed p -> body(p, 500, "internal_error", requestId, List.of());
            case Problem.StorageFull p -> body(p, 503, "storage_full", requestId, List.of());
            case Problem.StorageUnavailable p -> body(p, 503, "storage_unavailable", requestId, List.of());
        };
    }

    private static ProblemBody body(
            Problem problem, int status, String code, String requestId, List<Problem.FieldError> errors) {
        return new ProblemBody(
                "urn:keyrack:problem:" + code,
                Texts.english().text(title(code)),
                status,
                problem.detail(),
                code,
                requestId,
                errors);
    }

    /** What a problem of this code is called. */
    public static Sentence title(String code) {
        return new Sentence(TITLE + code, List.of());
    }
}
