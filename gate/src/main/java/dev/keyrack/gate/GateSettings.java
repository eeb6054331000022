package dev.keyrack.gate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a gate listens, whom it trusts and how much it takes from one caller.
 *
 * @param host a name or address of this machine; bound to a loopback address, callers there need no verifier key
 * @param port 0 picks a free one
 * @param trustedNetworks networks in CIDR notation whose callers need no verifier key, and may read the metrics
 * @param maxConnections connections beyond it are closed at once
 * @param idleTime how long a connection may stay open between an answer and the whole head of the next request
 * @param requestTime how long a request may take to arrive once its head is there
 * @param maxBody longest body of a request, in bytes
 * @param maxHeader longest sum of a request's header lines, in bytes
 * @param eventLoops threads that answer
 * @param clientAddress where authorize reads the visitor's address; nothing takes the connection's
 */
public record GateSettings(
        String host,
        int port,
        List<String> trustedNetworks,
        int maxConnections,
        Duration idleTime,
        Duration requestTime,
        int maxBody,
        int maxHeader,
        int eventLoops,
        Optional<ClientAddress> clientAddress) {

    /** @throws IllegalArgumentException with a text for the operator when a value is out of its range */
    public GateSettings {
        trustedNetworks = List.copyOf(trustedNetworks);
        Networks.parse(trustedNetworks);
        check(!host.isBlank(), "a gate needs a host to listen on");
        check(port >= 0 && port <= 65_535, "a port is a number from 0 to 65535");
        check(maxConnections > 0, "a gate needs room for at least one connection");
        check(idleTime.toMillis() >= 10 && requestTime.toMillis() >= 10, "a gate needs times of at least 10 ms");
        check(maxBody > 0 && maxHeader > 0, "a gate needs room for a request");
        check(eventLoops > 0, "a gate needs at least one event loop");
    }

    /** The defaults. */
    public static GateSettings at(String host, int port) {
        return new GateSettings(
                host,
                port,
                List.of(),
                10_000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                16 * 1024,
                16 * 1024,
                Runtime.getRuntime().availableProcessors(),
                Optional.empty());
    }

    public GateSettings atPort(int other) {
        return new GateSettings(
                host,
                other,
                trustedNetworks,
                maxConnections,
                idleTime,
                requestTime,
                maxBody,
                maxHeader,
                eventLoops,
                clientAddress);
    }

    public GateSettings trusting(List<String> networks) {
        return new GateSettings(
                host,
                port,
                networks,
                maxConnections,
                idleTime,
                requestTime,
                maxBody,
                maxHeader,
                eventLoops,
                clientAddress);
    }

    public GateSettings withConnections(int most) {
        return new GateSettings(
                host,
                port,
                trustedNetworks,
                most,
                idleTime,
                requestTime,
                maxBody,
                maxHeader,
                eventLoops,
                clientAddress);
    }

    public GateSettings withTimes(Duration idle, Duration request) {
        return new GateSettings(
                host,
                port,
                trustedNetworks,
                maxConnections,
                idle,
                request,
                maxBody,
                maxHeader,
                eventLoops,
                clientAddress);
    }

    public GateSettings withEventLoops(int loops) {
        return new GateSettings(
                host,
                port,
                trustedNetworks,
                maxConnections,
                idleTime,
                requestTime,
                maxBody,
                maxHeader,
                loops,
                clientAddress);
    }

    /** Reads the visitor's address of authorize from this header. */
    public GateSettings withClientAddress(ClientAddress from) {
        return new GateSettings(
                host,
                port,
                trustedNetworks,
                maxConnections,
                idleTime,
                requestTime,
                maxBody,
                maxHeader,
                eventLoops,
                Optional.of(from));
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
