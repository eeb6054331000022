package dev.keyrack.server.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object (RFC 8259) of bounded depth, in which no name stands twice, and nothing behind it. */
final class StrictJson {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxNumberLength(30)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** @throws ProblemException if the text is none; it says where, never what: the text may hold a secret */
    static ObjectNode object(String text) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new ProblemException(new Problem.InvalidJson(describe(e)));
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new ProblemException(new Problem.InvalidJson("The body must be a JSON object: { … }."));
    }

    private static String describe(JacksonException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        String message = String.valueOf(e.getOriginalMessage());
        if (message.contains("uplicate")) {
            return "A name stands twice in the same object" + where + ". Leave one.";
        }
        if (message.contains("nesting depth")) {
            return "The body is nested deeper than 20 levels" + where + ".";
        }
        return "The body cannot be read as JSON" + where + ".";
    }

    /** The same text for every way to write the same object: without white space, names in order. */
    static String canonical(ObjectNode object) {
        return JSON.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED).writeValueAsString(object);
    }

    /** What a value is, as people say it. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case BINARY, MISSING, POJO -> "something else";
        };
    }
}
