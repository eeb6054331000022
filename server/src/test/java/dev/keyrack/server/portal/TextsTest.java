package dev.keyrack.server.portal;

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
    private static final Path JTE = Path.of(System.getProperty("keyrack.root"), "server", "src", "main", "jte");
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

    /** A quote that stands alone would swallow the argument behind it. */
    @Test
    void apostrophesInTextsWithArgumentsAreDoubled() {
        List<String> bad = english.keys().stream()
                .filter(key -> english.text(key).contains("{"))
                .filter(key -> english.text(key).replace("''", "").matches(".*'[{}|#].*"))
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

    @Test
    void languageThatThereIsNoneOfIsEnglish() {
        assertThat(Texts.of(List.of(Locale.of("tlh"), Locale.ROOT)).language()).isEqualTo("en");
        assertThatThrownBy(() -> english.text("nothing.of.the.kind")).isInstanceOf(IllegalArgumentException.class);
    }
}
