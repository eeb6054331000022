package dev.keyrack.server.portal;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the fields of a form, and what does not fit of it. A form that fails is shown again with what was typed;
 * templates leave out passwords.
 */
public final class Form {
    private final Map<String, List<String>> values;
    private final List<Problem.FieldError> errors;
    private final @Nullable Sentence problem;

    private Form(Map<String, List<String>> values, List<Problem.FieldError> errors, @Nullable Sentence problem) {
        this.values = values;
        this.errors = errors;
        this.problem = problem;
    }

    /** A form with these values: one for each field. */
    public static Form of(Map<String, String> values) {
        Map<String, List<String>> all = new HashMap<>();
        values.forEach((name, value) -> all.put(name, List.of(value)));
        return new Form(all, List.of(), null);
    }

    /** A form whose fields can have several values. */
    public static Form ofMany(Map<String, List<String>> values) {
        return new Form(new HashMap<>(values), List.of(), null);
    }

    /** A form as it was sent, or as the query fills it. */
    public static Form of(HttpServletRequest request) {
        Map<String, List<String>> all = new HashMap<>();
        request.getParameterMap().forEach((name, given) -> all.put(name, List.of(given)));
        return new Form(all, List.of(), null);
    }

    /** The same form with what was wrong with it. */
    public Form with(Problem wrong) {
        return switch (wrong) {
            case Problem.InvalidRequest p -> new Form(values, forPeople(p.errors()), forPeople(p.says()));
            case Problem.Conflict p -> new Form(values, forPeople(p.errors()), forPeople(p.says()));
            default -> new Form(values, List.of(), forPeople(wrong.says()));
        };
    }

    private static List<Problem.FieldError> forPeople(List<Problem.FieldError> errors) {
        return errors.stream()
                .map(error -> new Problem.FieldError(error.pointer(), forPeople(error.says())))
                .toList();
    }

    /** Where the API speaks of its fields and addresses, a form has a text of its own: the same key after {@code form.}. */
    private static Sentence forPeople(Sentence says) {
        Sentence own = new Sentence("form." + says.key(), says.arguments());
        return Texts.english().has(own.key()) ? own : says;
    }

    /**
     * The same form with what its reader can put right.
     *
     * @throws ProblemException with everything else
     */
    public Form with(ProblemException refused) {
        return switch (refused.problem()) {
            case Problem.InvalidRequest p -> with((Problem) p);
            case Problem.Conflict p -> with((Problem) p);
            default -> throw refused;
        };
    }

    /** The same form with another value in a field. */
    public Form with(String name, String value) {
        Map<String, List<String>> all = new HashMap<>(values);
        all.put(name, List.of(value));
        return new Form(all, errors, problem);
    }

    /** What stands in a field; empty where it has nothing. */
    public String value(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? "" : all.getFirst();
    }

    /** All that stands in fields of this name. */
    public List<String> values(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether this value is chosen. */
    public boolean has(String name, String value) {
        return values.getOrDefault(name, List.of()).contains(value);
    }

    /** Whether a check box is ticked. */
    public boolean ticked(String name) {
        return values.containsKey(name);
    }

    /** What does not fit in a field, and in what it is made of; empty where all fits. */
    public List<Sentence> errors(String field) {
        return errors.stream()
                .filter(error -> isOf(field, error))
                .map(error -> told(field, error))
                .toList();
    }

    /** With the line that it is about, where the field is a list. */
    private Sentence told(String field, Problem.FieldError error) {
        String pointer = pointer(field);
        String entry = error.pointer().equals(pointer)
                ? ""
                : entry(field, error.pointer().substring(pointer.length() + 1));
        return entry.isEmpty() ? error.says() : Sentence.of("problem.entry", entry, error.says());
    }

    /**
     * Something that does not fit.
     *
     * @param label the text that names its field; nothing where the form has none for it
     * @param row where a form has numbered rows, that of the field, from 1 on; else 0
     */
    public record Unfit(String field, @Nullable String label, int row, Sentence says) {}

    /**
     * All that does not fit, with what the form calls it.
     *
     * @param labels the texts of the form's labels, by the names of its fields
     */
    public List<Unfit> unfit(Map<String, String> labels) {
        return errors.stream()
                .map(error -> labels.keySet().stream()
                        .filter(field -> isOf(field, error))
                        .max(Comparator.comparing(String::length))
                        .map(field -> new Unfit(field, labels.get(field), row(field), told(field, error)))
                        .orElseGet(() -> new Unfit("", null, 0, error.says())))
                .toList();
    }

    private static int row(String field) {
        String last = field.substring(field.lastIndexOf('.') + 1);
        return last.matches("[0-9]{1,6}") ? Integer.parseInt(last) + 1 : 0;
    }

    private static boolean isOf(String field, Problem.FieldError error) {
        String pointer = pointer(field);
        return error.pointer().equals(pointer) || error.pointer().startsWith(pointer + "/");
    }

    private static String pointer(String field) {
        return "/" + field.replace('.', '/');
    }

    /** The line that an error in a list is about. */
    private String entry(String field, String rest) {
        String number = rest.replaceFirst("/.*", "");
        if (!number.matches("[0-9]{1,6}")) {
            return "";
        }
        List<String> lines = values(field).stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        int index = Integer.parseInt(number);
        return index < lines.size() ? lines.get(index) : "";
    }

    /** What is wrong with the form as a whole; nothing where nothing is. */
    public @Nullable Sentence problem() {
        return problem;
    }

    /** A value that no other form has, so that sending this one twice does its work once. */
    public String once() {
        String sent = value("once");
        return sent.isEmpty() ? UUID.randomUUID().toString() : sent;
    }
}
