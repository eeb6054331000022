package dev.keyrack.server.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Hands the {@link Caller} to every endpoint and page that names one, before it reads anything else of the request: from a
 * token for the API, from a session for a page; and counts the call when it turns out that the caller may not make it.
 */
public final class CallerResolver implements HandlerMethodArgumentResolver, HandlerInterceptor {
    private static final String CALLER = "keyrack.caller";

    private final Authentication authentication;
    private final PortalSessions sessions;
    private final DeniedCalls denied;

    public CallerResolver(Authentication authentication, PortalSessions sessions, DeniedCalls denied) {
        this.authentication = authentication;
        this.sessions = sessions;
        this.denied = denied;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest received = (HttpServletRequest) request.getNativeRequest();
        // A cookie is no credential for the API: other sites' pages could send it along.
        Caller caller = received.getRequestURI().startsWith("/api/")
                ? authentication.caller(received)
                : sessions.caller(received);
        request.setAttribute(CALLER, caller, RequestAttributes.SCOPE_REQUEST);
        caller.requireActive();
        return caller;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (response.getStatus() == HttpServletResponse.SC_FORBIDDEN
                && request.getAttribute(CALLER) instanceof Caller caller) {
            Member member = caller.member();
            denied.count(
                    request.getRemoteAddr(),
                    new DeniedCalls.Tried(DeniedCalls.Why.NOT_ALLOWED, member == null ? null : member.id()));
        }
    }
}
