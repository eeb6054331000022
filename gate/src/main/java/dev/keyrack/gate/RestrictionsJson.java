package dev.keyrack.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.LocalDevelopment;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.Rule;
import dev.keyrack.verifier.Website;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How restrictions are written in the store and in the feed, and read from them. A list that is missing is not set.
 *
 * <p>Reading is strict: what this program does not understand may be a restriction that it would not enforce.
 */
public final class RestrictionsJson {
    /** No restrictions. */
    static final String EMPTY = "{}";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RestrictionsJson() {}

    /** Restrictions as a JSON object. */
    public static String write(Restrictions restrictions) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            texts(out, "websites", restrictions.websites(), Website::text);
            if (restrictions.anyWebsite()) {
                out.writeBooleanField("anyWebsite", true);
            }
            texts(out, "networks", restrictions.networks(), Network::text);
            apps(out, restrictions.apps());
            if (!restrictions.observed().isEmpty()) {
                texts(out, "observe", Optional.of(List.copyOf(restrictions.observed())), Rule::text);
            }
            local(out, restrictions.local().orElse(null));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static <T> void texts(JsonGenerator out, String field, Optional<List<T>> values, Function<T, String> text)
            throws IOException {
        if (values.isPresent()) {
            out.writeArrayFieldStart(field);
            for (T value : values.get()) {
                out.writeString(text.apply(value));
            }
            out.writeEndArray();
        }
    }

    private static void apps(JsonGenerator out, Optional<List<App>> apps) throws IOException {
        if (apps.isPresent()) {
            out.writeArrayFieldStart("apps");
            for (App app : apps.get()) {
                out.writeStartObject();
                out.writeStringField("platform", app.platform().text());
                out.writeStringField("id", app.id());
                String certificate = app.certificate();
                if (certificate != null) {
                    out.writeStringField("certificateSha256", certificate);
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        }
    }

    private static void local(JsonGenerator out, @Nullable LocalDevelopment local) throws IOException {
        if (local != null) {
            out.writeObjectFieldStart("local");
            texts(out, "websites", Optional.of(local.websites()), Website::text);
            texts(out, "networks", Optional.of(local.networks()), Network::text);
            out.writeNumberField("until", local.until());
            out.writeEndObject();
        }
    }

    /**
     * Restrictions as {@link #write} and the store write them.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Restrictions read(String json) {
        try (JsonParser in = JSON.createParser(json)) {
            require(in.nextToken() == JsonToken.START_OBJECT);
            Restrictions.Builder builder = new Restrictions.Builder();
            List<Website> websites = null;
            boolean any = false;
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                in.nextToken();
                switch (field) {
                    case "websites" -> websites = list(in, Website::of);
                    case "anyWebsite" -> any = in.getBooleanValue();
                    case "networks" -> builder.networks(list(in, RestrictionsJson::network));
                    case "apps" -> builder.apps(apps(in));
                    case "observe" ->
                        builder.observe(list(in, text -> Rule.of(text).orElseThrow(RestrictionsJson::unknown)));
                    case "allowWide" -> in.getBooleanValue();
                    case "local" -> builder.local(local(in));
                    default -> throw unknown();
                }
            }
            require(in.nextToken() == null);
            if (websites != null || any) {
                builder.websites(websites == null ? List.of() : websites, any);
            }
            return builder.build();
        } catch (IOException e) {
            throw new IllegalArgumentException("restrictions that cannot be read", e);
        }
    }

    private static LocalDevelopment local(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.START_OBJECT);
        List<Website> websites = null;
        List<Network> networks = null;
        Long until = null;
        for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
            in.nextToken();
            switch (field) {
                case "websites" -> websites = list(in, Website::of);
                case "networks" -> networks = list(in, RestrictionsJson::network);
                case "until" -> {
                    require(in.currentToken() == JsonToken.VALUE_NUMBER_INT);
                    until = in.getLongValue();
                }
                default -> throw unknown();
            }
        }
        if (websites == null || networks == null || until == null) {
            throw unknown();
        }
        return new LocalDevelopment(websites, networks, until);
    }

    private static List<App> apps(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.START_ARRAY);
        List<App> apps = new ArrayList<>();
        while (in.nextToken() == JsonToken.START_OBJECT) {
            App.Platform platform = null;
            String id = null;
            String certificate = null;
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                in.nextToken();
                switch (field) {
                    case "platform" -> platform = App.Platform.of(string(in)).orElseThrow(RestrictionsJson::unknown);
                    case "id" -> id = string(in);
                    case "certificateSha256" -> certificate = string(in);
                    default -> throw unknown();
                }
            }
            if (platform == null || id == null) {
                throw unknown();
            }
            apps.add(new App(platform, id, certificate));
        }
        require(in.currentToken() == JsonToken.END_ARRAY);
        return apps;
    }

    private static String string(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.VALUE_STRING);
        return in.getText();
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow(RestrictionsJson::unknown);
    }

    private static <T> List<T> list(JsonParser in, Function<String, T> read) throws IOException {
        require(in.currentToken() == JsonToken.START_ARRAY);
        List<T> values = new ArrayList<>();
        while (in.nextToken() == JsonToken.VALUE_STRING) {
            values.add(read.apply(in.getText()));
        }
        require(in.currentToken() == JsonToken.END_ARRAY);
        return values;
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw unknown();
        }
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("restrictions of a form that this program does not know");
    }
}
