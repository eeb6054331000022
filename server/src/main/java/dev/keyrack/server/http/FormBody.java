package dev.keyrack.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of a form the object that the management API reads, so that both have one set of rules and errors. A field of the
 * form has the name of the field of the object, with dots between objects: {@code restrictions.websites}.
 */
public final class FormBody {
    private final HttpServletRequest request;
    private final ObjectNode object = JsonNodeFactory.instance.objectNode();

    public FormBody(HttpServletRequest request) {
        this.request = request;
    }

    /** A text as it was typed, without outer spaces; missing where the form has no such field. */
    public FormBody text(String field) {
        String value = request.getParameter(field);
        if (value != null) {
            place(field).put(last(field), value.strip());
        }
        return this;
    }

    /** A text; missing where it was left empty. */
    public FormBody textIfTyped(String field) {
        return typed(field) ? text(field) : this;
    }

    /** A text; null where it was left empty, which in a patch removes the value. */
    public FormBody textOrNull(String field) {
        if (!typed(field)) {
            place(field).putNull(last(field));
            return this;
        }
        return text(field);
    }

    /** Whether a check box is ticked. */
    public FormBody bool(String field) {
        place(field).put(last(field), request.getParameter(field) != null);
        return this;
    }

    /** A whole number; what is none goes on as text, and is refused as such. Missing where it was left empty. */
    public FormBody number(String field) {
        String value = request.getParameter(field);
        if (value != null && value.strip().matches("-?[0-9]{1,18}")) {
            place(field).put(last(field), Long.parseLong(value.strip()));
            return this;
        }
        return textIfTyped(field);
    }

    /** A number that may have decimals; null where it was left empty. What is none goes on as text, and is refused as such. */
    public FormBody decimalOrNull(String field) {
        String value = request.getParameter(field);
        if (value != null && value.strip().matches("-?[0-9]{1,9}([.,][0-9]{1,9})?")) {
            place(field).put(last(field), new java.math.BigDecimal(value.strip().replace(',', '.')));
            return this;
        }
        return textOrNull(field);
    }

    /** The lines of a text area, and the values of fields of one name: a list without empty entries. */
    public FormBody list(String field) {
        var list = place(field).putArray(last(field));
        lines(field).forEach(list::add);
        return this;
    }

    /** The lines of a text area as objects, whose fields stand in this order with spaces between them. */
    public FormBody objects(String field, String... fields) {
        var list = place(field).putArray(last(field));
        for (String line : lines(field)) {
            var entry = list.addObject();
            String[] words = line.split("\\s+", fields.length);
            for (int i = 0; i < words.length; i++) {
                entry.put(fields[i], words[i]);
            }
        }
        return this;
    }

    /**
     * The lines of a text area, each a name, {@code =} and a value, as an object.
     *
     * @param before the names that there were: those that are no longer typed become null, which in a patch removes them
     */
    public FormBody entries(String field, Set<String> before) {
        var entries = place(field).putObject(last(field));
        before.forEach(entries::putNull);
        for (String line : lines(field)) {
            int end = line.indexOf('=');
            entries.put(
                    end < 0 ? line : line.substring(0, end).strip(),
                    end < 0 ? "" : line.substring(end + 1).strip());
        }
        return this;
    }

    /** A field with this number. */
    public FormBody put(String field, long value) {
        place(field).put(last(field), value);
        return this;
    }

    /** A field with this value. */
    public FormBody put(String field, String value) {
        place(field).put(last(field), value);
        return this;
    }

    /** A field that is null, which in a patch removes its value. */
    public FormBody putNull(String field) {
        place(field).putNull(last(field));
        return this;
    }

    /** An empty object where there is none yet. */
    public FormBody object(String field) {
        place(field + ".x");
        return this;
    }

    /** Whether something was typed or chosen in this field. */
    public boolean typed(String field) {
        String value = request.getParameter(field);
        return value != null && !value.isBlank();
    }

    private List<String> lines(String field) {
        String[] values = request.getParameterValues(field);
        return values == null
                ? List.of()
                : Arrays.stream(values)
                        .flatMap(String::lines)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    /** The object, to be read like one that was sent to the API. */
    public JsonInput input() {
        return JsonInput.of(object.deepCopy());
    }

    private ObjectNode place(String field) {
        ObjectNode place = object;
        String[] names = field.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            place = place.get(names[i]) instanceof ObjectNode inner ? inner : place.putObject(names[i]);
        }
        return place;
    }

    private static String last(String field) {
        return field.substring(field.lastIndexOf('.') + 1);
    }
}
