package dev.keyrack.server.credentials;

import dev.keyrack.verifier.KeyType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A page with the web component, a program that sends a key to an API behind a gateway, or one that asks whether a key is
 * good. Each is a file in {@code /snippets/} that a test runs; what is not run is not offered. Programs that hold a secret
 * read it from their environment.
 */
public enum Snippet {
    COMPONENT("component.html", "component", true),
    REACT("Assistant.jsx", "react", true),
    WORDPRESS("keyrack-assistant.php", "wordpress", true),
    HTML("page.html", "html", true),
    ANDROID("Api.java", "android", true),
    CURL("call.sh", "curl", false),
    JAVA("Call.java", "java", false),
    NODE("call.mjs", "node", false),
    PYTHON("call.py", "python", false),
    VERIFY("verify.sh", "verify", false);

    /** Those that send a key. */
    static final List<Snippet> PROGRAMS = List.of(HTML, ANDROID, CURL, JAVA, NODE, PYTHON);

    /** Those that put the assistant on a page. */
    static final List<Snippet> EMBEDS = List.of(COMPONENT, REACT, WORDPRESS);

    private static final String TOKEN = "YOUR-KEY";

    /** Where the web component comes from. */
    private static final String KEYRACK = "https://keys.example.com";

    private final String file;
    private final String title;
    private final boolean publicPlace;

    /** @param publicPlace whether it stands where everybody can read it, so that only publishable keys belong into it */
    Snippet(String file, String title, boolean publicPlace) {
        this.file = file;
        this.title = title;
        this.publicPlace = publicPlace;
    }

    /**
     * As a page shows it.
     *
     * @param name of a text, and of the element
     */
    public record Shown(String name, String code) {}

    /** Those that a key of this type can be used with. */
    static List<Snippet> of(KeyType type) {
        return switch (type) {
            case WEB -> List.of(COMPONENT, REACT, WORDPRESS, HTML, CURL);
            case MOBILE -> List.of(ANDROID, CURL);
            case ANALYTICS, SERVER -> List.of(CURL, JAVA, NODE, PYTHON);
        };
    }

    /**
     * With the token in it, where it belongs there.
     *
     * @param base the address by which people reach the control plane, without a slash at its end
     */
    Shown shown(String token, String base) {
        String here = text().replace(KEYRACK, base);
        return new Shown(title, publicPlace ? here.replace(TOKEN, token) : here);
    }

    /** With a word in place of the token. */
    Shown shown() {
        return new Shown(title, text());
    }

    String text() {
        try (InputStream in = Snippet.class.getResourceAsStream("/snippets/" + file)) {
            if (in == null) {
                throw new IllegalStateException("there is no snippet " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
