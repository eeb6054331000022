package dev.keyrack.server.assistants;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.outbound.AddressGuard;
import dev.keyrack.server.outbound.Target;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to change about an assistant, as a merge patch says it (RFC 7396): what is absent stays, what is null goes back to
 * nothing or to what Keyrack says by itself.
 */
record AssistantPatch(
        Field<Backend> backend,
        Field<String> fallback,
        Field<String> webhookUrl,
        Field<String> modelUrl,
        Field<String> model,
        Field<String> systemPrompt,
        Field<Long> temperature,
        Field<Secret> apiKey) {
    private static final int MAX_FALLBACK = 1_000;
    private static final int MAX_PROMPT = 8_000;
    private static final int MAX_MODEL = 200;
    private static final int MAX_API_KEY = 1_000;
    private static final long MAX_TEMPERATURE = 2_000;

    /** @param value nothing where it is to be removed */
    record Field<T>(boolean given, @Nullable T value) {
        static <T> Field<T> none() {
            return new Field<>(false, null);
        }

        @Nullable
        T or(@Nullable T before) {
            return given ? value : before;
        }

        T or(T before, T initial) {
            return given ? (value == null ? initial : value) : before;
        }
    }

    /** Notes in the input what does not fit of it; its caller finishes it. */
    static AssistantPatch read(JsonInput in, AddressGuard guard) {
        JsonInput faq = in.has("faq") ? in.object("faq") : null;
        JsonInput webhook = in.has("webhook") ? in.object("webhook") : null;
        JsonInput model = in.has("openai") ? in.object("openai") : null;
        AssistantPatch patch = new AssistantPatch(
                field(in, "backend", i -> backend(i)),
                field(faq, "fallback", i -> i.lines("fallback", 1, MAX_FALLBACK)),
                field(webhook, "url", i -> url(i, guard)),
                field(model, "url", i -> url(i, guard)),
                field(model, "model", i -> i.name("model", MAX_MODEL)),
                field(model, "systemPrompt", i -> i.lines("systemPrompt", 0, MAX_PROMPT)),
                field(model, "temperature", i -> i.thousandths("temperature", 0, MAX_TEMPERATURE)),
                field(model, "apiKey", i -> apiKey(i)));
        for (JsonInput part : new JsonInput[] {faq, webhook, model}) {
            if (part != null) {
                part.noOthers();
            }
        }
        return patch;
    }

    private static <T> Field<T> field(@Nullable JsonInput in, String name, Function<JsonInput, T> read) {
        if (in == null || !in.has(name)) {
            return Field.none();
        }
        return new Field<>(true, in.isNull(name) ? null : read.apply(in));
    }

    private static Backend backend(JsonInput in) {
        String text = in.text("backend", name -> Backend.of(name).isPresent(), Sentence.of("problem.backend"));
        return Backend.of(text).orElse(Backend.FAQ);
    }

    private static String url(JsonInput in, AddressGuard guard) {
        JsonInput.Text typed = in.string("url").orElse(null);
        if (typed == null) {
            return "";
        }
        String text = typed.text().strip();
        try {
            if (Target.parse(text).isRefused(guard)) {
                in.error(in.pointer("url"), Sentence.of("problem.address-not-public"));
            }
        } catch (Target.Misspelt e) {
            in.error(in.pointer("url"), e.says());
        }
        return text;
    }

    /** It goes into a header: nothing but visible ASCII may be in it. */
    private static Secret apiKey(JsonInput in) {
        Secret key = Secret.of(in.secret("apiKey").reveal().strip());
        String text = key.reveal();
        if (text.isEmpty() || text.length() > MAX_API_KEY || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            in.error(in.pointer("apiKey"), Sentence.of("problem.backend-key", MAX_API_KEY));
        }
        return key;
    }
}
