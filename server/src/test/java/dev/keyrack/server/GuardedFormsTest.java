package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Promise: what is typed into any form of the portal that changes something outlives a reload, passwords and files apart. */
class GuardedFormsTest {
    private static final Path TEMPLATES = Path.of(System.getProperty("keyrack.root"), "server", "src", "main", "jte");
    private static final Pattern FORM = Pattern.compile("<form\\b.*?</form>", Pattern.DOTALL);
    private static final Pattern USED = Pattern.compile("@template\\.([\\w.-]+)\\(([^\n]*)");
    private static final Pattern FIELD = Pattern.compile("<textarea\\b|<input\\b[^>]*>");
    private static final Pattern NOT_TYPED =
            Pattern.compile("type=\"(?:hidden|password|file|checkbox|radio|color)\"|data-link-code| readonly>");

    /** Nobody is signed in here, whom a tab could keep it for: portal/plain. */
    private static final String DOOR = "@template.portal.plain(";

    private static String read(Path template) {
        try {
            return Files.readString(template);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether somebody types a text here, in a field of this template's own or of one that it uses. */
    private static boolean typed(String template) {
        if (FIELD.matcher(template)
                .results()
                .anyMatch(field -> !NOT_TYPED.matcher(field.group()).find())) {
            return true;
        }
        return USED.matcher(template)
                .results()
                .anyMatch(used -> used.group(1).equals("portal.field")
                        ? !used.group(2).contains("type = \"password\"")
                        : typed(read(TEMPLATES.resolve(used.group(1).replace('.', '/') + ".jte"))));
    }

    @Test
    void everyFormWithATextFieldKeepsWhatWasTyped() throws IOException {
        List<String> guarded = new ArrayList<>();
        List<String> bare = new ArrayList<>();
        try (Stream<Path> all = Files.walk(TEMPLATES)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".jte")).toList()) {
                String template = read(file);
                Matcher form = FORM.matcher(template);
                while (!template.contains(DOOR) && form.find()) {
                    String text = form.group();
                    if (text.contains(" method=\"post\"") && typed(text)) {
                        (text.contains(" data-guard") ? guarded : bare)
                                .add(TEMPLATES.relativize(file) + ": "
                                        + text.lines().findFirst().orElseThrow());
                    }
                }
            }
        }
        assertThat(bare).isEmpty();
        assertThat(guarded).hasSizeGreaterThan(15);
    }
}
