package dev.keyrack.server.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.icu.text.MessageFormat;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.store.AuditAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Promise: no page is without a word, and no text of the portal stands anywhere but in the message files. */
class TextsTest {
    private static final Path ROOT = Path.of(System.getProperty("keyrack.root"));
    private static final Path JTE = ROOT.resolve(Path.of("server", "src", "main", "jte"));
    private static final Pattern NAMED = Pattern.compile("\\bt\\(\\s*\"([^\"]+)\"\\s*[,)]");
    private final Texts english = Texts.english();

    private static List<Path> templates() throws IOException {
        try (Stream<Path> files = Files.walk(JTE)) {
            return files.filter(file -> file.toString().endsWith(".jte")).toList();
        }
    }

    @Test
    void everyTextThatATemplateNamesIsThere() throws IOException {
        Set<String> missing = new TreeSet<>();
        int named = 0;
        for (Path template : templates()) {
            Matcher matcher = NAMED.matcher(Files.readString(template));
            while (matcher.find()) {
                named++;
                if (!english.has(matcher.group(1))) {
                    missing.add(JTE.relativize(template) + ": " + matcher.group(1));
                }
            }
        }
        assertThat(named).isGreaterThan(100);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyAuditActionAndRoleHasAName() {
        for (AuditAction action : AuditAction.values()) {
            assertThat(english.has("audit.action." + action.text()))
                    .as(action.text())
                    .isTrue();
        }
        for (Role role : Role.values()) {
            assertThat(english.has("role." + role.text())).as(role.text()).isTrue();
        }
    }

    @Test
    void everyTextIsAGoodMessageFormat() {
        List<String> bad = new ArrayList<>();
        for (String key : english.keys()) {
            try {
                new MessageFormat(english.text(key), Locale.ENGLISH);
            } catch (IllegalArgumentException e) {
                bad.add(key + ": " + e.getMessage());
            }
        }
        assertThat(bad).isEmpty();
    }

    /** Of two, the first would never be said. */
    @Test
    void noTextIsInTheFileTwice() throws IOException {
        Path file = ROOT.resolve(Path.of("server", "src", "main", "resources", "texts", "en.properties"));
        Set<String> once = new TreeSet<>();
        assertThat(Files.readAllLines(file).stream()
                        .filter(line -> line.matches("[A-Za-z0-9._-]+ = .*"))
                        .map(line -> line.replaceFirst(" = .*", ""))
                        .filter(key -> !once.add(key)))
                .isEmpty();
        assertThat(once).hasSameSizeAs(english.keys());
    }

    /** A quote that stands alone would swallow the argument behind it. */
    @Test
    void apostrophesInTextsWithArgumentsAreDoubled() {
        List<String> bad = english.keys().stream()
                .filter(key -> english.text(key).contains("{"))
                .filter(key -> english.text(key)
                        .replace("''", "")
                        .replaceAll("'[{}]'", "")
                        .matches(".*'[{}|#].*"))
                .toList();
        assertThat(bad).isEmpty();
    }

    @Test
    void templatesHoldNoWordsOfTheirOwn() throws IOException {
        Pattern words = Pattern.compile(">\\s*[A-Z][a-z]+(?: [a-z]+)+");
        Set<String> found = new TreeSet<>();
        for (Path template : templates()) {
            Matcher matcher = words.matcher(Files.readString(template));
            while (matcher.find()) {
                found.add(JTE.relativize(template) + ": " + matcher.group().strip());
            }
        }
        assertThat(found).isEmpty();
    }

    /** They have English of their own for pages that bring no texts: it is the same, and every page of the portal brings its. */
    @Test
    void whatScriptsSayComesFromTheMessageFile() throws IOException {
        String page = Files.readString(ROOT.resolve(Path.of("browser", "portal", "page.ts")));
        String texts =
                page.substring(page.indexOf("const TEXTS = {"), page.indexOf("};", page.indexOf("const TEXTS = {")));
        String template = Files.readString(JTE.resolve(Path.of("portal", "script-texts.jte")));
        Matcher said = Pattern.compile("(?m)^  (\\w+): \"([^\"]+)\",$").matcher(texts);
        int all = 0;
        while (said.find()) {
            all++;
            String name = said.group(1).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(english.text("script." + name)).as(name).isEqualTo(said.group(2));
            assertThat(template).contains("data-" + name + "=\"${view.t(\"script." + name + "\")}\"");
        }
        assertThat(all)
                .isEqualTo(texts.lines().filter(line -> line.startsWith("  ")).count());
        for (String layout : List.of("page.jte", "plain.jte")) {
            assertThat(Files.readString(JTE.resolve(Path.of("portal", layout))))
                    .contains("@template.portal.script-texts(");
        }
    }

    @Test
    void mailsHoldNoWordsOfTheirOwn() throws IOException {
        String mails = Files.readString(ROOT.resolve(
                Path.of("server", "src", "main", "java", "dev", "keyrack", "server", "accounts", "Mails.java")));
        assertThat(mails).doesNotContain("\"\"\"").doesNotContainPattern("\"[^\"\n]*[a-z] [^\"\n]*\"");
        for (String mail : List.of("invitation", "forgotten", "founded")) {
            assertThat(english.text("mail." + mail + ".subject"))
                    .as("a name could pass for ours")
                    .doesNotContain("{");
        }
    }

    @Test
    void languageThatThereIsNoneOfIsEnglish() {
        assertThat(Texts.of(List.of(Locale.of("tlh"), Locale.ROOT)).language()).isEqualTo("en");
        assertThatThrownBy(() -> english.text("nothing.of.the.kind")).isInstanceOf(IllegalArgumentException.class);
    }
}
