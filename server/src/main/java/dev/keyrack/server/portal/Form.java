package dev.keyrack.server.portal;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
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
    private final @Nullable String problem;

    private Form(Map<String, List<String>> values, List<Problem.FieldError> errors, @Nullable String problem) {
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
            case Problem.InvalidRequest p -> new Form(values, p.errors(), p.detail());
            case Problem.Conflict p -> new Form(values, p.errors(), p.detail());
            default -> new Form(values, List.of(), wrong.detail());
        };
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
    public List<String> errors(String field) {
        String pointer = "/" + field.replace('.', '/');
        List<String> found = new ArrayList<>();
        for (Problem.FieldError error : errors) {
            if (error.pointer().equals(pointer)) {
                found.add(error.detail());
            } else if (error.pointer().startsWith(pointer + "/")) {
                String entry = entry(field, error.pointer().substring(pointer.length() + 1));
                found.add(entry.isEmpty() ? error.detail() : entry + ": " + error.detail());
            }
        }
        return found;
    }

    /** All that does not fit, wherever it is. */
    public List<String> allErrors() {
        return errors.stream().map(Problem.FieldError::detail).toList();
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
    public @Nullable String problem() {
        return problem;
    }

    /** A value that no other form has, so that sending this one twice does its work once. */
    public String once() {
        String sent = value("once");
        return sent.isEmpty() ? UUID.randomUUID().toString() : sent;
    }
}
