package dev.keyrack.server.http;

import dev.keyrack.verifier.Sentence;
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
        throw new ProblemException(new Problem.InvalidJson(Sentence.of("problem.not-an-object")));
    }

    private static Sentence describe(JacksonException e) {
        Sentence where = e.getLocation() == null
                ? Sentence.of("problem.json.somewhere")
                : Sentence.of(
                        "problem.json.at",
                        e.getLocation().getLineNr(),
                        e.getLocation().getColumnNr());
        String message = String.valueOf(e.getOriginalMessage());
        if (message.contains("uplicate")) {
            return Sentence.of("problem.json.twice", where);
        }
        if (message.contains("nesting depth")) {
            return Sentence.of("problem.json.deep", where);
        }
        return Sentence.of("problem.json.unreadable", where);
    }

    /** The same text for every way to write the same object: without white space, names in order. */
    static String canonical(ObjectNode object) {
        return JSON.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED).writeValueAsString(object);
    }

    /** What a value is, as people say it. */
    static Sentence kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> Sentence.of("problem.kind.list");
            case BOOLEAN -> Sentence.of("problem.kind.bool");
            case NULL -> Sentence.of("problem.kind.null");
            case NUMBER -> Sentence.of("problem.kind.number");
            case OBJECT -> Sentence.of("problem.kind.object");
            case STRING -> Sentence.of("problem.kind.text");
            case BINARY, MISSING, POJO -> Sentence.of("problem.kind.other");
        };
    }
}
