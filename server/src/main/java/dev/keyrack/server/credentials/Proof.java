package dev.keyrack.server.credentials;

import dev.keyrack.server.feed.Confirmation;
import dev.keyrack.server.http.Times;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The proof that a change is in force, as pages show it.
 *
 * @param at since when, in microseconds since 1970
 * @param took how long that took from when it was asked for, in milliseconds
 * @param confirmedBy the nodes that said so
 * @param leaseExpired the nodes that could not be reached, and say yes no more
 */
public record Proof(long at, long took, List<String> confirmedBy, List<String> leaseExpired) {
    public Proof {
        confirmedBy = List.copyOf(confirmedBy);
        leaseExpired = List.copyOf(leaseExpired);
    }

    /** @param asked when the change was asked for, in microseconds since 1970 */
    public static Proof of(Confirmation confirmation, long asked) {
        long at = Times.micros(confirmation.at());
        return new Proof(
                at, Math.max(0, (at - asked) / 1_000), confirmation.confirmedBy(), confirmation.leaseExpired());
    }

    /** The proof that both are in force. */
    Proof and(Proof other) {
        return new Proof(
                Math.max(at, other.at),
                Math.max(took, other.took),
                both(confirmedBy, other.confirmedBy),
                both(leaseExpired, other.leaseExpired));
    }

    private static List<String> both(List<String> some, List<String> others) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return new ArrayList<>(all);
    }
}
