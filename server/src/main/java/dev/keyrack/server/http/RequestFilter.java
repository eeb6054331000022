package dev.keyrack.server.http;

import dev.keyrack.gate.ClientAddress;
import dev.keyrack.verifier.Network;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The outermost filter: gives every request its id, every answer its security headers, and notes how it went in log and
 * metrics. Neither ever holds a header, a query or a body.
 */
public final class RequestFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger("dev.keyrack.access");

    private final transient MeterRegistry metrics;
    private final transient Supplier<String> newId;
    private final transient Optional<ClientAddress> clientAddress;
    private final boolean https;

    /**
     * @param clientAddress where trusted proxies tell the client's address; nothing takes the connection's
     * @param https whether people reach the control plane by HTTPS
     */
    public RequestFilter(
            MeterRegistry metrics, Supplier<String> newId, Optional<ClientAddress> clientAddress, boolean https) {
        this.https = https;
        this.metrics = metrics;
        this.newId = newId;
        this.clientAddress = clientAddress;
    }

    @Override
    protected void doFilter(HttpServletRequest received, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (received.getCharacterEncoding() == null) {
            // Forms come in the encoding of the page that they stand on, and do not say so (WHATWG URL, section 5).
            received.setCharacterEncoding("UTF-8");
        }
        HttpServletRequest request = fromClient(received);
        String id = Requests.acceptableId(request.getHeader("X-Request-Id")).orElseGet(newId);
        request.setAttribute(Requests.ID, id);
        response.setHeader("X-Request-Id", id);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Frame-Options", "DENY");
        if (https) {
            // A year. Other hosts of the same domain are not ours to speak for.
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        // The few pages that may do more say so themselves.
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        MDC.put("requestId", id);
        long started = System.nanoTime();
        try {
            chain.doFilter(request, response);
        } finally {
            note(request, response, System.nanoTime() - started);
            MDC.remove("requestId");
        }
    }

    /** The request as from the client's own address, where a trusted proxy tells one. */
    private HttpServletRequest fromClient(HttpServletRequest request) {
        String told = clientAddress
                .map(from -> from.in(Collections.list(request.getHeaders(from.header()))))
                .filter(address -> address.indexOf('/') < 0)
                .flatMap(Network::parse)
                .map(Network::text)
                .orElse(null);
        String peer = request.getRemoteAddr();
        request.setAttribute(Requests.PEER, peer);
        if (told == null) {
            if (clientAddress.isEmpty() && !Requests.forwarded(request)) {
                request.setAttribute(Requests.KNOWN_ADDRESS, peer);
            }
            return request;
        }
        request.setAttribute(Requests.KNOWN_ADDRESS, told);
        return new HttpServletRequestWrapper(request) {
            @Override
            public String getRemoteAddr() {
                return told;
            }
        };
    }

    private void note(HttpServletRequest request, HttpServletResponse response, long nanos) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String route = pattern == null ? "other" : pattern.toString();
        Timer.builder("keyrack.http.requests")
                .description("Requests to the control plane")
                .tag("method", knownMethod(request.getMethod()))
                .tag("route", route)
                .tag("status", String.valueOf(response.getStatus()))
                .register(metrics)
                .record(nanos, TimeUnit.NANOSECONDS);
        LOG.atInfo()
                .addKeyValue("method", knownMethod(request.getMethod()))
                .addKeyValue("route", route)
                .addKeyValue("status", response.getStatus())
                .addKeyValue("micros", nanos / 1_000)
                .addKeyValue("address", request.getRemoteAddr())
                .log("request");
    }

    /** A caller chooses the method's name, so only names that mean something become a label. */
    private static String knownMethod(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
        };
    }
}
