package dev.keyrack.server.components;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.PlainText;
import dev.keyrack.verifier.Sentence;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a merge patch of options (RFC 7396): what is missing stays, what is null goes back to its default. */
final class ComponentInput {
    static final int MAX_PROMPTS = 20;
    static final int MAX_INTRO_MESSAGES = 5;

    private static final int MAX_LINK = 2000;
    private static final ComponentOptions DEFAULT = ComponentOptions.DEFAULT;

    private ComponentInput() {}

    /** Notes in {@code in} what does not fit. The result counts only once {@link JsonInput#finish} has returned. */
    static ComponentOptions read(JsonInput in, ComponentOptions before) {
        return new ComponentOptions(
                stays(in, "title") ? before.title() : in.isNull("title") ? DEFAULT.title() : in.name("title", 60),
                text(
                        in,
                        "locale",
                        before.locale(),
                        DEFAULT.locale(),
                        ComponentInput::isLocale,
                        Sentence.of("problem.locale")),
                oneOf(in, "scheme", before.scheme(), DEFAULT.scheme(), List.of("auto", "light", "dark")),
                text(
                        in,
                        "accent",
                        before.accent(),
                        DEFAULT.accent(),
                        c -> c.matches("#[0-9A-Fa-f]{6}"),
                        Sentence.of("problem.component-colour")),
                bool(in, "closeButton", before.closeButton(), DEFAULT.closeButton()),
                bool(in, "newConversationButton", before.newConversationButton(), DEFAULT.newConversationButton()),
                bool(in, "expand", before.expand(), DEFAULT.expand()),
                link(in, "privacyUrl", before.privacyUrl()),
                link(in, "termsUrl", before.termsUrl()),
                limit(in, before.messageLimit()),
                stays(in, "introMessages")
                        ? before.introMessages()
                        : in.isNull("introMessages")
                                ? DEFAULT.introMessages()
                                : lines(in, "introMessages", MAX_INTRO_MESSAGES, 500),
                button(in, before.button()),
                prompts(in, before.prompts()),
                bool(in, "sound", before.sound(), DEFAULT.sound()),
                bool(in, "crossPage", before.crossPage(), DEFAULT.crossPage()));
    }

    private static ComponentOptions.@Nullable MessageLimit limit(
            JsonInput in, ComponentOptions.@Nullable MessageLimit before) {
        if (stays(in, "messageLimit")) {
            return before;
        }
        JsonInput limit = in.isNull("messageLimit") ? null : in.object("messageLimit");
        if (limit == null) {
            return null;
        }
        // A limit without a text, or a text without a limit, is half of one: both are asked for where there was none.
        int messages = before != null && stays(limit, "messages")
                ? before.messages()
                : (int) limit.number("messages", 1, 10_000);
        String text = before != null && stays(limit, "text") ? before.text() : limit.name("text", 500);
        limit.noOthers();
        return new ComponentOptions.MessageLimit(messages, text);
    }

    private static ComponentOptions.Button button(JsonInput in, ComponentOptions.Button before) {
        JsonInput button = stays(in, "button") || in.isNull("button") ? null : in.object("button");
        if (button == null) {
            return stays(in, "button") ? before : DEFAULT.button();
        }
        ComponentOptions.Button read = new ComponentOptions.Button(
                number(button, "size", before.size(), DEFAULT.button().size(), 40, 140),
                oneOf(button, "side", before.side(), DEFAULT.button().side(), List.of("left", "right")),
                number(
                        button,
                        "bottomMargin",
                        before.bottomMargin(),
                        DEFAULT.button().bottomMargin(),
                        10,
                        200));
        button.noOthers();
        return read;
    }

    private static ComponentOptions.Prompts prompts(JsonInput in, ComponentOptions.Prompts before) {
        JsonInput prompts = stays(in, "prompts") || in.isNull("prompts") ? null : in.object("prompts");
        if (prompts == null) {
            return stays(in, "prompts") ? before : DEFAULT.prompts();
        }
        ComponentOptions.Prompts read = new ComponentOptions.Prompts(
                stays(prompts, "texts")
                        ? before.texts()
                        : prompts.isNull("texts") ? List.of() : lines(prompts, "texts", MAX_PROMPTS, 200),
                oneOf(prompts, "mode", before.mode(), DEFAULT.prompts().mode(), List.of("rotate", "random")),
                number(prompts, "seconds", before.seconds(), DEFAULT.prompts().seconds(), 1, 3600));
        prompts.noOthers();
        return read;
    }

    private static List<String> lines(JsonInput in, String field, int most, int length) {
        return in.texts(
                field,
                most,
                text -> !text.isBlank()
                        && text.equals(text.strip())
                        && text.codePoints().count() <= length
                        && PlainText.isLine(text),
                Sentence.of("problem.one-line-text", length));
    }

    private static boolean stays(JsonInput in, String field) {
        return !in.has(field);
    }

    private static boolean bool(JsonInput in, String field, boolean before, boolean otherwise) {
        return stays(in, field) ? before : in.isNull(field) ? otherwise : in.bool(field);
    }

    private static int number(JsonInput in, String field, int before, int otherwise, int min, int max) {
        return stays(in, field) ? before : in.isNull(field) ? otherwise : (int) in.number(field, min, max);
    }

    private static String text(
            JsonInput in,
            String field,
            String before,
            String otherwise,
            java.util.function.Predicate<String> fits,
            Sentence unfit) {
        return stays(in, field) ? before : in.isNull(field) ? otherwise : in.text(field, fits, unfit);
    }

    private static String oneOf(JsonInput in, String field, String before, String otherwise, List<String> values) {
        return text(
                in,
                field,
                before,
                otherwise,
                Set.copyOf(values)::contains,
                Sentence.of("problem.one-of", String.join(", ", values)));
    }

    private static @Nullable String link(JsonInput in, String field, @Nullable String before) {
        return stays(in, field)
                ? before
                : in.isNull(field)
                        ? null
                        : in.text(field, ComponentInput::isLink, Sentence.of("problem.link", MAX_LINK));
    }

    private static boolean isLink(String text) {
        if (text.length() > MAX_LINK) {
            return false;
        }
        try {
            URI link = new URI(text);
            return Set.of("http", "https")
                            .contains(String.valueOf(link.getScheme()).toLowerCase(Locale.ROOT))
                    && link.getHost() != null
                    && link.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isLocale(String text) {
        if (text.equals("auto")) {
            return true;
        }
        try {
            return text.length() <= 35
                    && !new Locale.Builder()
                            .setLanguageTag(text)
                            .build()
                            .getLanguage()
                            .isEmpty();
        } catch (IllformedLocaleException e) {
            return false;
        }
    }
}
