package dev.keyrack.verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The questions and codes in {@code contract/verdicts.json}, for keys that are made for the occasion. */
public final class VerdictVectors {
    private static final String SUSPENDED = "org-suspended";

    private VerdictVectors() {}

    /** The ways to ask. */
    public enum Way {
        LIBRARY,
        VERIFY,
        AUTHORIZE,
        INTROSPECT,
        SIMULATE
    }

    /**
     * @param older the token before the newest, if the key has one
     * @param forged a token of this key's id with another secret
     * @param json as it stands in the file
     */
    public record Key(
            FeedChange.Key change, String token, @Nullable String older, String forged, JsonNode json) {}

    /** @param asked as it stands in the file */
    public record Vector(Key key, JsonNode asked, Code code, Set<Way> ways) {
        public String token() {
            return switch (asked.path("token").asString("newest")) {
                case "newest" -> key.token();
                case "older" -> key.older();
                case "forged" -> key.forged();
                default -> throw new IllegalArgumentException("no such token: " + asked);
            };
        }

        public Question question() {
            return new Question(token(), text("permission"), null, text("origin"), text("ip"), app(asked.get("app")));
        }

        public @Nullable String text(String field) {
            JsonNode value = asked.get(field);
            return value == null ? null : value.stringValue();
        }

        @Override
        public String toString() {
            return asked.toString();
        }

        /** The values of the Origin headers. */
        public List<String> origins() {
            List<String> all = new ArrayList<>();
            asked.path("origins").forEach(value -> all.add(value.stringValue()));
            if (asked.has("origin")) {
                all.add(text("origin"));
            }
            return all;
        }
    }

    /** An installation of its own: keys, what they need around them, and questions about them. */
    public record Group(String name, List<FeedChange> around, Map<String, Key> keys, List<Vector> vectors) {
        public List<Vector> askedBy(Way way) {
            return vectors.stream()
                    .filter(vector -> vector.ways().contains(way))
                    .toList();
        }

