package dev.keyrack.gate;

import inet.ipaddr.IPAddress;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom a gate trusts by where they call from: on a loopback address its neighbours on the machine, elsewhere only the
 * networks that the operator named.
 */
final class Trust {
    private static final String FORWARDED = "Forwarded";
    private static final String VIA = "Via";
    private static final String X_FORWARDED = "X-Forwarded-";

    private final boolean loopbackOnly;
    private final Networks networks;

    /** @param bound the address that is really listened on */
    Trust(InetAddress bound, Networks networks) {
        this.loopbackOnly = bound.isLoopbackAddress();
        this.networks = networks;
    }

    /**
     * What a connection may do by its origin alone.
     *
     * @param keyless counts as the operator without a verifier key
     * @param metrics may read the metrics
     */
    record Of(boolean keyless, boolean metrics) {}

    Of of(@Nullable String address) {
        IPAddress peer = Networks.address(address);
        boolean loopback = peer != null && peer.isLoopback();
        boolean named = networks.contain(peer);
        return new Of(named || (loopbackOnly && loopback), named || loopback);
    }

    /**
     * Whether a proxy says that it passed this request on, so that its origin is not the connection's. Such a request is
     * what a stranger on the Internet sends through a web server of this machine.
     */
    static boolean forwarded(HttpServerRequest request) {
        MultiMap headers = request.headers();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (name.regionMatches(true, 0, X_FORWARDED, 0, X_FORWARDED.length())
                    || name.equalsIgnoreCase(FORWARDED)
                    || name.equalsIgnoreCase(VIA)) {
                return true;
            }
        }
        return false;
    }

    /** For the operator, at the start. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (loopbackOnly) {
            lines.add("callers on this machine may verify every key without a verifier key");
        }
        if (!networks.isEmpty()) {
            lines.add("callers in " + networks + " may verify every key without a verifier key, and read the metrics");
        }
        if (lines.isEmpty()) {
            lines.add("nobody is trusted without a verifier key in the header " + Askers.HEADER);
        } else {
            lines.add(
                    "but not to /v1/verify and /v1/introspect through a proxy that says so (Forwarded, X-Forwarded-*, Via)");
        }
        return List.copyOf(lines);
    }
}
