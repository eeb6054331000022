package dev.keyrack.server.http;

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

    public static ProblemBody of(Problem problem, String requestId) {
        return switch (problem) {
            case Problem.InvalidRequest p ->
                body(p, 400, "invalid_request", "The request does not fit", requestId, p.errors());
            case Problem.InvalidJson p ->
                body(p, 400, "invalid_json", "The body is not valid JSON", requestId, List.of());
            case Problem.Unauthenticated p ->
                body(p, 401, "unauthenticated", "No valid credential", requestId, List.of());
            case Problem.Forbidden p -> body(p, 403, "forbidden", "Not allowed", requestId, List.of());
            case Problem.NotFound p -> body(p, 404, "not_found", "Not found", requestId, List.of());
            case Problem.MethodNotAllowed p ->
                body(p, 405, "method_not_allowed", "Method not allowed", requestId, List.of());
            case Problem.NotAcceptable p -> body(p, 406, "not_acceptable", "Not acceptable", requestId, List.of());
            case Problem.Conflict p -> body(p, 409, "conflict", "Not possible in this state", requestId, p.errors());
            case Problem.StillRunning p -> body(p, 409, "still_running", "Still running", requestId, List.of());
            case Problem.IdempotencyKeyReused p ->
                body(p, 422, "idempotency_key_reused", "The Idempotency-Key is in use", requestId, List.of());
            case Problem.AnswerGone p -> body(p, 410, "answer_gone", "The answer is gone", requestId, List.of());
            case Problem.PreconditionFailed p ->
                body(p, 412, "precondition_failed", "Changed in the meantime", requestId, List.of());
            case Problem.PayloadTooLarge p ->
                body(p, 413, "payload_too_large", "The body is too large", requestId, List.of());
            case Problem.UnsupportedMediaType p ->
                body(p, 415, "unsupported_media_type", "Unsupported media type", requestId, List.of());
            case Problem.TooManyTries p -> body(p, 429, "too_many_tries", "Too many tries", requestId, List.of());
            case Problem.Visiting p ->
                body(p, p.code().status(), p.code().name(), p.code().title(), requestId, List.of());
            case Problem.Failed p -> body(p, 500, "internal_error", "Keyrack failed", requestId, List.of());
            case Problem.StorageFull p -> body(p, 503, "storage_full", "The disk is full", requestId, List.of());
            case Problem.StorageUnavailable p ->
                body(p, 503, "storage_unavailable", "The store is out of reach", requestId, List.of());
        };
    }

    private static ProblemBody body(
            Problem problem, int status, String code, String title, String requestId, List<Problem.FieldError> errors) {
        return new ProblemBody("urn:keyrack:problem:" + code, title, status, problem.detail(), code, requestId, errors);
    }
}
