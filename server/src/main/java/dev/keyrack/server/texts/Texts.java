package dev.keyrack.server.texts;

import com.ibm.icu.text.MessageFormat;
import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The texts of the portal in one language: a file {@code texts/LANGUAGE.properties} of ICU message formats. A language is
 * such a file and nothing else; English is complete, and stands in where another one has no text.
 */
public final class Texts {
    private static final String FALLBACK = "en";
    private static final Map<String, Optional<Texts>> LOADED = new ConcurrentHashMap<>();

    private final Locale locale;
    private final Map<String, String> patterns;

    private Texts(Locale locale, Map<String, String> patterns) {
        this.locale = locale;
        this.patterns = patterns;
    }

    /** In the first language of a header Accept-Language (RFC 9110, section 12.5.4) that there is, else in English. */
    public static Texts of(List<Locale> wanted) {
        return wanted.stream()
                .map(Locale::getLanguage)
                .filter(language -> language.matches("[a-z]{2,3}"))
                .limit(10)
                .flatMap(language -> load(language).stream())
                .findFirst()
                .orElseGet(Texts::english);
    }

    public static Texts english() {
        return load(FALLBACK).orElseThrow(() -> new IllegalStateException("texts/en.properties is missing"));
    }

    private static Optional<Texts> load(String language) {
        Optional<Texts> known = LOADED.get(language);
        if (known != null) {
            return known;
        }
        Optional<Texts> read = read(language);
        // Whatever languages browsers ask for, only those that exist are remembered.
        read.ifPresent(texts -> LOADED.put(language, read));
        return read;
    }

    private static Optional<Texts> read(String language) {
        try (InputStream file = Texts.class.getResourceAsStream("/texts/" + language + ".properties")) {
            if (file == null) {
                return Optional.empty();
            }
            Map<String, String> patterns = new LinkedHashMap<>();
            if (!language.equals(FALLBACK)) {
                patterns.putAll(english().patterns);
            }
            Properties properties = new Properties();
            properties.load(new InputStreamReader(file, StandardCharsets.UTF_8));
            properties.forEach((key, text) -> patterns.put(key.toString(), text.toString()));
            return Optional.of(new Texts(Locale.of(language), Map.copyOf(patterns)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tag of the language, for {@code lang}. */
    public String language() {
        return locale.toLanguageTag();
    }

    public boolean has(String key) {
        return patterns.containsKey(key);
    }

    Set<String> keys() {
        return patterns.keySet();
    }

    /**
     * What a sentence says. A number stands in it with its digits alone, unless the text says how to write it or chooses by
     * it.
     *
     * @throws IllegalArgumentException if there is no such text, which is a bug
     */
    public String text(Sentence sentence) {
        String pattern = pattern(sentence.key());
        Object[] arguments = new Object[sentence.arguments().size()];
        for (int i = 0; i < arguments.length; i++) {
            Object argument = sentence.arguments().get(i);
            if (argument instanceof Sentence inner) {
                arguments[i] = text(inner);
            } else {
                arguments[i] = pattern.contains("{" + i + ",") ? argument : argument.toString();
            }
        }
        return new MessageFormat(pattern, locale).format(arguments);
    }

    /**
     * The text of this name, with numbered arguments put in.
     *
     * @throws IllegalArgumentException if there is none, which is a bug
     */
    public String text(String key, Object... arguments) {
        String pattern = pattern(key);
        return arguments.length == 0 ? pattern : new MessageFormat(pattern, locale).format(arguments);
    }

    private String pattern(String key) {
        String pattern = patterns.get(key);
        if (pattern == null) {
            throw new IllegalArgumentException("there is no text " + key);
        }
        return pattern;
    }
}
