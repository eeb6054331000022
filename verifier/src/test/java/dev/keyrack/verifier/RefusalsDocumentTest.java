package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Promise: "Why was my key refused?" has every code, in the order in which they are decided, with what it means and what to do. */
class RefusalsDocumentTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([A-Z_]+)` \\| \\d{3} \\| \\S[^|]+ \\| \\S[^|]+ \\|$", Pattern.MULTILINE);

    @Test
    void everyCodeIsExplained() throws Exception {
        Path root = Path.of(System.getProperty("keyrack.root"));
        List<String> explained = ROW.matcher(Files.readString(root.resolve("docs/refusals.md")))
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertThat(explained)
                .isEqualTo(Arrays.stream(Code.values())
                        .filter(code -> code != Code.VALID)
                        .map(Code::name)
                        .toList());
    }
}
