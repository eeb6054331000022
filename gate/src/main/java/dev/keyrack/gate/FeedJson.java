package dev.keyrack.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Restrictions;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a change is written in the feed, and read from it: one place for both directions.
 *
 * <p>Reading is strict. A kind, field or value that this program does not know, or one that is missing, may be a restriction that it would not
 * enforce, so the change becomes {@link FeedChange.Unknown} and the node stops saying yes.
 */
public final class FeedJson {
    private static final JsonFactory JSON = new JsonFactory();

    private static final Set<String> ORGANIZATION_FIELDS =
            Set.of("id", "subdomain", "operator", "suspended", "version");

    private FeedJson() {}

    /** What stands in the column {@code kind}. */
    public static String kind(FeedChange change) {
        return switch (change) {
            case FeedChange.Key key -> "key";
            case FeedChange.KeyRemoved removed -> "key-removed";
            case FeedChange.Organization organization -> "organization";
            case FeedChange.Catalogue catalogue -> "catalogue";
            case FeedChange.Node node -> "node";
            case FeedChange.Unknown unknown -> unknown.kind();
        };
    }

    /** What stands in the column {@code payload}. */
    public static String write(FeedChange change) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            switch (change) {
                case FeedChange.Key key -> writeKey(key, out);
                case FeedChange.KeyRemoved(KeyId id) -> out.writeStringField("id", id.value());
                case FeedChange.Organization organization -> {
                    out.writeStringField("id", organization.id());
                    out.writeStringField("subdomain", organization.subdomain());
                    out.writeBooleanField("operator", organization.operator());
                    out.writeBooleanField("suspended", organization.suspended());
                    out.writeNumberField("version", organization.version());
                }
                case FeedChange.Catalogue catalogue -> CatalogueJson.write(catalogue, out);
                case FeedChange.Node(String registration) -> out.writeStringField("registration", registration);
                case FeedChange.Unknown unknown ->
                    throw new IllegalArgumentException("nobody writes a change of an unknown kind: " + unknown.kind());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void writeKey(FeedChange.Key key, JsonGenerator out) throws IOException {
        out.writeStringField("id", key.id().value());
        out.writeStringField("organizationId", key.organizationId());
        out.writeStringField("projectId", key.projectId());
        out.writeStringField("type", key.type().text());
        out.writeStringField("state", key.state().text());
        out.writeNumberField("version", key.version());
        out.writeArrayFieldStart("tokens");
        for (FeedChange.Token token : key.tokens()) {
            out.writeStartObject();
            out.writeNumberField("generation", token.generation());
            out.writeStringField("digest", token.digest().text());
            out.writeNumberField("supersededAt", token.supersededAt());
            out.writeNumberField("endsAt", token.endsAt());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNumberField("expiresAt", key.expiresAt());
        List<String> permissions = key.permissions();
        if (permissions == null) {
            out.writeNullField("permissions");
        } else {
            writePermissions(permissions, out);
        }
        out.writeNumberField("permissionsAsOf", key.permissionsAsOf());
        out.writeStringField("restrictions", RestrictionsJson.write(key.restrictions()));
    }

    private static void writePermissions(List<String> permissions, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("permissions");
        for (String permission : permissions) {
            out.writeString(permission);
        }
        out.writeEndArray();
    }

    /** The change that stands in these columns. */
    public static FeedChange read(String kind, String payload) {
        return read(kind, payload.getBytes(StandardCharsets.UTF_8), RestrictionsJson::read);
    }

    /**
     * As above.
     *
     * @param payload in UTF-8, as the database sends it
     * @param restrictions reads their text, and may remember what it has read
     */
    static FeedChange read(String kind, byte[] payload, Function<String, Restrictions> restrictions) {
        try (JsonParser in = JSON.createParser(payload)) {
            in.nextToken();
            return switch (kind) {
                case "key" -> readKey(in, restrictions);
                case "key-removed" -> readRemoved(in);
                case "organization" -> readOrganization(in);
                case "catalogue" -> CatalogueJson.read(in);
                case "node" -> readNode(in);
                default -> new FeedChange.Unknown(kind);
            };
        } catch (IOException | IllegalArgumentException e) {
            return new FeedChange.Unknown(kind);
        }
    }

    /** Permissions as the store keeps them: a JSON array of strings. */
    public static List<String> readPermissions(String json) {
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            return strings(in);
        } catch (IOException e) {
            throw new UncheckedIOException("permissions in the store are not a JSON array", e);
        }
    }

    /** Each field sets a bit: reading a key is what a gate does most of while it catches up. */
    private static FeedChange readKey(JsonParser in, Function<String, Restrictions> reader) throws IOException {
        String id = "";
        String organizationId = "";
        String projectId = "";
        KeyType type = KeyType.WEB;
        KeyState state = KeyState.REVOKED;
        long version = 0;
        List<FeedChange.Token> tokens = List.of();
        long expiresAt = FeedChange.NEVER;
        List<String> permissions = null;
        long permissionsAsOf = 0;
        Restrictions restrictions = Restrictions.NONE;
        int seen = 0;
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            in.nextToken();
            seen |= switch (field) {
                case "id" -> {
                    id = in.getText();
                    yield 1 << 0;
                }
                case "organizationId" -> {
                    organizationId = in.getText();
                    yield 1 << 1;
                }
                case "projectId" -> {
                    projectId = in.getText();
                    yield 1 << 2;
                }
                case "type" -> {
                    type = KeyType.of(in.getText()).orElseThrow(FeedJson::unknownValue);
                    yield 1 << 3;
                }
                case "state" -> {
                    state = KeyState.of(in.getText()).orElseThrow(FeedJson::unknownValue);
                    yield 1 << 4;
                }
                case "version" -> {
                    version = in.getLongValue();
                    yield 1 << 5;
                }
                case "tokens" -> {
                    tokens = tokens(in);
                    yield 1 << 6;
                }
                case "expiresAt" -> {
                    expiresAt = in.getLongValue();
                    yield 1 << 7;
                }
                case "permissions" -> {
                    permissions = in.currentToken() == JsonToken.VALUE_NULL ? null : strings(in);
                    yield 1 << 8;
                }
                case "permissionsAsOf" -> {
                    permissionsAsOf = in.getLongValue();
                    yield 1 << 9;
                }
                case "restrictions" -> {
                    restrictions = reader.apply(in.getText());
                    yield 1 << 10;
                }
                default -> throw unknownField();
            };
        }
        require(seen == (1 << 11) - 1);
        return new FeedChange.Key(
                new KeyId(id),
                organizationId,
                projectId,
                type,
                state,
                version,
                tokens,
                expiresAt,
                permissions,
                permissionsAsOf,
                restrictions);
    }

