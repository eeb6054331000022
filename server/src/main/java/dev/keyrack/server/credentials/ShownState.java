package dev.keyrack.server.credentials;

import dev.keyrack.verifier.Sentence;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key is found under: its state, or expired when it is not revoked and its time is over. Each key has one of these. */
enum ShownState {
    ACTIVE,
    DISABLED,
    EXPIRED,
    REVOKED;

    static final Sentence NAMES = Sentence.of("problem.states");

    /** All but those that are turned off for good. */
    static final List<String> UNREVOKED = List.of(ACTIVE.text(), DISABLED.text(), EXPIRED.text());

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As an index has it: with any other expression it would be of no use. */
    private static final String INDEXED_UNREVOKED = "(CASE WHEN k.state = 'revoked' THEN 1 ELSE 0 END) = 0";

    static boolean is(String text) {
        return Arrays.stream(values()).anyMatch(state -> state.text().equals(text));
    }

    /**
     * The condition for keys in one of these states, to be added to a statement about {@code keys k}; it may have
     * {@code :now}.
     *
     * @param indexed whether an index of the states shall be walked
     */
    static String condition(Set<String> wanted, boolean indexed) {
        if (wanted.equals(Set.copyOf(UNREVOKED))) {
            return " AND " + unrevoked(indexed);
        }
        List<ShownState> states = Arrays.stream(values())
                .filter(state -> wanted.contains(state.text()))
                .toList();
        // Several would break the order of the index, so they are tested row by row.
        boolean lookedUp = indexed && states.size() == 1;
        return states.stream().map(state -> state.alone(lookedUp)).collect(Collectors.joining(" OR ", " AND (", ")"));
    }

    private static String unrevoked(boolean indexed) {
        return indexed ? INDEXED_UNREVOKED : "(k.state || '') <> 'revoked'";
    }

    private String alone(boolean indexed) {
        String column = indexed ? "k.state" : "(k.state || '')";
        return switch (this) {
            case REVOKED -> column + " = 'revoked'";
            case EXPIRED -> unrevoked(indexed) + " AND k.expires_at <= :now";
            case ACTIVE, DISABLED -> column + " = '" + text() + "' AND (k.expires_at IS NULL OR k.expires_at > :now)";
        };
    }
}
