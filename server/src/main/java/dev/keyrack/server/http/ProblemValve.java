package dev.keyrack.server.http;

import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Tells in our form what the web server refuses by itself, such as a request line that is none. */
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Object id = request.getAttribute(Requests.ID);
        Problem problem = status < 500
                ? new Problem.InvalidRequest("The request cannot be read. Check its form.", List.of())
                : new Problem.Failed();
        ProblemBody body = ProblemBody.of(problem, id == null ? "none" : id.toString());
        byte[] json = JsonMapper.shared()
                .writeValueAsBytes(new ProblemBody(
                        body.type(),
                        body.title(),
                        status,
                        body.detail(),
                        body.code(),
                        body.requestId(),
                        body.errors()));
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
