package dev.keyrack.gate;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
        MALFORMED_REQUEST(400, "The request is malformed"),
        VERIFIER_REQUIRED(401, "The asker is not known"),
        VERIFIER_REFUSED(401, "The asker's key is not good"),
        NOT_FOUND(404, "There is nothing here"),
        METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
        BODY_TOO_LARGE(413, "The body is too large"),
        TARGET_TOO_LONG(414, "The request line is too long"),
        UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
        HEADERS_TOO_LARGE(431, "The headers are too large"),
        INTERNAL_ERROR(500, "Something went wrong"),
        STALE(503, "The gate cannot be sure that it knows the latest changes");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        int status() {
            return status;
        }
    }

    /**
     * One part of the request.
     *
     * @param pointer into a JSON body (RFC 6901), or nothing
     * @param parameter of a query or form, or nothing
     */
    record At(@Nullable String pointer, @Nullable String parameter, String detail) {}

    static Problem of(Kind kind, String detail) {
        return new Problem(kind, detail, List.of());
    }

    static Problem malformed(String detail) {
        return of(Kind.MALFORMED_REQUEST, detail);
    }

    static Problem malformedField(String pointer, String detail) {
        return new Problem(
                Kind.MALFORMED_REQUEST, "a field of the body is not right", List.of(new At(pointer, null, detail)));
    }

    static Problem malformedParameter(String parameter, String detail) {
        return new Problem(
                Kind.MALFORMED_REQUEST, "a parameter is not right", List.of(new At(null, parameter, detail)));
    }

    ProblemException exception() {
        return new ProblemException(this);
    }

    /** @param oauth whether the caller expects the member {@code error} of OAuth (RFC 6749, 5.2) */
    JsonOut write(JsonOut out, String requestId, boolean oauth) {
        out.raw("{\"type\":\"urn:keyrack:problem:").raw(kind.name()).raw("\",\"title\":");
        out.string(kind.title).raw(",\"status\":").number(kind.status).raw(",\"detail\":");
        out.string(detail).raw(",\"code\":\"").raw(kind.name()).raw("\",\"requestId\":");
        out.string(requestId);
        if (!errors.isEmpty()) {
            out.raw(",\"errors\":");
            String separator = "[";
            for (At at : errors) {
                out.raw(separator).raw("{");
                member(out, "\"pointer\":", at.pointer());
                member(out, "\"parameter\":", at.parameter());
                out.raw("\"detail\":").string(at.detail()).raw("}");
                separator = ",";
            }
            out.raw("]");
        }
        if (oauth) {
            out.raw(",\"error\":\"invalid_request\"");
        }
        return out.raw("}");
    }

    private static void member(JsonOut out, String name, @Nullable String value) {
        if (value != null) {
            out.raw(name).string(value).raw(",");
        }
    }
}
