package dev.keyrack.server.audit;

import dev.keyrack.verifier.Sentence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a verification found: for each organization the first event that is not as it was, and anchors that are not. */
final class Findings {
    /** More are counted, not kept: whoever replaces a whole database must not fill our memory. */
    private static final int KEPT = 100;

    private final Map<String, Finding> events = new LinkedHashMap<>();
    private final List<Finding> anchors = new ArrayList<>();
    private long more;

    /** Of two in the same trail, the one with the lower number stays; of the same number, the one found first. */
    void event(String organizationId, long number, @Nullable Long at, Finding.Fault fault, Sentence says) {
        Finding finding = new Finding(organizationId, number, at, fault, says);
        Finding known = events.get(organizationId);
        if (known == null && events.size() >= KEPT) {
            more++;
        } else if (known == null || number < Objects.requireNonNull(known.number())) {
            events.put(organizationId, finding);
        }
    }

    /** Whether a fault is known at this number or before it, which is why nothing from there on can fit. */
    boolean before(String organizationId, long number) {
        Finding known = events.get(organizationId);
        return known != null && Objects.requireNonNull(known.number()) <= number;
    }

    void anchor(Sentence says) {
        if (anchors.size() < KEPT) {
            anchors.add(new Finding(null, null, null, Finding.Fault.ANCHOR, says));
        } else {
            more++;
        }
    }

    List<Finding> all() {
        List<Finding> all = new ArrayList<>(events.values());
        all.addAll(anchors);
        return all;
    }

    long more() {
        return more;
    }
}
