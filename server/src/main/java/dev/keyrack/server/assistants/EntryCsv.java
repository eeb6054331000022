package dev.keyrack.server.assistants;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Questions and answers as CSV (RFC 4180), with a line of names first: {@code question,answer}. Spreadsheets of some countries
 * separate with semicolons or tabs; their files are read, too, and a byte order mark is passed over.
 *
 * <p>Spreadsheets take what begins with {@code =}, {@code +}, {@code -}, {@code @}, tab or CR for a formula. Such a text is
 * written with an apostrophe in front, which is what they show as text, and which is taken away again when it is read.
 */
final class EntryCsv {
    /** Largest file, in bytes. */
    static final int MAX = 8 << 20;

    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\\t\\r]", Pattern.DOTALL);
    private static final Set<String> COLUMNS = Set.of("question", "answer");

    private EntryCsv() {}

    /** A question with its answer, before it is an entry. */
    record Row(String question, String answer) {}

    /** @throws ProblemException naming line and column of everything that does not fit */
    static List<Row> read(String file) {
        String text = file.startsWith("\uFEFF") ? file.substring(1) : file;
        // Notes errors, and says them all at its end.
        JsonInput notes = JsonInput.of(JsonNodeFactory.instance.objectNode());
        List<Row> rows = new ArrayList<>();
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter(text))
                .setIgnoreEmptyLines(true)
                .get();
        try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
            Map<String, Integer> columns = null;
            for (CSVRecord line : parser) {
                if (columns == null) {
                    columns = columns(line);
                } else if (rows.size() == Entry.MAX) {
                    throw new ProblemException(
                            new Problem.InvalidRequest(Sentence.of("problem.csv-entries", Entry.MAX), List.of()));
                } else {
                    rows.add(row(line, columns, parser.getCurrentLineNumber(), notes));
                }
            }
            if (columns == null) {
                throw noHeader();
            }
        } catch (UncheckedIOException | IllegalStateException e) {
            throw malformed(text);
        } catch (IOException e) {
            throw malformed(text);
        }
        notes.finish();
        return rows;
    }

    private static char delimiter(String text) {
        String header = text.lines().findFirst().orElse("");
        for (char candidate : new char[] {';', '\t'}) {
            if (header.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return ',';
    }

    private static Map<String, Integer> columns(CSVRecord header) {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip().toLowerCase(Locale.ROOT);
            if (!COLUMNS.contains(name) || columns.put(name, i) != null) {
                throw noHeader();
            }
        }
        if (!columns.keySet().equals(COLUMNS)) {
            throw noHeader();
        }
        return columns;
    }

    private static Row row(CSVRecord line, Map<String, Integer> columns, long number, JsonInput notes) {
        if (line.size() != columns.size()) {
            notes.error("/" + number, Sentence.of("problem.csv-columns", number, line.size()));
            return new Row("", "");
        }
        return new Row(
                cell(line, columns, "question", number, Entry.MAX_QUESTION, notes),
                cell(line, columns, "answer", number, Entry.MAX_ANSWER, notes));
    }

    private static String cell(
            CSVRecord line, Map<String, Integer> columns, String column, long number, int max, JsonInput notes) {
        String text = line.get(Objects.requireNonNull(columns.get(column)));
        if (text.startsWith("'") && FORMULA.matcher(text).lookingAt()) {
            text = text.substring(1);
        }
        JsonInput cell = JsonInput.of(JsonNodeFactory.instance.objectNode().put("text", text));
        String read = column.equals("question") ? cell.name("text", max) : cell.lines("text", 1, max);
        try {
            cell.finish();
        } catch (ProblemException e) {
            if (e.problem() instanceof Problem.InvalidRequest wrong) {
                notes.error(
                        "/" + number + "/" + column,
                        Sentence.of(
                                "problem.csv-cell",
                                number,
                                column,
                                wrong.errors().getFirst().says()));
            }
        }
        return read;
    }

    private static ProblemException noHeader() {
        return new ProblemException(Problem.InvalidRequest.at("/1", Sentence.of("problem.csv-header")));
    }

    /** Where the quotes go wrong: found by reading again, up to there. */
    private static ProblemException malformed(String text) {
        long line = 1;
        try (CSVParser parser = CSVParser.parse(
                new StringReader(text),
                CSVFormat.RFC4180.builder().setDelimiter(delimiter(text)).get())) {
            var records = parser.iterator();
            try {
                while (records.hasNext()) {
                    line = parser.getCurrentLineNumber() + 1;
                    records.next();
                }
            } catch (UncheckedIOException | IllegalStateException e) {
                // That is the line.
            }
        } catch (IOException e) {
            // That is the line, too.
        }
        return new ProblemException(Problem.InvalidRequest.at("/" + line, Sentence.of("problem.csv-quotes", line)));
    }

    static String write(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            printer.printRecord("question", "answer");
            for (Entry entry : entries) {
                printer.printRecord(safe(entry.question()), safe(entry.answer()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory was written", e);
        }
        return text.toString();
    }

    private static String safe(String text) {
        return FORMULA.matcher(text).lookingAt() ? "'" + text : text;
    }
}
