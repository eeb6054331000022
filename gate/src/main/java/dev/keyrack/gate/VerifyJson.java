package dev.keyrack.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.Verdict;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The question of {@code POST /v1/verify}, and its answer. Strict: a question that is not understood whole is refused. */
final class VerifyJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(3)
                    .maxNumberLength(20)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final int MAX_ORIGIN = 2048;
    private static final int MAX_IP = 64;

    /** An Android app with the longest id and its certificate, as text. */
    static final int MAX_APP = 400;

    /** The highest cost of one verification. */
    static final int MAX_COST = 1_000_000_000;

    private static final Map<KeyType, String> TYPES = types();
    private static final Map<Code, String> HEADS = heads();

    private VerifyJson() {}

    /** @throws ProblemException when the body is not a question; never for what stands in {@code token} */
    static Question read(byte[] body) {
        String text = Utf8.decode(body);
        if (text == null) {
            throw Problem.malformed("the body is not UTF-8").exception();
        }
        try (JsonParser in = JSON.createParser(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.malformed("the body must be a JSON object").exception();
            }
            Question question = question(in);
            if (in.nextToken() != null) {
                throw Problem.malformed("something follows the JSON object").exception();
            }
            return question;
        } catch (IOException e) {
            // The message of a parser quotes what it read, which may be a token.
            throw Problem.malformed("the body is not JSON, nests too deeply or has too long a number")
                    .exception();
        }
    }

    private static Question question(JsonParser in) throws IOException {
        String token = null;
        String permission = null;
        String origin = null;
        String ip = null;
        App.Asked app = null;
        int seen = 0;
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            int bit = bit(field);
            if ((seen & bit) != 0) {
                throw Problem.malformedField("/" + field, "stands there twice").exception();
            }
            seen |= bit;
            JsonToken value = in.nextToken();
            switch (field) {
                case "token" -> token = string(in, value, "/token", Integer.MAX_VALUE);
                case "permission" -> permission = permission(string(in, value, "/permission", Permissions.MAX_LENGTH));
                case "origin" -> origin = string(in, value, "/origin", MAX_ORIGIN);
                case "ip" -> ip = string(in, value, "/ip", MAX_IP);
                case "app" -> app = app(in, value);
                case "cost" -> cost(in, value);
                default -> throw new IllegalStateException("a field without a reader");
            }
        }
        if (token == null) {
            throw Problem.malformedField("/token", "is missing").exception();
        }
        return new Question(token, permission, null, origin, ip, app);
    }

    private static int bit(String field) {
        return switch (field) {
            case "token" -> 1;
            case "permission" -> 2;
            case "origin" -> 4;
            case "ip" -> 8;
            case "app" -> 16;
            case "cost" -> 32;
            default -> throw unknown("", field, "token, permission, origin, ip, app and cost");
        };
    }

    private static String string(JsonParser in, JsonToken value, String pointer, int most) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            throw Problem.malformedField(pointer, "must be a string").exception();
        }
        String text = in.getText();
        if (text.length() > most) {
            throw Problem.malformedField(pointer, "must have at most " + most + " characters")
                    .exception();
        }
        return text;
    }

    private static String permission(String text) {
        if (!Permissions.isQuestion(text)) {
            throw Problem.malformedField("/permission", "must be resource.action, without wildcards")
                    .exception();
        }
        return text;
    }

    /** An app as text, or as an object of its platform, its id and the SHA-256 of its certificate. */
    private static App.Asked app(JsonParser in, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            if (value != JsonToken.VALUE_STRING) {
                throw Problem.malformedField("/app", "must be a string or an object")
                        .exception();
            }
            return App.Asked.of(string(in, value, "/app", MAX_APP));
        }
        String platform = null;
        String id = "";
        String certificate = null;
        int seen = 0;
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            int bit = switch (field) {
                case "platform" -> 1;
                case "id" -> 2;
                case "certificateSha256" -> 4;
                default -> throw unknown("/app", field, "platform, id and certificateSha256");
            };
            if ((seen & bit) != 0) {
                throw Problem.malformedField("/app/" + field, "stands there twice")
                        .exception();
            }
            seen |= bit;
            String text = string(in, in.nextToken(), "/app/" + field, MAX_APP);
            switch (field) {
                case "platform" -> platform = text;
                case "id" -> id = text;
                default -> certificate = text;
            }
        }
        if ((seen & 2) == 0) {
            throw Problem.malformedField("/app/id", "is missing").exception();
        }
        return App.Asked.of(platform, id, certificate);
    }

    private static void cost(JsonParser in, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT
                || in.getNumberType() != JsonParser.NumberType.INT
                || in.getIntValue() < 0
                || in.getIntValue() > MAX_COST) {
            throw Problem.malformedField("/cost", "must be a whole number from 0 to " + MAX_COST)
                    .exception();
        }
    }

    /** Names the field only where it is short enough to be a slip, and not a token in the wrong place. */
    private static ProblemException unknown(String parent, String field, String known) {
        boolean slip = field.matches("[A-Za-z][A-Za-z0-9_]{0,31}");
        return Problem.malformedField(slip ? parent + "/" + field : parent, "is not known; the fields are " + known)
                .exception();
    }

    /** The answer: the verdict, and which key it is about where the caller proved to hold a token of it. */
    static JsonOut write(JsonOut out, Verdict verdict) {
        out.raw(HEADS.getOrDefault(verdict.code(), ""));
        ReplicaKey key = verdict.about().orElse(null);
        if (key != null) {
            write(out, key, verdict.generation());
            verdict.inOverlap().ifPresent(token -> time(out, "tokenEndsAt", token.endsAt()));
        }
        return out.raw("}");
    }

    private static void write(JsonOut out, ReplicaKey key, int generation) {
        out.raw(",\"keyId\":\"").raw(key.id()).raw("\",\"type\":\"").raw(type(key));
        out.raw("\",\"organizationId\":").string(key.organization().id());
        out.raw(",\"projectId\":").string(key.projectId());
        out.raw(",\"generation\":").number(generation);
        List<String> permissions = key.permissions().orElse(null);
        if (permissions != null) {
            out.raw(",\"permissions\":[");
            String separator = "";
            for (String permission : permissions) {
                out.raw(separator).string(permission);
                separator = ",";
            }
            out.raw("]");
        }
        if (key.expiresAt() != FeedChange.NEVER) {
            time(out, "expiresAt", key.expiresAt());
        }
    }

    private static void time(JsonOut out, String field, long micros) {
        out.raw(",\"").raw(field).raw("\":\"").time(micros).raw("\"");
    }

    static String type(ReplicaKey key) {
        return TYPES.getOrDefault(key.type(), "");
    }

    private static Map<KeyType, String> types() {
        Map<KeyType, String> texts = new EnumMap<>(KeyType.class);
        for (KeyType type : KeyType.values()) {
            texts.put(type, type.text());
        }
        return texts;
    }

    private static Map<Code, String> heads() {
        Map<Code, String> texts = new EnumMap<>(Code.class);
        for (Code code : Code.values()) {
            texts.put(code, "{\"valid\":" + (code == Code.VALID) + ",\"code\":\"" + code.name() + "\"");
        }
        return texts;
    }
}
