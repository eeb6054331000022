package dev.keyrack.verifier;

import com.ibm.icu.text.MessageFormat;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/** Says sentences in English, out of the message file that the server has. */
final class English {
    private static final Properties TEXTS = new Properties();

    static {
        Path file = Path.of(
                System.getProperty("keyrack.root"), "server", "src", "main", "resources", "texts", "en.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            TEXTS.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private English() {}

    static String of(Sentence sentence) {
        Object[] arguments = sentence.arguments().stream()
                .map(argument -> argument instanceof Sentence inner ? of(inner) : argument.toString())
                .toArray();
        String pattern = Objects.requireNonNull(TEXTS.getProperty(sentence.key()), sentence.key());
        return new MessageFormat(pattern, Locale.ENGLISH).format(arguments);
    }
}
