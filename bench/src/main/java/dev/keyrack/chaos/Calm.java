package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When which node was left alone. */
final class Calm {
    private final Map<String, List<Event.Disturbed>> disturbed = new HashMap<>();
    private final long settling;

    /** @param settling how long a node may take to be well again after a fault, in nanoseconds */
    Calm(List<Event> events, long settling) {
        this.settling = settling;
        for (Event event : events) {
            if (event instanceof Event.Disturbed d) {
                d.nodes()
                        .forEach(node -> disturbed
                                .computeIfAbsent(node, n -> new ArrayList<>())
                                .add(d));
            }
        }
        disturbed.values().forEach(all -> all.sort(Comparator.comparingLong(Event.Disturbed::invoked)));
    }

    /** Whether the node had no fault during this time, nor so shortly before that it may still have been settling. */
    boolean at(String node, long from, long until) {
        for (Event.Disturbed d : disturbed.getOrDefault(node, List.of())) {
            if (d.invoked() > until) {
                return true;
            }
            if (d.returned() == Long.MAX_VALUE || d.returned() + settling > from) {
                return false;
            }
        }
        return true;
    }
}
