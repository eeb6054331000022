package dev.keyrack.server.http;

import dev.keyrack.verifier.Sentence;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The place in a list after which the next page begins: the sort it belongs to, and the last row's sort values. Opaque to
 * callers, who get it back from us; it grants nothing, since every page is read with the caller's own rights.
 */
public record Cursor(String sort, List<String> values) {
    private static final String SEPARATOR = "\u0000";

    public Cursor {
        values = List.copyOf(values);
    }

    /**
     * A value that was a whole number when we wrote it.
     *
     * @throws ProblemException if the caller made it something else
     */
    public long number(int index) {
        try {
            return Long.parseLong(values.get(index));
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.InvalidRequest.at("?cursor", Sentence.of("problem.cursor")));
        }
    }

    String text() {
        String joined = sort + SEPARATOR + String.join(SEPARATOR, values);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads what {@link Page#next} gave. */
    public static Optional<Cursor> parse(String text) {
        try {
            String joined = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            List<String> parts = List.of(joined.split(SEPARATOR, -1));
            return Optional.of(new Cursor(parts.getFirst(), parts.subList(1, parts.size())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
