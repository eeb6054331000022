package dev.keyrack.server.assistants;

import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.server.outbound.CallFailed;
import dev.keyrack.server.outbound.Outbound;
import dev.keyrack.server.outbound.OutboundAnswer;
import dev.keyrack.server.outbound.Target;
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
            throw new AssistantFailed(
                    Reason.REFUSED,
                    "It answers with a redirect (status " + answer.status()
                            + "), which is not followed. Enter the address that it leads to.");
        }
        if (answer.status() != 200) {
            throw dialect.refused(answer.status(), answer);
        }
        switch (answer.contentType()) {
            case "text/event-stream" -> readEvents(answer, dialect, reply);
            case "application/json" -> reply.add(dialect.text(json(answer.text(MAX_JSON))));
            default ->
                throw new AssistantFailed(
                        Reason.UNREADABLE,
                        "Its content type is neither application/json nor text/event-stream. Check that the address is"
                                + " the one that answers.");
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
            throw new AssistantFailed(
                    Reason.UNREADABLE,
                    "It closed the stream of events before it said that the answer ends (" + LAST + ").");
        }
    }

    private static JsonNode json(String text) throws AssistantFailed {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            // Without its cause, which quotes what could not be read.
            throw new AssistantFailed(Reason.UNREADABLE, "It answered with something that is no JSON.");
        }
    }

    private static AssistantFailed failure(CallFailed.Reason reason) {
        return switch (reason) {
            case NAME_UNKNOWN ->
                new AssistantFailed(
                        Reason.UNREACHABLE, "The host of its address has no IP address. Check the spelling.");
            case ADDRESS_REFUSED ->
                new AssistantFailed(
                        Reason.ADDRESS_REFUSED,
                        "Its address is not on the public Internet, and such addresses are not called. The operator can"
                                + " allow a network in KEYRACK_BACKEND_NETWORKS.");
            case UNREACHABLE ->
                new AssistantFailed(
                        Reason.UNREACHABLE,
                        "It cannot be connected to. Check that it runs, and that a firewall lets us in.");
            case TLS ->
                new AssistantFailed(
                        Reason.UNREACHABLE,
                        "A secure connection was not possible. Check that its certificate is valid for this host and from"
                                + " a public authority.");
            case TIMED_OUT, CANCELLED ->
                new AssistantFailed(
                        Reason.TIMED_OUT,
                        "It did not answer, or not go on, in time: 30 seconds for each part, 110 seconds for all of it.");
            case BROKEN_OFF ->
                new AssistantFailed(
                        Reason.UNREADABLE,
                        "It closed the connection before its answer ended. See its own log for why.");
            case NOT_HTTP ->
                new AssistantFailed(
                        Reason.UNREADABLE,
                        "What it says is no HTTP that can be read. Check port and scheme (http, https).");
            case TOO_LARGE ->
                new AssistantFailed(
                        Reason.UNREADABLE, "Its answer is too large. Make the backend answer more briefly.");
        };
    }
}
