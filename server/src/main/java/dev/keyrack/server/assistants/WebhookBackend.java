package dev.keyrack.server.assistants;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.outbound.OutboundAnswer;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks a program of the customer's: a POST signed as Standard Webhooks say (github.com/standard-webhooks, v1). */
final class WebhookBackend implements BackendCall.Dialect {
    private final BackendCall call;

    WebhookBackend(BackendCall call) {
        this.call = call;
    }

    /**
     * @param secrets what it is signed with, each: whoever knows one of them can verify it
     * @param at seconds since 1970
     */
    void answer(String url, List<Secret> secrets, Turn turn, long at, CheckedReply reply) throws AssistantFailed {
        String body = BackendCall.JSON.writeValueAsString(body(turn));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "text/event-stream, application/json");
        headers.put("webhook-id", turn.messageId());
        headers.put("webhook-timestamp", String.valueOf(at));
        headers.put(
                "webhook-signature",
                secrets.stream()
                        .map(secret -> signature(secret, turn.messageId(), at, body))
                        .collect(Collectors.joining(" ")));
        call.run(url, headers, body.getBytes(StandardCharsets.UTF_8), this, reply);
    }

    private static String signature(Secret secret, String id, long at, String body) {
        try {
            return new Webhook(secret.reveal()).sign(id, at, body);
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            // Without its cause: it may quote the secret.
            throw new IllegalStateException("a call could not be signed");
        }
    }

    private static ObjectNode body(Turn turn) {
        ObjectNode body = BackendCall.JSON
                .createObjectNode()
                .put("conversationId", turn.conversationId())
                .put("messageId", turn.messageId())
                .put("projectId", turn.projectId());
        body.putObject("visitor")
                .put("id", turn.visitorId())
                .put("customer", turn.customer())
                .put("locale", turn.locale());
        ArrayNode messages = body.putArray("messages");
        for (Said said : turn.said()) {
            messages.addObject()
                    .put("author", said.author().name().toLowerCase(Locale.ROOT))
                    .put("text", said.text());
        }
        return body;
    }

    @Override
    public String text(JsonNode whole) throws AssistantFailed {
        return piece(whole);
    }

    @Override
    public String piece(JsonNode piece) throws AssistantFailed {
        if (!piece.path("text").isString()) {
            throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.no-text"));
        }
        return piece.get("text").stringValue();
    }

    @Override
    public boolean isEnd(JsonNode piece) {
        return false;
    }

    @Override
    public AssistantFailed refused(int status, OutboundAnswer answer) {
        return new AssistantFailed(
                Reason.REFUSED,
                Sentence.of(
                        status == 401 || status == 403
                                ? "assistant.failure.webhook-unauthorized"
                                : "assistant.failure.webhook-status",
                        status));
    }
}
