package dev.keyrack.verifier;

import java.util.List;

/**
 * What a developer adds to a key's websites and networks for some hours, to try it on their own machine. It adds to
 * restrictions that are set, and sets none.
 *
 * @param websites such as {@code http://localhost:3000}
 * @param networks where the developer's requests come from
 * @param until microseconds since 1970 from which it counts no more
 */
public record LocalDevelopment(List<Website> websites, List<Network> networks, long until) {
    public LocalDevelopment {
        websites = List.copyOf(websites);
        networks = List.copyOf(networks);
    }
}
