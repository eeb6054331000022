package dev.keyrack.server.assistants;

import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.outbound.OutboundAnswer;
import dev.keyrack.server.outbound.Target;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks a model behind an endpoint that speaks the chat-completions protocol, and passes on its words as they come. */
final class ChatCompletionsBackend {
    private static final int MAX_ERROR_BODY = 64 << 10;
    private static final int MAX_ERROR = 300;

    private final BackendCall call;

    ChatCompletionsBackend(BackendCall call) {
        this.call = call;
    }

    /** @param key nothing where the endpoint wants none */
    void answer(AssistantSettings.OpenAi settings, @Nullable Secret key, Turn turn, CheckedReply reply)
            throws AssistantFailed {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "text/event-stream, application/json");
        if (key != null) {
            headers.put("Authorization", "Bearer " + key.reveal());
        }
        String url = Target.parse(java.util.Objects.requireNonNull(settings.url()))
                .below("/chat/completions")
                .uri()
                .toString();
        call.run(url, headers, BackendCall.JSON.writeValueAsBytes(body(settings, turn)), new Dialect(key), reply);
    }

    private static ObjectNode body(AssistantSettings.OpenAi settings, Turn turn) {
        ObjectNode body = BackendCall.JSON
                .createObjectNode()
                .put("model", settings.model())
                .put("stream", true);
        if (settings.temperature() != null) {
            body.put("temperature", settings.temperature() / 1000.0);
        }
        ArrayNode messages = body.putArray("messages");
        if (!settings.systemPrompt().isEmpty()) {
            messages.addObject().put("role", "system").put("content", settings.systemPrompt());
        }
        for (Said one : alternating(turn.said())) {
            messages.addObject()
                    .put("role", one.author() == Said.Author.VISITOR ? "user" : "assistant")
                    .put("content", one.text());
        }
        return body;
    }

    /**
     * Many models take turns only, the user first: what was said after a reply that came to nothing goes along with what was
     * said before it, and a reply whose question is not told any more is left out.
     */
    private static List<Said> alternating(List<Said> said) {
        Deque<Said> turns = new ArrayDeque<>();
        for (Said one : said) {
            Said before = turns.peekLast();
            if (before != null && before.author() == one.author()) {
                turns.removeLast();
                turns.add(new Said(one.author(), before.text() + "\n\n" + one.text()));
            } else if (before != null || one.author() == Said.Author.VISITOR) {
                turns.add(one);
            }
        }
        return List.copyOf(turns);
    }

    /** @param key is taken out of errors, some of which repeat it */
    private record Dialect(@Nullable Secret key) implements BackendCall.Dialect {
        private static final Sentence UNQUOTED = Sentence.of("assistant.failure.unquoted");

        @Override
        public String text(JsonNode whole) throws AssistantFailed {
            requireNoError(whole);
            JsonNode content = whole.at("/choices/0/message/content");
            if (!content.isString()) {
                throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.no-choices"));
            }
            return content.stringValue();
        }

        @Override
        public String piece(JsonNode piece) throws AssistantFailed {
            requireNoError(piece);
            JsonNode content = piece.at("/choices/0/delta/content");
            return content.isString() ? content.stringValue() : "";
        }

        @Override
        public boolean isEnd(JsonNode piece) {
            return piece.at("/choices/0/finish_reason").isString();
        }

        private void requireNoError(JsonNode said) throws AssistantFailed {
            if (said.has("error") && !said.get("error").isNull()) {
                throw new AssistantFailed(Reason.REFUSED, Sentence.of("assistant.failure.error", quoted(said)));
            }
        }

        @Override
        public AssistantFailed refused(int status, OutboundAnswer answer) throws IOException {
            Sentence why;
            try {
                why = answer.contentType().equals("application/json")
                        ? quoted(BackendCall.JSON.readTree(answer.text(MAX_ERROR_BODY)))
                        : UNQUOTED;
            } catch (JacksonException | OutboundAnswer.TooLarge e) {
                why = UNQUOTED;
            }
            Sentence hint = Sentence.of(
                    switch (status) {
                        case 401, 403 -> "assistant.failure.hint.key";
                        case 404 -> "assistant.failure.hint.model";
                        case 429 -> "assistant.failure.hint.limit";
                        default -> "assistant.failure.hint.none";
                    });
            return new AssistantFailed(Reason.REFUSED, Sentence.of("assistant.failure.status", status, why, hint));
        }

        /** What an error says of itself: {@code {"error":{"message":"…"}}}, or {@code {"error":"…"}}. */
        private Sentence quoted(JsonNode said) {
            JsonNode message = said.at("/error/message").isString() ? said.at("/error/message") : said.path("error");
            if (!message.isString()) {
                return UNQUOTED;
            }
            String text = message.stringValue();
            if (key != null && !key.reveal().isEmpty()) {
                text = text.replace(key.reveal(), "…");
            }
            text = text.replaceAll("[\\p{Cc}\\p{Cs}\\p{Cf}\\p{Z}]+", " ").strip();
            return Sentence.of(
                    "assistant.failure.quoted",
                    text.codePointCount(0, text.length()) > MAX_ERROR
                            ? text.substring(0, text.offsetByCodePoints(0, MAX_ERROR)) + "…"
                            : text);
        }
    }
}
