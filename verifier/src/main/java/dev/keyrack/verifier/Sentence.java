package dev.keyrack.verifier;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a person is told, in no language yet: the key of a text in the message files, and what is put into it.
 *
 * <p>Arguments are numbers, other sentences, and texts, which stand in the message as they are: nothing in them is read as a
 * part of its format.
 */
public record Sentence(String key, List<Object> arguments) {
    public Sentence {
        arguments = List.copyOf(arguments);
    }

    /** What is neither a number nor a sentence is put in as its text. */
    public static Sentence of(String key, Object... arguments) {
        return new Sentence(key, Stream.of(arguments).map(Sentence::argument).toList());
    }

    private static Object argument(Object given) {
        return given instanceof Number || given instanceof Sentence ? given : given.toString();
    }
}
