package dev.keyrack.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of {@link FeedJson} that is about the catalogue of permissions, as strict; and its column {@code since}. */
public final class CatalogueJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> CATALOGUE_FIELDS = Set.of("version", "permissions");
    private static final Set<String> PERMITTED_FIELDS = Set.of("permission", "since");

    private CatalogueJson() {}

    static void write(FeedChange.Catalogue catalogue, JsonGenerator out) throws IOException {
        out.writeNumberField("version", catalogue.version());
        out.writeArrayFieldStart("permissions");
        for (FeedChange.Permitted permitted : catalogue.permissions()) {
            out.writeStartObject();
            out.writeStringField("permission", permitted.permission());
            out.writeFieldName("since");
            write(permitted.since(), out);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** What stands in the column {@code since}: for each type that may have the permission, since which version. */
    public static String writeSince(Map<KeyType, Long> since) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(since, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(Map<KeyType, Long> since, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (KeyType type : KeyType.values()) {
            Long version = since.get(type);
            if (version != null) {
                out.writeNumberField(type.text(), version);
            }
        }
        out.writeEndObject();
    }

    static FeedChange read(JsonParser in) throws IOException {
        long version = 0;
        List<FeedChange.Permitted> permissions = List.of();
        Set<String> seen = new HashSet<>();
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            in.nextToken();
            switch (field) {
                case "version" -> version = in.getLongValue();
                case "permissions" -> permissions = permissions(in);
                default -> throw FeedJson.unknownField();
            }
            seen.add(field);
        }
        FeedJson.requireAll(seen, CATALOGUE_FIELDS);
        return new FeedChange.Catalogue(version, permissions);
    }

    private static List<FeedChange.Permitted> permissions(JsonParser in) throws IOException {
        require(in, JsonToken.START_ARRAY);
        List<FeedChange.Permitted> permissions = new ArrayList<>();
        while (in.nextToken() == JsonToken.START_OBJECT) {
            String permission = "";
            Map<KeyType, Long> since = Map.of();
            Set<String> seen = new HashSet<>();
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                in.nextToken();
                switch (field) {
                    case "permission" -> permission = in.getText();
                    case "since" -> since = since(in);
                    default -> throw FeedJson.unknownField();
                }
                seen.add(field);
            }
            FeedJson.requireAll(seen, PERMITTED_FIELDS);
            permissions.add(new FeedChange.Permitted(permission, since));
        }
        require(in, JsonToken.END_ARRAY);
        return permissions;
    }

    /** Reads what {@link #writeSince} wrote. */
    public static Map<KeyType, Long> readSince(String json) {
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            return since(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue in the store is not JSON", e);
        }
    }

    private static Map<KeyType, Long> since(JsonParser in) throws IOException {
        require(in, JsonToken.START_OBJECT);
        Map<KeyType, Long> since = new EnumMap<>(KeyType.class);
        for (String type = in.nextFieldName(); type != null; type = in.nextFieldName()) {
            in.nextToken();
            since.put(KeyType.of(type).orElseThrow(FeedJson::unknownValue), in.getLongValue());
        }
        return since;
    }

    private static void require(JsonParser in, JsonToken token) {
        if (in.currentToken() != token) {
            throw FeedJson.unknownValue();
        }
    }
}
