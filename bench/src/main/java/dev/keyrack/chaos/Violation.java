package dev.keyrack.chaos;

import java.util.List;
import java.util.Locale;

/**
 * A promise that was not kept, with the shortest history that shows it.
 *
 * @param key whose history it is; empty when it is of the whole installation
 */
record Violation(Promise promise, String key, String explanation, List<Event> evidence) {
    Violation {
        evidence = List.copyOf(evidence);
    }

    String text() {
        StringBuilder text = new StringBuilder("VIOLATION: ").append(promise.text());
        if (!key.isEmpty()) {
            text.append("\n  key ").append(key);
        }
        text.append("\n  ").append(explanation);
        for (Event event : evidence) {
            text.append("\n    ").append(told(event));
        }
        return text.toString();
    }

    private static String told(Event event) {
        String span = String.format(
                Locale.ROOT,
                "%10.3f s – %10.3f s  ",
                event.invoked() / 1e9,
                event.returned() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : event.returned() / 1e9);
        return span
                + switch (event) {
                    case Event.Changed c ->
                        c.deed().name().toLowerCase(Locale.ROOT) + " by " + c.client() + " through " + c.node() + ": "
                                + c.outcome().name().toLowerCase(Locale.ROOT) + " (" + c.status() + ")"
                                + (c.generation() > 0 ? ", generation " + c.generation() : "");
                    case Event.Verified v ->
                        "verify generation " + v.generation() + " at " + v.node() + ": " + v.code();
                    case Event.Disturbed d -> d.what();
                    case Event.Found f ->
                        "found through " + f.node() + ": " + f.state() + ", generation " + f.generation();
                };
    }
}