    private static List<FeedChange.Token> tokens(JsonParser in) throws IOException {
        List<FeedChange.Token> tokens = new ArrayList<>();
        while (in.nextToken() == JsonToken.START_OBJECT) {
            int generation = 0;
            Digest digest = null;
            long supersededAt = FeedChange.NEVER;
            long endsAt = FeedChange.NEVER;
            int seen = 0;
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                in.nextToken();
                seen |= switch (field) {
                    case "generation" -> {
                        generation = in.getIntValue();
                        yield 1 << 0;
                    }
                    case "digest" -> {
                        digest = Digest.parse(in.getText());
                        yield 1 << 1;
                    }
                    case "supersededAt" -> {
                        supersededAt = in.getLongValue();
                        yield 1 << 2;
                    }
                    case "endsAt" -> {
                        endsAt = in.getLongValue();
                        yield 1 << 3;
                    }
                    default -> throw unknownField();
                };
            }
            require(seen == (1 << 4) - 1);
            tokens.add(new FeedChange.Token(generation, required(digest), supersededAt, endsAt));
        }
        return tokens;
    }

    private static FeedChange readRemoved(JsonParser in) throws IOException {
        String id = "";
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            in.nextToken();
            if (!field.equals("id")) {
                throw unknownField();
            }
            id = in.getText();
        }
        return new FeedChange.KeyRemoved(new KeyId(id));
    }

    private static FeedChange readNode(JsonParser in) throws IOException {
        String registration = null;
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            in.nextToken();
            if (!field.equals("registration")) {
                throw unknownField();
            }
            registration = in.getText();
        }
        return new FeedChange.Node(required(registration));
    }

    private static FeedChange readOrganization(JsonParser in) throws IOException {
        String id = null;
        String subdomain = "";
        boolean operator = false;
        boolean suspended = true;
        long version = 0;
        Set<String> seen = new HashSet<>();
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            in.nextToken();
            switch (field) {
                case "id" -> id = in.getText();
                case "subdomain" -> subdomain = in.getText();
                case "operator" -> operator = in.getBooleanValue();
                case "suspended" -> suspended = in.getBooleanValue();
                case "version" -> version = in.getLongValue();
                default -> throw unknownField();
            }
            seen.add(field);
        }
        requireAll(seen, ORGANIZATION_FIELDS);
        return new FeedChange.Organization(required(id), subdomain, operator, suspended, version);
    }

    private static List<String> strings(JsonParser in) throws IOException {
        List<String> strings = new ArrayList<>();
        while (in.nextToken() == JsonToken.VALUE_STRING) {
            strings.add(in.getText());
        }
        return strings;
    }

    static void requireAll(Set<String> seen, Set<String> fields) {
        require(seen.equals(fields));
    }

    private static void require(boolean whole) {
        if (!whole) {
            throw new IllegalArgumentException("a field is missing");
        }
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("a field is missing");
        }
        return value;
    }

    static IllegalArgumentException unknownField() {
        return new IllegalArgumentException("an unknown field");
    }

    static IllegalArgumentException unknownValue() {
        return new IllegalArgumentException("an unknown value");
    }
}
