package dev.keyrack.server.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * Lets the pages of other sites read what visitors are answered, problems too (Fetch, section 3.2). It lets nobody do
 * anything: each endpoint asks the key whether the page may.
 *
 * <p>Guarantee: the answer names the one origin that asked, never all, and no cookie goes along.
 */
public final class VisitorCors extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String PATH = "/assistant/v1";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        if (!path.equals(PATH) && !path.startsWith(PATH + "/")) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Vary", "Origin");
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (origins.size() == 1) {
            response.setHeader("Access-Control-Allow-Origin", origins.getFirst());
            response.setHeader("Access-Control-Expose-Headers", "ETag, Retry-After");
        }
        if (request.getMethod().equals("OPTIONS")) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
            response.setHeader(
                    "Access-Control-Allow-Headers", "authorization, content-type, idempotency-key, last-event-id");
            response.setHeader("Access-Control-Max-Age", "7200");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        chain.doFilter(request, response);
    }
}
