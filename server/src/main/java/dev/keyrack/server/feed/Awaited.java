package dev.keyrack.server.feed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that one change waits for: those that were registered before it, and had not ended, when it had been
 * committed. Who registers later has the change before the first yes.
 */
final class Awaited {
    private final long number;
    private final Map<String, NodeRow> pending = new LinkedHashMap<>();
    private final List<String> confirmed = new ArrayList<>();
    private final List<String> expired = new ArrayList<>();

    /** Ends the registration of a node that did not confirm, if all that it was ever granted has run out. */
    interface Ending {
        boolean lapse(NodeRow node);
    }

    /** @param own the registration of this process's own gate, where the change is in force already */
    Awaited(long number, String organizationId, List<NodeRow> live, @Nullable String own) {
        this.number = number;
        for (NodeRow node : live) {
            boolean before = node.registeredAs() < number;
            if (before && node.serves(organizationId) && !node.registration().equals(own)) {
                pending.put(node.registration(), node);
            }
        }
    }

    /**
     * Looks at the nodes again.
     *
     * @param elapsed microseconds since the change was committed, by a clock of this process
     * @param row reads a node that is not among the living any more
     * @return whether nobody is waited for any more
     */
    boolean look(List<NodeRow> live, long elapsed, Ending ending, Function<String, Optional<NodeRow>> row) {
        Map<String, NodeRow> now = new LinkedHashMap<>();
        live.forEach(node -> now.put(node.registration(), node));
        for (NodeRow former : List.copyOf(pending.values())) {
            NodeRow node = now.get(former.registration());
            if (node == null) {
                // Who stopped or registered anew had ceased to say yes; who lapsed was waited for by somebody else.
                pending.remove(former.registration());
                if (row.apply(former.registration())
                        .filter(ended -> "lapsed".equals(ended.endReason()))
                        .isPresent()) {
                    expired.add(former.name());
                }
            } else if (node.applied() >= number) {
                pending.remove(node.registration());
                confirmed.add(node.name());
            } else if (elapsed >= node.longestLease() && ending.lapse(node)) {
                pending.remove(node.registration());
                expired.add(node.name());
            }
        }
        return pending.isEmpty();
    }

    long number() {
        return number;
    }

    List<String> confirmed() {
        return Collections.unmodifiableList(confirmed);
    }

    List<String> expired() {
        return Collections.unmodifiableList(expired);
    }
}
