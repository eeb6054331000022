package dev.keyrack.gate;

import java.time.Duration;

/**
 * How much a gate takes from callers.
 *
 * @param maxConnections connections beyond it are closed at once
 * @param idleTime how long a connection may stay open between an answer and the whole head of the next request
 * @param requestTime how long a request may take to arrive once its head is there
 * @param maxBody longest body of a request, in bytes
 * @param maxHeader longest sum of a request's header lines, in bytes
 */
public record GateBounds(int maxConnections, Duration idleTime, Duration requestTime, int maxBody, int maxHeader) {
    static final GateBounds DEFAULT =
            new GateBounds(10_000, Duration.ofSeconds(60), Duration.ofSeconds(30), 16 * 1024, 16 * 1024);

    /** @throws IllegalArgumentException with a text for the operator when a value is out of its range */
    public GateBounds {
        GateSettings.check(maxConnections > 0, "a gate needs room for at least one connection");
        GateSettings.check(
                idleTime.toMillis() >= 10 && requestTime.toMillis() >= 10, "a gate needs times of at least 10 ms");
        GateSettings.check(maxBody > 0 && maxHeader > 0, "a gate needs room for a request");
    }

    GateBounds withConnections(int most) {
        return new GateBounds(most, idleTime, requestTime, maxBody, maxHeader);
    }

    GateBounds withTimes(Duration idle, Duration request) {
        return new GateBounds(maxConnections, idle, request, maxBody, maxHeader);
    }
}
