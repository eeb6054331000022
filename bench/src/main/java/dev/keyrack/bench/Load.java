package dev.keyrack.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link LoadGenerator} is to send, where to, for how long, and what must come back.
 *
 * @param requests sent in turn, each a whole request in bytes
 * @param contentLength of every answer, in bytes: a verdict in a body is told from another by its length
 * @param warmUp time before the window, in which answers are checked but not counted
 */
record Load(
        InetSocketAddress server,
        List<byte[]> requests,
        int status,
        int contentLength,
        int connections,
        Duration warmUp,
        Duration window) {
    Load {
        requests = List.copyOf(requests);
        if (requests.isEmpty() || connections < 1) {
            throw new IllegalArgumentException("a load has at least one request and one connection");
        }
    }
}
