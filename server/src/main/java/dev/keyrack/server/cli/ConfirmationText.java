package dev.keyrack.server.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Tells people who confirmed a change, and whose lease ran out instead, in one way for every command that waits. */
final class ConfirmationText {
    private ConfirmationText() {}

    /** @param confirmation as the API answers it */
    static String of(JsonNode confirmation) {
        List<String> confirmed = names(confirmation.path("confirmedBy"));
        List<String> expired = names(confirmation.path("leaseExpired"));
        StringBuilder text = new StringBuilder(
                confirmed.isEmpty() ? "No node has confirmed it." : "Confirmed by " + list(confirmed) + ".");
        if (expired.size() == 1) {
            text.append(" The lease of ").append(list(expired)).append(" ran out: it refuses every key until it has");
            text.append(" caught up.");
        } else if (!expired.isEmpty()) {
            text.append(" The leases of ").append(list(expired)).append(" ran out: they refuse every key until they");
            text.append(" have caught up.");
        }
        return text.append(" Feed number ")
                .append(confirmation.path("sequence").asLong())
                .append('.')
                .toString();
    }

    private static List<String> names(JsonNode nodes) {
        List<String> names = new ArrayList<>();
        nodes.forEach(node -> names.add(node.asString()));
        return names;
    }

    private static String list(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.getFirst() : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
