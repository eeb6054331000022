package dev.keyrack.server.http;

import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object from a caller, read strictly.
 *
 * <p>Each reading method notes what does not fit and goes on, so that one answer names every error by its pointer. After
 * {@link #finish} returned, everything that was read fits and no field was left unread; before, values that did not fit
 * are placeholders.
 */
public final class JsonInput {
    /** How many errors are told: a body of nothing but errors must not be answered by something larger. */
    private static final int MAX_ERRORS = 100;

    private final ObjectNode object;
    private final String at;
    private final List<Problem.FieldError> errors;
    private final Set<String> read = new HashSet<>();

    private JsonInput(ObjectNode object, String at, List<Problem.FieldError> errors) {
        this.object = object;
        this.at = at;
        this.errors = errors;
    }

    /** An object that was made out of a form, to be read like one that was sent. */
    public static JsonInput of(ObjectNode object) {
        return new JsonInput(object, "", new ArrayList<>());
    }

    static JsonInput parse(String text) {
        return of(StrictJson.object(text));
    }

    /** The same text for every way to write the same object: without white space, names in order. May hold secrets. */
    String canonical() {
        return StrictJson.canonical(object);
    }

    public boolean has(String field) {
        return object.has(field);
    }

    /** Whether the field is there and null: in a merge patch (RFC 7396), to be removed. */
    public boolean isNull(String field) {
        JsonNode node = object.get(field);
        if (node != null && node.isNull()) {
            read.add(field);
            return true;
        }
        return false;
    }

    /** A required text of 1 to {@code max} characters, without control characters and outer spaces. */
    public String name(String field, int max) {
        String text = textOrNull(field);
        return text == null ? "" : named(at + "/" + escape(field), text, max);
    }

    private String named(String pointer, String raw, int max) {
        String text = raw.strip();
        if (!PlainText.isLine(text)) {
            error(pointer, Sentence.of("problem.not-a-line"));
            return "";
        }
        long length = text.codePoints().count();
        if (length < 1 || length > max) {
            error(pointer, Sentence.of("problem.characters", max, length));
            return "";
        }
        return text;
    }

    /**
     * A required text of {@code min} to {@code max} characters that may have several lines, without outer spaces. Lines end
     * with LF, however they were sent.
     */
    public String lines(String field, int min, int max) {
        String text = textOrNull(field);
        return text == null ? "" : lines(at + "/" + escape(field), text, min, max);
    }

    /** As {@link #lines(String, int, int)}, for a text that stands elsewhere. */
    public String lines(String pointer, String raw, int min, int max) {
        String text = raw.replace("\r\n", "\n").replace('\r', '\n').strip();
        if (!PlainText.isLine(text.replace('\n', ' ').replace('\t', ' '))) {
            error(pointer, Sentence.of("problem.not-a-line"));
            return "";
        }
        long length = text.codePoints().count();
        if (length < min || length > max) {
            error(
                    pointer,
                    min == 0
                            ? Sentence.of("problem.at-most-characters-not", max, length)
                            : Sentence.of("problem.characters-from-to", min, max, length));
            return "";
        }
        return text;
    }

    /** A required text that fits; else {@code unfit} is said of it. */
    public String text(String field, Predicate<String> fits, Sentence unfit) {
        String text = textOrNull(field);
        if (text != null && !(PlainText.isLine(text) && fits.test(text))) {
            error(at + "/" + escape(field), unfit);
        }
        return text == null ? "" : text;
    }

    private @Nullable String textOrNull(String field) {
        JsonNode node = required(field);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            error(at + "/" + escape(field), Sentence.of("problem.text-not", StrictJson.kind(node)));
            return null;
        }
        return node.stringValue();
    }

    private @Nullable JsonNode required(String field) {
        read.add(field);
        JsonNode node = object.get(field);
        if (node == null || node.isNull()) {
            error(at + "/" + escape(field), Sentence.of("problem.required"));
            return null;
        }
        return node;
    }

    public boolean hasObject(String field) {
        return object.get(field) instanceof ObjectNode;
    }

    /** A moment (RFC 3339) in microseconds since 1970. */
    public long moment(String field) {
        return momentAfter(field, Long.MIN_VALUE);
    }

    /** A moment (RFC 3339) in microseconds since 1970, later than {@code after}. */
    public long momentAfter(String field, long after) {
        String text = textOrNull(field);
        if (text == null) {
            return 0;
        }
        String pointer = at + "/" + escape(field);
        if (!Times.isText(text)) {
            error(pointer, Sentence.of("problem.time"));
            return 0;
        }
        long micros = Times.micros(text);
        if (micros <= after) {
            error(pointer, Sentence.of("problem.future"));
        }
        return micros;
    }

    /** A required true or false. */
    public boolean bool(String field) {
        JsonNode node = required(field);
        if (node != null && !node.isBoolean()) {
            error(at + "/" + escape(field), Sentence.of("problem.bool-not", StrictJson.kind(node)));
        }
        return node != null && node.isBoolean() && node.booleanValue();
    }

    /** A required whole number. */
    public long number(String field, long min, long max) {
        JsonNode node = required(field);
        if (node == null) {
            return min;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            error(at + "/" + escape(field), Sentence.of("problem.whole-number", min, max));
            return min;
        }
        return node.longValue();
    }

    /** A required number with up to three decimals, in thousandths. */
    public long thousandths(String field, long min, long max) {
        JsonNode node = required(field);
        if (node == null) {
            return min;
        }
        // Too large for a double is infinite, and out of every range.
        double number = node.isNumber() ? node.asDouble(Double.NaN) * 1_000 : Double.NaN;
        if (number >= min && number <= max) {
            return Math.round(number);
        }
        error(at + "/" + escape(field), Sentence.of("problem.number", min / 1000.0, max / 1000.0));
        return min;
    }

    /** A required text of any characters, which is shown nowhere. */
    public Secret secret(String field) {
        JsonNode node = required(field);
        if (node != null && (!node.isString() || !PlainText.isText(node.stringValue()))) {
            error(at + "/" + escape(field), Sentence.of("problem.text"));
            return Secret.of("");
        }
        return Secret.of(node == null ? "" : node.stringValue());
    }

    /** A required text of 1 to {@code max} characters that may have several lines, and not only of white space. */
    public String prose(String field, int max) {
        String text = textOrNull(field);
        if (text == null) {
            return "";
        }
        String pointer = at + "/" + escape(field);
        long length = text.codePoints().count();
        if (text.isBlank() || length > max) {
            error(pointer, Sentence.of("problem.characters", max, (text.isBlank() ? 0 : length)));
        } else if (!PlainText.isText(text)
                || text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
            error(pointer, Sentence.of("problem.control-character"));
        }
        return text;
    }

    /** A text, and where it stands. */
    public record Text(String pointer, String text) {}

    /** A required text without control characters, whatever it says. */
    public Optional<Text> string(String field) {
        JsonNode node = required(field);
        return node == null ? Optional.empty() : string(at + "/" + escape(field), node);
    }

    private Optional<Text> string(String pointer, JsonNode node) {
        if (!node.isString()) {
            error(pointer, Sentence.of("problem.text-not", StrictJson.kind(node)));
        } else if (!PlainText.isLine(node.stringValue())) {
            error(pointer, Sentence.of("problem.not-a-line"));
        } else {
            return Optional.of(new Text(pointer, node.stringValue()));
        }
        return Optional.empty();
    }

    /** A required list of texts without control characters, whatever they say. */
    public List<Text> strings(String field, int max) {
        List<Text> texts = new ArrayList<>();
        forEach(field, max, (pointer, node) -> string(pointer, node).ifPresent(texts::add));
        return texts;
    }

    /** A required list of objects; their errors are told with this one's. Call {@link #finish} on this one only. */
    public List<JsonInput> objects(String field, int max) {
        List<JsonInput> objects = new ArrayList<>();
        forEach(field, max, (pointer, node) -> {
            if (node instanceof ObjectNode inner) {
                objects.add(new JsonInput(inner, pointer, errors));
            } else {
                error(pointer, Sentence.of("problem.object-not", StrictJson.kind(node)));
            }
        });
        return objects;
    }

    private void forEach(String field, int max, BiConsumer<String, JsonNode> read) {
        JsonNode node = required(field);
        if (node == null) {
            return;
        }
        String pointer = at + "/" + escape(field);
        if (!node.isArray()) {
            error(pointer, Sentence.of("problem.list-not", StrictJson.kind(node)));
        } else if (node.size() > max) {
            error(pointer, Sentence.of("problem.too-many-entries", max, node.size()));
        } else {
            for (int i = 0; i < node.size(); i++) {
                read.accept(pointer + "/" + i, node.get(i));
            }
        }
    }

    /** A required list of different texts that fit. */
    public List<String> texts(String field, int max, Predicate<String> fits, Sentence unfit) {
        Set<String> texts = new LinkedHashSet<>();
        forEach(field, max, (pointer, entry) -> {
            if (!entry.isString() || !fits.test(entry.stringValue())) {
                error(pointer, unfit);
            } else if (!texts.add(entry.stringValue())) {
                error(pointer, Sentence.of("problem.twice-in-list"));
            }
        });
        return List.copyOf(texts);
    }

    /**
     * A required object of texts. With {@code patch}, null values are kept: they remove an entry (RFC 7396).
     *
     * @param maxValue longest value, in characters
     */
    public Map<String, @Nullable String> map(String field, int maxEntries, int maxName, int maxValue, boolean patch) {
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        JsonNode node = required(field);
        if (node == null) {
            return map;
        }
        String pointer = at + "/" + escape(field);
        if (!(node instanceof ObjectNode entries)) {
            error(pointer, Sentence.of("problem.object-not", StrictJson.kind(node)));
            return map;
        }
        if (entries.size() > maxEntries) {
            error(pointer, Sentence.of("problem.too-many-entries", maxEntries, entries.size()));
            return map;
        }
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            String place = pointer + "/" + escape(entry.getKey());
            String name = named(place, entry.getKey(), maxName);
            JsonNode value = entry.getValue();
            if (map.containsKey(name)) {
                error(place, Sentence.of("problem.twice-in-object"));
            } else if (patch && value.isNull()) {
                map.put(name, null);
            } else if (!value.isString()) {
                error(place, Sentence.of("problem.text-not", StrictJson.kind(value)));
            } else if (!PlainText.isLine(value.stringValue())) {
                error(place, Sentence.of("problem.not-a-line"));
            } else if (value.stringValue().codePoints().count() > maxValue) {
                error(place, Sentence.of("problem.has-at-most-characters", maxValue));
            } else if (!name.isEmpty()) {
                map.put(name, value.stringValue());
            }
        }
        return map;
    }

    /** A required object; its errors are told with this one's. Call {@link #finish} on this one only. */
    public @Nullable JsonInput object(String field) {
        JsonNode node = required(field);
        if (node == null) {
            return null;
        }
        if (!(node instanceof ObjectNode inner)) {
            error(at + "/" + escape(field), Sentence.of("problem.object-not", StrictJson.kind(node)));
            return null;
        }
        return new JsonInput(inner, at + "/" + escape(field), errors);
    }

    /** Where a field of this object stands, for {@link #error}. */
    public String pointer(String field) {
        return at + "/" + escape(field);
    }

    /** Whether the field is there, and a list without entries. */
    public boolean isEmptyList(String field) {
        JsonNode node = object.get(field);
        return node != null && node.isArray() && node.isEmpty();
    }

    /** Notes an error that only the caller of this class can see. */
    public void error(String pointer, Sentence says) {
        errors.add(new Problem.FieldError(pointer, says));
    }

    /** Notes every field that was not read. */
    public void noOthers() {
        for (String field : object.propertyNames()) {
            if (!read.contains(field)) {
                error(at + "/" + escape(field), Sentence.of("problem.not-to-be-set"));
            }
        }
    }

    /** @throws ProblemException with every error that was noted, and one for each field that nobody read */
    public void finish() {
        noOthers();
        if (!errors.isEmpty()) {
            List<Problem.FieldError> told = errors.subList(0, Math.min(errors.size(), MAX_ERRORS));
            throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.fields", errors.size()), told));
        }
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
