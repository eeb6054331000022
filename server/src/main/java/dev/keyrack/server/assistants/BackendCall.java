package dev.keyrack.server.assistants;

import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.outbound.CallFailed;
import dev.keyrack.server.outbound.Outbound;
import dev.keyrack.server.outbound.OutboundAnswer;
import dev.keyrack.server.outbound.Target;
import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One call of a backend over HTTP, which answers with JSON or with server-sent events. */
final class BackendCall {
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .build())
            .build();

    private static final long MAX_BODY = 16 << 20;
    private static final int MAX_JSON = 1 << 20;
    private static final String LAST = "[DONE]";

    private final Outbound outbound;

    BackendCall(Outbound outbound) {
        this.outbound = outbound;
    }

    /** How one kind of backend says things. */
    interface Dialect {
        /** The text in an answer that is one JSON object. */
        String text(JsonNode whole) throws AssistantFailed;

        /** What a piece adds to the answer; empty where it adds nothing. */
        String piece(JsonNode piece) throws AssistantFailed;

        /** Whether the answer is whole although nobody said so. */
        boolean isEnd(JsonNode piece);

        /** What an answer with this status means. */
        AssistantFailed refused(int status, OutboundAnswer answer) throws IOException;
    }

    void run(String url, Map<String, String> headers, byte[] body, Dialect dialect, CheckedReply reply)
            throws AssistantFailed {
        try {
            outbound.post(
                    Target.parse(url),
                    headers,
                    body,
                    MAX_BODY,
                    reply.reply()::onCancel,
                    answer -> read(answer, dialect, reply));
        } catch (CallFailed e) {
            if (e.reason() != CallFailed.Reason.CANCELLED) {
                throw failure(e.reason());
            }
        }
    }

    private static void read(OutboundAnswer answer, Dialect dialect, CheckedReply reply)
            throws IOException, AssistantFailed {
        if (answer.status() >= 300 && answer.status() < 400) {
            throw new AssistantFailed(Reason.REFUSED, Sentence.of("assistant.failure.redirect", answer.status()));
        }
        if (answer.status() != 200) {
            throw dialect.refused(answer.status(), answer);
        }
        switch (answer.contentType()) {
            case "text/event-stream" -> readEvents(answer, dialect, reply);
            case "application/json" -> reply.add(dialect.text(json(answer.text(MAX_JSON))));
            default -> throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.content-type"));
        }
        reply.finish();
    }

    private static void readEvents(OutboundAnswer answer, Dialect dialect, CheckedReply reply)
            throws IOException, AssistantFailed {
        EventStream events = new EventStream(answer.body());
        boolean ended = false;
        for (String data = events.next(); data != null; data = events.next()) {
            if (data.strip().equals(LAST)) {
                return;
            }
            JsonNode piece = json(data);
            reply.add(dialect.piece(piece));
            ended |= dialect.isEnd(piece);
        }
        if (!ended) {
            throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.no-end", LAST));
        }
    }

    private static JsonNode json(String text) throws AssistantFailed {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            // Without its cause, which quotes what could not be read.
            throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.no-json"));
        }
    }

    private static AssistantFailed failure(CallFailed.Reason reason) {
        return switch (reason) {
            case NAME_UNKNOWN -> new AssistantFailed(Reason.UNREACHABLE, Sentence.of("assistant.failure.name"));
            case ADDRESS_REFUSED ->
                new AssistantFailed(Reason.ADDRESS_REFUSED, Sentence.of("assistant.failure.address"));
            case UNREACHABLE -> new AssistantFailed(Reason.UNREACHABLE, Sentence.of("assistant.failure.unreachable"));
            case TLS -> new AssistantFailed(Reason.UNREACHABLE, Sentence.of("assistant.failure.tls"));
            case TIMED_OUT, CANCELLED -> new AssistantFailed(Reason.TIMED_OUT, Sentence.of("assistant.failure.time"));
            case BROKEN_OFF -> new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.broken-off"));
            case NOT_HTTP -> new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.http"));
            case TOO_LARGE -> new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.large"));
        };
    }
}
