package dev.keyrack.server.http;

import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a query where none is taken, which is everywhere but on lists: whoever writes {@code DELETE …?dryRun=true} must
 * not be taken at half their word.
 */
public final class QueryCheck implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String query = request.getQueryString();
        boolean takesOne = !(handler instanceof HandlerMethod method)
                || Paged.class.isAssignableFrom(method.getReturnType().getParameterType());
        if (query == null || query.isEmpty() || takesOne) {
            return true;
        }
        List<Problem.FieldError> errors = Arrays.stream(query.split("&", -1))
                .map(parameter -> parameter.replaceFirst("=.*", ""))
                .distinct()
                .map(name -> new Problem.FieldError("?" + name, Sentence.of("problem.not-of-this-address")))
                .toList();
        throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.no-parameters"), errors));
    }
}
