package dev.keyrack.server.outbound;

import java.time.Duration;

/**
 * How long a call may take.
 *
 * @param connect for the name, for each connection, and for TLS
 * @param silence before the first byte of the answer, and between any two
 * @param overall from its beginning to its end
 */
public record Patience(Duration connect, Duration silence, Duration overall) {
    public static final Patience USUAL =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(110));
}
