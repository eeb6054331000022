package dev.keyrack.gate;

import java.util.List;

/**
 * Why a request was not answered with a verdict (RFC 9457). All of it is public text: nothing of what the caller sent
 * stands in it, but for the names of fields.
 *
 * @param kind decides status and code
 * @param errors which parts of the request are to blame
 */
record Problem(Kind kind, String detail, List<At> errors) {

    /** The stable codes, with their status and title. */
    enum Kind {
        MALFORMED_REQUEST(400, "invalid_request", "The request is malformed"),
        VERIFIER_REQUIRED(401, "unauthenticated", "The asker is not known"),
        VERIFIER_REFUSED(401, "unauthenticated", "The asker's key is not good"),
        NOT_FOUND(404, "not_found", "There is nothing here"),
        METHOD_NOT_ALLOWED(405, "method_not_allowed", "The method is not allowed here"),
        BODY_TOO_LARGE(413, "payload_too_large", "The body is too large"),
        TARGET_TOO_LONG(414, "uri_too_long", "The request line is too long"),
        UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", "The content type is not supported"),
        HEADERS_TOO_LARGE(431, "headers_too_large", "The headers are too large"),
        INTERNAL_ERROR(500, "internal_error", "Something went wrong"),
        STALE(503, "stale", "The gate cannot be sure that it knows the latest changes");

        private final int status;
        private final String code;
        private final String title;

        Kind(int status, String code, String title) {
            this.status = status;
            this.code = code;
            this.title = title;
        }

        int status() {
            return status;
        }
    }

    /**
     * One part of the request.
     *
     * @param pointer into a JSON body (RFC 6901), or {@code ?name} for a parameter of a query or form
     */
    record At(String pointer, String detail) {}

    static Problem of(Kind kind, String detail) {
        return new Problem(kind, detail, List.of());
    }

    static Problem malformed(String detail) {
        return of(Kind.MALFORMED_REQUEST, detail);
    }

    static Problem malformedField(String pointer, String detail) {
        return new Problem(
                Kind.MALFORMED_REQUEST, "a field of the body is not right", List.of(new At(pointer, detail)));
    }

    static Problem malformedParameter(String parameter, String detail) {
        return new Problem(
                Kind.MALFORMED_REQUEST, "a parameter is not right", List.of(new At("?" + parameter, detail)));
    }

    ProblemException exception() {
        return new ProblemException(this);
    }

    /** @param oauth whether the caller expects the member {@code error} of OAuth (RFC 6749, 5.2) */
    JsonOut write(JsonOut out, String requestId, boolean oauth) {
        out.raw("{\"type\":\"urn:keyrack:problem:").raw(kind.code).raw("\",\"title\":");
        out.string(kind.title).raw(",\"status\":").number(kind.status).raw(",\"detail\":");
        out.string(detail).raw(",\"code\":\"").raw(kind.code).raw("\",\"requestId\":");
        out.string(requestId);
        out.raw(",\"errors\":[");
        String separator = "";
        for (At at : errors) {
            out.raw(separator).raw("{\"pointer\":").string(at.pointer());
            out.raw(",\"detail\":").string(at.detail()).raw("}");
            separator = ",";
        }
        out.raw("]");
        if (oauth) {
            out.raw(",\"error\":\"").raw(oauthError()).raw("\"");
        }
        return out.raw("}");
    }

    /** RFC 6749, section 5.2. */
    private String oauthError() {
        return switch (kind.status) {
            case 401 -> "invalid_client";
            case 500 -> "server_error";
            case 503 -> "temporarily_unavailable";
            default -> "invalid_request";
        };
    }
}
