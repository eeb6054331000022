package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes keys of its own until the process is killed under it, and knows what was acknowledged. One change at a time, so
 * that after a kill at most one is in doubt: it may have happened or not, but nothing else may differ.
 */
final class KillClient {
    private static final List<String> TYPES = List.of("web", "mobile", "analytics", "server");

    /** How many keys that can still change are kept, and how many old ones are asked about again after each kill. */
    private static final int LIVING = 20;

    private static final int SAMPLED = 25;

    private final String name;
    private final String project;
    private final Random random;
    private final List<Tracked> keys = new ArrayList<>();
    private volatile int acknowledged;
    private volatile @Nullable Throwable failure;
    private int created;
    private int unacknowledged;
    private int repeated;
    private int requests;
    private final List<String> newRequests = new ArrayList<>();
    private @Nullable Doubt doubt;

    KillClient(String name, String project, Random random) {
        this.name = name;
        this.project = project;
        this.random = random;
    }

    /** What this client knows of one of its keys. */
    private static final class Tracked {
        final String id;
        final String name;
        String state = "active";
        int generation = 1;

        /** Former tokens; the newest one is {@link #token}, unless its answer was cut off. */
        final List<String> superseded = new ArrayList<>();

        @Nullable
        String token;

        boolean unchecked = true;

        Tracked(String id, String name, @Nullable String token) {
            this.id = id;
            this.name = name;
            this.token = token;
        }
    }

    /** The change whose answer was cut off. */
    private record Doubt(
            String action,
            String keyName,
            @Nullable Tracked key,
            String requestId,
            String method,
            String path,
            @Nullable String body,
            int expected) {}

    int acknowledged() {
        return acknowledged;
    }

    int unacknowledged() {
        return unacknowledged;
    }

    int repeated() {
        return repeated;
    }

    void requireNoFailure() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError(name + " failed", thrown);
        }
    }

    void changeUntilCutOff(Api api) {
        try {
            while (true) {
                change(api);
            }
        } catch (IOException e) {
            // The process was killed: whether the change in doubt happened is seen later.
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void change(Api api) throws IOException {
        List<Tracked> living =
                keys.stream().filter(key -> !key.state.equals("revoked")).toList();
        int choice = random.nextInt(10);
        if (living.isEmpty() || (choice < 3 && living.size() < LIVING)) {
            create(api);
            return;
        }
        Tracked key = living.get(random.nextInt(living.size()));
        String action = switch (choice) {
            case 0, 1, 2, 3 -> "revoke";
            case 4, 5, 6 -> "regenerate";
            default -> key.state.equals("active") ? "disable" : "enable";
        };
        String path = "/api/v1/keys/" + key.id;
        send(
                api,
                action.equals("revoke")
                        ? new Doubt(action, key.name, key, nextId(), "DELETE", path, null, 200)
                        : new Doubt(action, key.name, key, nextId(), "POST", path + "/" + action, "{}", 200));
    }

    private void create(Api api) throws IOException {
        String keyName = name + " key " + ++created;
        String body = JsonMapper.shared()
                .writeValueAsString(
                        Map.of("name", keyName, "type", TYPES.get(random.nextInt(TYPES.size())), "projectId", project));
        send(api, new Doubt("create", keyName, null, nextId(), "POST", "/api/v1/keys", body, 201));
    }

    private String nextId() {
        return name.replace(' ', '-') + "." + ++requests;
    }

    /** Its Idempotency-Key is its request id, so that sending it again is a repetition. */
    private void send(Api api, Doubt change) throws IOException {
        doubt = change;
        Api.Answer answer = api.send(change.method, change.path, change.body, change.requestId);
        assertThat(answer.status()).as(change.action + " " + answer).isEqualTo(change.expected);
        doubt = null;
        newRequests.add(change.requestId);
        acknowledged++;
        Tracked key = change.key;
        if (key == null) {
            keys.add(new Tracked(answer.text("/key/id"), change.keyName, answer.text("/token")));
            return;
        }
        key.unchecked = true;
        switch (change.action) {
            case "revoke" -> key.state = "revoked";
            case "disable" -> key.state = "disabled";
            case "enable" -> key.state = "active";
            default -> regenerated(key, answer.text("/token"));
        }
    }

    /**
     * Sends a creation or regeneration in doubt again, every other time. Whether it had happened or not, it has happened
     * once afterwards, and its token is known.
     */
    void repeatDoubt(Api api) throws IOException {
        Doubt open = doubt;
        if (open != null && List.of("create", "regenerate").contains(open.action) && random.nextBoolean()) {
            send(api, open);
            repeated++;
        }
    }

    private static void regenerated(Tracked key, @Nullable String token) {
        if (key.token != null) {
            key.superseded.add(key.token);
        }
        key.token = token;
        key.generation++;
    }

    /** Returns how many of the stored keys are this client's. */
    int check(Map<String, JsonNode> stored, Set<String> audited, Api gate, boolean all) throws IOException {
        assertThat(audited).as("audit events of acknowledged changes").containsAll(newRequests);
        newRequests.clear();
        settleDoubt(stored, audited);
        for (Tracked key : keys) {
            JsonNode found = stored.get(key.name);
            assertThat(found).as("the acknowledged key " + key.name).isNotNull();
            assertThat(found.at("/state").asString()).as(key.name).isEqualTo(key.state);
            assertThat(found.at("/generation").asInt()).as(key.name).isEqualTo(key.generation);
        }
        for (Tracked key : keys) {
            if (all || key.unchecked || random.nextInt(keys.size()) < SAMPLED) {
                checkTokens(key, gate);
                key.unchecked = false;
            }
        }
        return keys.size();
    }

    private static void checkTokens(Tracked key, Api gate) throws IOException {
        if (key.token != null) {
            assertThat(gate.verdict(key.token))
                    .as("the newest token of " + key.name)
                    .isEqualTo(
                            switch (key.state) {
                                case "active" -> "VALID";
                                case "disabled" -> "DISABLED";
                                default -> "REVOKED";
                            });
        }
        for (String old : key.superseded) {
            assertThat(gate.verdict(old)).as("a former token of " + key.name).isIn("REVOKED", "UNKNOWN");
        }
    }

    /** A change in doubt happened if and only if it has its audit event; the key must then look like it. */
    private void settleDoubt(Map<String, JsonNode> stored, Set<String> audited) {
        Doubt open = doubt;
        doubt = null;
        if (open == null) {
            return;
        }
        unacknowledged++;
        boolean happened = audited.contains(open.requestId);
        Tracked key = open.key;
        if (key == null) {
            JsonNode found = stored.get(open.keyName);
            assertThat(found != null).as("the key in doubt " + open.keyName).isEqualTo(happened);
            if (found != null) {
                keys.add(new Tracked(found.at("/id").asString(), open.keyName, null));
            }
            return;
        }
        key.unchecked = true;
        if (happened) {
            switch (open.action) {
                case "revoke" -> key.state = "revoked";
                case "disable" -> key.state = "disabled";
                case "enable" -> key.state = "active";
                default -> regenerated(key, null);
            }
        }
    }
}
