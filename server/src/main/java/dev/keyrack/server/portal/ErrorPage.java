package dev.keyrack.server.portal;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemBody;
import dev.keyrack.server.http.ProblemPage;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** A problem as a page: what happened, what to do, and the id that finds it in the log. */
public final class ErrorPage implements ProblemPage {
    private final Pages pages;

    public ErrorPage(Pages pages) {
        this.pages = pages;
    }

    /** What the template shows. */
    public record Model(int status, Sentence title, Sentence detail, String requestId) {}

    @Override
    public Optional<ResponseEntity<?>> of(Problem problem, ProblemBody body, HttpServletRequest request) {
        String path = request.getRequestURI();
        String accept = request.getHeader("Accept");
        if (path.startsWith("/api/") || accept == null || !accept.contains("text/html")) {
            return Optional.empty();
        }
        if (problem instanceof Problem.Unauthenticated) {
            return Optional.of(Pages.go(
                    "/sign-in?done=signed-off&next=" + URLEncoder.encode(Pages.from(request), StandardCharsets.UTF_8)));
        }
        return Optional.of(pages.show(
                request,
                HttpStatus.valueOf(body.status()),
                "portal/error",
                new Model(body.status(), ProblemBody.title(body.code()), problem.says(), body.requestId())));
    }
}
