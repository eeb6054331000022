package dev.keyrack.server.portal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/** Asks every form for the token of {@link Csrf}, whatever page it is for. */
public final class FormGuard implements HandlerInterceptor {
    private final Pages pages;

    public FormGuard(Pages pages) {
        this.pages = pages;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        switch (request.getMethod()) {
            case "GET", "HEAD", "OPTIONS" -> {}
            default -> pages.requireOwnForm(request);
        }
        return true;
    }
}
