package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What happened to one key.
 *
 * @param changes in the order in which they were asked for
 * @param verified in the order in which they were asked
 */
record KeyPast(String key, List<Event.Changed> changes, List<Event.Verified> verified, List<Event.Found> found) {

    /** Every key of a history. */
    static List<KeyPast> all(List<Event> events) {
        Map<String, KeyPast> all = new LinkedHashMap<>();
        for (Event event : events) {
            switch (event) {
                case Event.Changed c -> of(all, c.key()).changes.add(c);
                case Event.Verified v -> of(all, v.key()).verified.add(v);
                case Event.Found f -> of(all, f.key()).found.add(f);
                case Event.Disturbed d -> {}
            }
        }
        for (KeyPast past : all.values()) {
            past.changes.sort(Comparator.comparingLong(Event.Changed::invoked));
            past.verified.sort(Comparator.comparingLong(Event.Verified::invoked));
        }
        return List.copyOf(all.values());
    }

    private static KeyPast of(Map<String, KeyPast> all, String key) {
        return all.computeIfAbsent(
                key, name -> new KeyPast(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    }

    /** Changes that happened, or may have. */
    Stream<Event.Changed> possible(Deed... deeds) {
        return changes.stream()
                .filter(c -> c.outcome() != Outcome.REFUSED)
                .filter(c -> deeds.length == 0 || List.of(deeds).contains(c.deed()));
    }

    /** Changes that were acknowledged. */
    Stream<Event.Changed> acknowledged(Deed... deeds) {
        return possible(deeds).filter(c -> c.outcome() == Outcome.OK);
    }

    /** Until when a change may have taken effect: one whose outcome nobody knows may still be under way. */
    static long end(Event.Changed change) {
        return change.outcome() == Outcome.UNKNOWN ? Long.MAX_VALUE : change.returned();
    }
}
