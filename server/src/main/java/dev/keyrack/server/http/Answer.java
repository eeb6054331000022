package dev.keyrack.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to a {@link Creation}, in a form that can be kept and given again: status, headers and body. Has a new token
 * in it, and so does not show itself.
 */
public final class Answer {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final int status;
    private final Map<String, String> headers;
    private final ObjectNode body;
    private final @Nullable String holder;
    private final boolean keepable;
    private final boolean replayed;

    private Answer(
            int status,
            Map<String, String> headers,
            ObjectNode body,
            @Nullable String holder,
            boolean keepable,
            boolean replayed) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.holder = holder;
        this.keepable = keepable;
        this.replayed = replayed;
    }

    /** 201: a new resource, at this address and in this version. */
    public static Answer created(String location, long version, Object body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Location", location);
        headers.put("ETag", Requests.etag(version));
        return new Answer(201, headers, JSON.valueToTree(body), null, true, false);
    }

    /** 200: a resource that was there, in this version. */
    public static Answer changed(long version, Object body) {
        return new Answer(200, Map.of("ETag", Requests.etag(version)), JSON.valueToTree(body), null, true, false);
    }

    /** 200 with a token that ends the one which this call was made with: nobody could open it again, so it is not kept. */
    public static Answer succeeding(Object body) {
        return new Answer(200, Map.of(), JSON.valueToTree(body), null, false, false);
    }

    /** @param id of the key or member whose token this holds: {@link Idempotency#erase} when that token ends */
    public Answer withTokenOf(String id) {
        return new Answer(status, headers, body, id, keepable, replayed);
    }

    /** With a field that is not kept, because it must be true when it is sent. */
    public Answer with(String field, Object value) {
        ObjectNode more = body.deepCopy();
        more.set(field, JSON.valueToTree(value));
        return new Answer(status, headers, more, holder, keepable, replayed);
    }

    @Nullable
    String holder() {
        return holder;
    }

    boolean keepable() {
        return keepable;
    }

    /** For keeping; {@link #replay} reads it. */
    String text() {
        ObjectNode all = JSON.createObjectNode().put("status", status);
        headers.forEach(all.putObject("headers")::put);
        all.set("body", body);
        return JSON.writeValueAsString(all);
    }

    static Answer replay(String text) {
        JsonNode all = JSON.readTree(text);
        Map<String, String> headers = new LinkedHashMap<>();
        all.get("headers")
                .properties()
                .forEach(e -> headers.put(e.getKey(), e.getValue().stringValue()));
        return new Answer(all.get("status").intValue(), headers, (ObjectNode) all.get("body"), null, true, true);
    }

    ResponseEntity<JsonNode> response() {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
        headers.forEach(response::header);
        if (replayed) {
            response.header("Idempotency-Replayed", "true");
        }
        return response.body(body);
    }

    @Override
    public String toString() {
        return "Answer[redacted]";
    }
}
