package dev.keyrack.server.texts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/**
 * A language that nobody speaks: every text of the portal in ⟦ ⟧. What a page says outside of them does not come from the
 * message file of its reader's language.
 */
public final class TestingLanguage {
    public static final String TAG = "qps";

    private TestingLanguage() {}

    /** Puts its file where the others are; there is nothing else to a language. */
    public static synchronized Texts install() {
        Texts english = Texts.english();
        Properties texts = new Properties();
        english.keys().forEach(key -> texts.setProperty(key, "⟦" + english.text(key) + "⟧"));
        texts.setProperty("language.of-the-test", "only in the pseudo-language");
        try {
            URI classes = Objects.requireNonNull(TestingLanguage.class.getResource("TestingLanguage.class"))
                    .toURI();
            Path folder = Path.of(classes).resolve("../../../../../texts").normalize();
            Files.createDirectories(folder);
            try (Writer file = Files.newBufferedWriter(folder.resolve(TAG + ".properties"))) {
                texts.store(file, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return Texts.of(List.of(Locale.of(TAG)));
    }
}
