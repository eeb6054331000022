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
 * @param bounds how much it takes
 * @param eventLoops threads that answer
 * @param clientAddress where authorize reads the visitor's address; nothing takes the connection's
 */
public record GateSettings(
        String host,
        int port,
        List<String> trustedNetworks,
        GateBounds bounds,
        int eventLoops,
        Optional<ClientAddress> clientAddress) {

    /** @throws IllegalArgumentException with a text for the operator when a value is out of its range */
    public GateSettings {
        trustedNetworks = List.copyOf(trustedNetworks);
        Networks.parse(trustedNetworks);
        check(!host.isBlank(), "a gate needs a host to listen on");
        check(port >= 0 && port <= 65_535, "a port is a number from 0 to 65535");
        check(eventLoops > 0, "a gate needs at least one event loop");
    }

    /** The defaults. */
    public static GateSettings at(String host, int port) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new GateSettings(host, port, List.of(), GateBounds.DEFAULT, processors, Optional.empty());
    }

    public GateSettings atPort(int other) {
        return new GateSettings(host, other, trustedNetworks, bounds, eventLoops, clientAddress);
    }

    public GateSettings trusting(List<String> networks) {
        return new GateSettings(host, port, networks, bounds, eventLoops, clientAddress);
    }

    public GateSettings withConnections(int most) {
        return with(bounds.withConnections(most));
    }

    public GateSettings withTimes(Duration idle, Duration request) {
        return with(bounds.withTimes(idle, request));
    }

    private GateSettings with(GateBounds other) {
        return new GateSettings(host, port, trustedNetworks, other, eventLoops, clientAddress);
    }

    public GateSettings withEventLoops(int loops) {
        return new GateSettings(host, port, trustedNetworks, bounds, loops, clientAddress);
    }

    /** Reads the visitor's address of authorize from this header. */
    public GateSettings withClientAddress(ClientAddress from) {
        return new GateSettings(host, port, trustedNetworks, bounds, eventLoops, Optional.of(from));
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
