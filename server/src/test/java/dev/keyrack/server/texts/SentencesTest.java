package dev.keyrack.server.texts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.audit.Finding;
import dev.keyrack.server.http.ProblemBody;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Promise: what Java says to people, it says by the keys of texts, each of which is there; and what is put into a text changes
 * neither it nor the page.
 */
class SentencesTest {
    private static final Path ROOT = Path.of(System.getProperty("keyrack.root"));
    private static final String SPOKEN = "problem|why|finding|notice|assistant\\.failure";
    private static final Pattern KEY = Pattern.compile("\"((?:" + SPOKEN + ")\\.[A-Za-z0-9_.-]*[A-Za-z0-9_])\"");
    private static final Pattern MADE = Pattern.compile("(?:new Sentence|Sentence\\.of)\\(");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Texts english = Texts.english();

    private static List<Path> sources() throws IOException {
        try (Stream<Path> verifier = Files.walk(ROOT.resolve(Path.of("verifier", "src", "main", "java")));
                Stream<Path> server = Files.walk(ROOT.resolve(Path.of("server", "src", "main", "java")))) {
            return Stream.concat(verifier, server)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
        }
    }

    private static Set<String> keysInJava() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (Path source : sources()) {
            Matcher key = KEY.matcher(Files.readString(source));
            while (key.find()) {
                keys.add(key.group(1));
            }
        }
        return keys;
    }

    /** What stands between this parenthesis and the one that closes it. */
    private static String inside(String source, int from) {
        int depth = 1;
        int at = from;
        while (depth > 0) {
            char c = source.charAt(at);
            if (c == '"') {
                Matcher literal = LITERAL.matcher(source).region(at, source.length());
                if (!literal.lookingAt()) {
                    throw new IllegalStateException("a text that does not end: " + source.substring(at, at + 40));
                }
                at = literal.end();
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at++;
        }
        return source.substring(from, at - 1);
    }

    @Test
    void everyKeyThatJavaNamesIsThere() throws IOException {
        Set<String> keys = keysInJava();
        assertThat(keys).hasSizeGreaterThan(200).allMatch(key -> english.has(key));
    }

    @Test
    void everyCodeAndFaultHasItsTexts() {
        for (VisitorCode code : VisitorCode.values()) {
            assertThat(english.has(code.says().key())).as(code.name()).isTrue();
            assertThat(english.has(ProblemBody.TITLE + code.name()))
                    .as(code.name())
                    .isTrue();
        }
        for (Finding.Fault fault : Finding.Fault.values()) {
            assertThat(english.has("finding.fault." + fault.text()))
                    .as(fault.text())
                    .isTrue();
        }
    }

    @Test
    void noTextOfASentenceIsUnused() throws IOException {
        Set<String> keys = keysInJava();
        assertThat(english.keys().stream()
                        .filter(key -> key.matches("(?:" + SPOKEN + ")\\..*"))
                        .filter(key -> !key.matches("problem\\.title\\..*|problem\\.visitor\\..*|finding\\.fault\\..*"))
                        .filter(key -> !keys.contains(key))
                        .toList())
                .isEmpty();
    }

    /** A type keeps English out of problems, traces and findings: what they say is a sentence. Here is what one is made of. */
    @Test
    void noEnglishIsPutIntoASentence() throws IOException {
        Set<String> words = new TreeSet<>();
        int made = 0;
        for (Path source : sources()) {
            String text = Files.readString(source);
            Matcher sentence = MADE.matcher(text);
            while (sentence.find()) {
                made++;
                Matcher literal = LITERAL.matcher(inside(text, sentence.end()));
                while (literal.find()) {
                    if (literal.group(1).matches(".*[a-z] .*|.* [a-z].*")) {
                        words.add(source.getFileName() + ": " + literal.group(1));
                    }
                }
            }
        }
        assertThat(made).isGreaterThan(200);
        assertThat(words).isEmpty();
    }

    @Test
    void argumentIsNoPartOfTheFormat() {
        String hostile = "{0} '{'1,number} # <b>&amp;</b> ''";
        assertThat(english.text(Sentence.of("problem.entry", hostile, Sentence.of("problem.twice", hostile))))
                .isEqualTo(hostile + ": " + hostile + " stands there twice");
    }

    @Test
    void numberIsItsDigitsUnlessTheTextChoosesByIt() {
        assertThat(english.text(Sentence.of("problem.characters", 12_000, 1_234_567L)))
                .isEqualTo("has 1 to 12000 characters, not 1234567");
        assertThat(english.text(Sentence.of("problem.number", 0 / 1000.0, 2000 / 1000.0)))
                .isEqualTo("must be a number from 0.0 to 2.0");
        assertThat(english.text(Sentence.of("problem.fields", 1))).startsWith("One field does not fit.");
        assertThat(english.text(Sentence.of("problem.fields", 1_200))).startsWith("1200 fields do not fit.");
        assertThat(english.text(Sentence.of("problem.heir-needed", 1, 1_000, "mem_1", "a@example.com")))
                .startsWith("is needed: this member has 1 key and 1000 projects. Name");
    }

    @Test
    void languageIsAFileAndWhatItLacksIsEnglish() {
        Texts pseudo = TestingLanguage.install();
        assertThat(pseudo.text(Sentence.of("problem.required"))).isEqualTo("⟦is required⟧");
        assertThat(pseudo.language()).isEqualTo(TestingLanguage.TAG);
        assertThat(Texts.of(List.of(Locale.of("tlh"), Locale.of(TestingLanguage.TAG))))
                .isSameAs(pseudo);
        assertThat(pseudo.text("language.of-the-test")).isEqualTo("only in the pseudo-language");
    }
}
