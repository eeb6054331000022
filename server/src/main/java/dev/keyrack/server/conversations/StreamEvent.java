package dev.keyrack.server.conversations;

import dev.keyrack.server.http.VisitorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server-sent event (WHATWG HTML, section 9.2) of a reply's stream.
 *
 * @param data JSON in one line
 */
record StreamEvent(String name, String data) {
    private static StreamEvent of(String name, Map<String, ?> data) {
        return new StreamEvent(name, MessageBody.JSON.writeValueAsString(data));
    }

    /** The first one. */
    static StreamEvent accepted(Message sent, String replyId, @Nullable Long left) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("message", MessageBody.of(sent));
        data.put("reply", replyId);
        data.put("left", left);
        return of("accepted", data);
    }

    static StreamEvent text(String piece) {
        return of("text", Map.of("text", piece));
    }

    /** The last one of a reply. */
    static StreamEvent last(Message reply) {
        Map<String, Object> data = new LinkedHashMap<>();
        String code = reply.failure();
        if (code != null) {
            data.put("code", code);
        }
        data.put("message", MessageBody.of(reply));
        return of(code == null ? "done" : "failed", data);
    }

    /** The last one of a stream that ends before its reply. It is none of the reply's, and has no id. */
    static String ended(String code) {
        return "event: ended\ndata: {\"code\":\"" + code + "\"}\n\n";
    }

    static String ended(VisitorCode code) {
        return ended(code.name());
    }

    String text(String replyId, long number) {
        return "id: " + replyId + ":" + number + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }
}
