package dev.keyrack.server.http;

import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Tells in our form what the web server refuses by itself, such as a request line that is none. */
public final class ProblemValve extends ErrorReportValve {
    private final Supplier<String> newId;

    /** @param newId names a request that was refused before it got a name */
    public ProblemValve(Supplier<String> newId) {
        this.newId = newId;
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 404 -> new Problem.NotFound();
            case 405 -> new Problem.MethodNotAllowed(Sentence.of("problem.method"), List.of());
            case 413 -> new Problem.PayloadTooLarge(Sentence.of("problem.body-large"));
            default ->
                status < 500
                        ? new Problem.InvalidRequest(Sentence.of("problem.request-unreadable"), List.of())
                        : new Problem.Failed();
        };
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Object known = request.getAttribute(Requests.ID);
        String id = known == null ? newId.get() : known.toString();
        ProblemBody body = ProblemBody.of(problem(status), id);
        byte[] json = JsonMapper.shared()
                .writeValueAsBytes(new ProblemBody(
                        body.type(), body.title(), status, body.detail(), body.code(), id, body.errors()));
        response.setHeader("X-Request-Id", id);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/problem+json");
        response.setContentLength(json.length);
        try {
            response.getOutputStream().write(json);
            response.finishResponse();
        } catch (IOException e) {
            container.getLogger().debug("a refusal could not be written", e);
        }
    }
}
