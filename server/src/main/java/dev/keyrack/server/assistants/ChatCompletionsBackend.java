package dev.keyrack.server.assistants;

import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.outbound.OutboundAnswer;
import dev.keyrack.server.outbound.Target;
import dev.keyrack.verifier.Secret;
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
        @Override
        public String text(JsonNode whole) throws AssistantFailed {
            requireNoError(whole);
            JsonNode content = whole.at("/choices/0/message/content");
            if (!content.isString()) {
                throw new AssistantFailed(
                        Reason.UNREADABLE, "Its answer has no text where chat completions have it (choices, message).");
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
                throw new AssistantFailed(Reason.REFUSED, "It answered with an error" + quoted(said));
            }
        }

        @Override
        public AssistantFailed refused(int status, OutboundAnswer answer) throws IOException {
            String why;
            try {
                why = answer.contentType().equals("application/json")
                        ? quoted(BackendCall.JSON.readTree(answer.text(MAX_ERROR_BODY)))
                        : ".";
            } catch (JacksonException | OutboundAnswer.TooLarge e) {
                why = ".";
            }
            String hint = switch (status) {
                case 401, 403 -> " Check the API key.";
                case 404 -> " Check the base URL and the model.";
                case 429 -> " Its limit is reached.";
                default -> "";
            };
            return new AssistantFailed(Reason.REFUSED, "It answered with status " + status + why + hint);
        }

        /** What an error says of itself: {@code {"error":{"message":"…"}}}, or {@code {"error":"…"}}. */
        private String quoted(JsonNode said) {
            JsonNode message = said.at("/error/message").isString() ? said.at("/error/message") : said.path("error");
            if (!message.isString()) {
                return ".";
            }
            String text = message.stringValue();
            if (key != null && !key.reveal().isEmpty()) {
                text = text.replace(key.reveal(), "…");
            }
            text = text.replaceAll("[\\p{Cc}\\p{Cs}\\p{Cf}\\p{Z}]+", " ").strip();
            return ": “"
                    + (text.codePointCount(0, text.length()) > MAX_ERROR
                            ? text.substring(0, text.offsetByCodePoints(0, MAX_ERROR)) + "…"
                            : text)
                    + "”.";
        }
    }
}