        public boolean hasCatalogue() {
            return around.stream().anyMatch(FeedChange.Catalogue.class::isInstance);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static JsonNode file() {
        try {
            Path root = Path.of(System.getProperty("keyrack.root"));
            return new ObjectMapper().readTree(Files.readString(root.resolve("contract/verdicts.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The time at which all is asked, in microseconds since 1970. */
    public static long now() {
        return micros(file().path("now"));
    }

    public static List<Group> groups() {
        RandomGenerator random = TestingKey.random(11);
        List<Group> groups = new ArrayList<>();
        for (JsonNode group : file().path("groups")) {
            List<FeedChange> around = new ArrayList<>();
            around.add(TestingFeed.ACME);
            around.add(new FeedChange.Organization(SUSPENDED, "suspended", false, true, 1));
            if (group.has("catalogue")) {
                around.add(catalogue(group.get("catalogue")));
            }
            Map<String, Key> keys = new LinkedHashMap<>();
            group.path("keys").forEachEntry((name, json) -> keys.put(name, key(json, random)));
            List<Vector> vectors = new ArrayList<>();
            for (JsonNode asked : group.path("questions")) {
                vectors.add(new Vector(
                        keys.get(asked.path("key").stringValue()),
                        asked,
                        Code.valueOf(asked.path("code").stringValue()),
                        ways(asked)));
            }
            groups.add(new Group(group.path("name").stringValue(), around, keys, vectors));
        }
        return groups;
    }

    private static Set<Way> ways(JsonNode asked) {
        Set<Way> ways = EnumSet.noneOf(Way.class);
        for (String name : texts(asked.get("ways"))) {
            ways.add(Way.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        if (ways.isEmpty()) {
            ways = EnumSet.allOf(Way.class);
        }
        if (asked.has("origins")) {
            ways.retainAll(EnumSet.of(Way.AUTHORIZE));
        }
        if (asked.path("app").isObject()) {
            ways.removeAll(EnumSet.of(Way.AUTHORIZE, Way.INTROSPECT));
        }
        if (asked.has("token")) {
            ways.remove(Way.SIMULATE);
        }
        return ways;
    }

    private static Key key(JsonNode json, RandomGenerator random) {
        TestingKey key =
                TestingKey.issue(KeyType.of(json.path("type").stringValue()).orElseThrow(), random);
        if (json.has("olderEndsAt")) {
            key = key.regenerate(micros(json.get("olderEndsAt")), random);
        }
        if (json.path("suspended").asBoolean(false)) {
            key = key.of(SUSPENDED);
        }
        if (json.has("expiresAt")) {
            key = key.expiring(micros(json.get("expiresAt")));
        }
        if (json.has("state")) {
            key = key.in(KeyState.valueOf(json.path("state").stringValue().toUpperCase(Locale.ROOT)));
        }
        key = key.granted(
                        json.has("permissions") ? texts(json.get("permissions")) : null,
                        json.path("permissionsAsOf").asLong(0))
                .restricted(restrictions(json.path("restrictions")));
        String older = key.tokens().size() > 1 ? key.tokens().get(1).reveal() : null;
        return new Key(key.change(), key.token(), older, key.forged(random), json);
    }

    private static Restrictions restrictions(JsonNode json) {
        Restrictions.Builder builder = new Restrictions.Builder();
        boolean any = json.path("anyWebsite").asBoolean(false);
        if (json.has("websites") || any) {
            builder.websites(websites(json), any);
        }
        if (json.has("networks")) {
            builder.networks(networks(json));
        }
        if (json.has("apps")) {
            List<App> apps = new ArrayList<>();
            for (JsonNode app : json.get("apps")) {
                apps.add(new App(
                        App.Platform.of(app.path("platform").stringValue()).orElseThrow(),
                        app.path("id").stringValue(),
                        app.path("certificateSha256").asString(null)));
            }
            builder.apps(apps);
        }
        builder.observe(texts(json.get("observe")).stream()
                .map(rule -> Rule.of(rule).orElseThrow())
                .toList());
        if (json.has("localDevelopment")) {
            JsonNode local = json.get("localDevelopment");
            builder.local(new LocalDevelopment(websites(local), networks(local), micros(local.path("until"))));
        }
        return builder.build();
    }

    private static List<Website> websites(JsonNode json) {
        return texts(json.get("websites")).stream().map(Website::of).toList();
    }

    private static List<Network> networks(JsonNode json) {
        return texts(json.get("networks")).stream()
                .map(text -> Network.parse(text).orElseThrow())
                .toList();
    }

    private static FeedChange.Catalogue catalogue(JsonNode json) {
        List<FeedChange.Permitted> permitted = new ArrayList<>();
        for (JsonNode entry : json.path("permissions")) {
            Map<KeyType, Long> since = new EnumMap<>(KeyType.class);
            entry.path("since")
                    .forEachEntry((type, version) -> since.put(KeyType.of(type).orElseThrow(), version.longValue()));
            permitted.add(new FeedChange.Permitted(entry.path("permission").stringValue(), since));
        }
        return new FeedChange.Catalogue(json.path("version").longValue(), permitted);
    }

    private static App.@Nullable Asked app(@Nullable JsonNode json) {
        if (json == null) {
            return null;
        }
        return json.isString()
                ? App.Asked.of(json.stringValue())
                : App.Asked.of(
                        json.has("platform") ? json.get("platform").stringValue() : null,
                        json.path("id").stringValue(),
                        json.has("certificateSha256")
                                ? json.get("certificateSha256").stringValue()
                                : null);
    }

    private static List<String> texts(@Nullable JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list != null) {
            list.forEach(text -> texts.add(text.stringValue()));
        }
        return texts;
    }

    private static long micros(JsonNode time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time.stringValue()));
    }
}
