package dev.keyrack.server.components;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.WebKey;
import dev.keyrack.server.http.ContentTag;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.Sentence;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What web keys configure. */
public final class Components {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Store store;
    private final Credentials credentials;
    private final ComponentSql sql = new ComponentSql();

    public Components(Store store, Credentials credentials) {
        this.store = store;
        this.credentials = credentials;
    }

    /**
     * @param version how often it was configured
     * @param hostedBy the key that the project's own page opens; nothing where there is no such page
     */
    record Component(
            WebKey key,
            long version,
            ComponentOptions options,
            @Nullable String hostedBy) {}

    Component get(Caller caller, String keyId) {
        return store.read(tx -> {
            WebKey key = credentials.webKey(tx, caller, Right.SEE_KEYS, keyId);
            ComponentSql.Configured now = sql.configured(tx, keyId).orElse(ComponentSql.Configured.NEVER);
            return new Component(
                    key,
                    now.version(),
                    now.options(),
                    sql.hostedKey(tx, key.projectId()).orElse(null));
        });
    }

    /** What a web key configures, whoever asks. */
    record Published(WebKey key, ComponentOptions options) {}

    /** What visitors see of a web key; nothing where there is none of this id. */
    Optional<Published> published(String keyId) {
        return store.read(tx -> credentials.webKey(tx, keyId).map(key -> published(tx, key)));
    }

    /** What visitors of a project's own page see; nothing where it has none. */
    Optional<Published> hosted(String projectId) {
        return store.read(tx -> sql.hostedKey(tx, projectId)
                .flatMap(id -> credentials.webKey(tx, id))
                .map(key -> published(tx, key)));
    }

    private Published published(Tx tx, WebKey key) {
        return new Published(
                key,
                sql.configured(tx, key.id())
                        .orElse(ComponentSql.Configured.NEVER)
                        .options());
    }

    /** Whether a project's own page opens this key. */
    public boolean hosts(String keyId) {
        return store.read(tx -> sql.hosts(tx, keyId));
    }

    /** How many messages a visitor may send in a conversation with this key; nothing for any number. */
    public Optional<ComponentOptions.MessageLimit> messageLimit(String keyId) {
        return store.read(tx -> sql.configured(tx, keyId))
                .map(configured -> configured.options().messageLimit());
    }

    /** What a patch would make of it, without changing anything. Nobody is asked for a right to change it. */
    ComponentOptions drafted(Caller caller, String keyId, JsonInput patch) {
        ComponentOptions options = ComponentInput.read(patch, get(caller, keyId).options());
        patch.finish();
        return options;
    }

    /** Makes the first choice of a new key's component. A key that was configured before stays as it is. */
    public void begin(Caller caller, String keyId, boolean crossPage) {
        if (crossPage != ComponentOptions.DEFAULT.crossPage()) {
            ObjectNode first = JSON.createObjectNode().put("crossPage", crossPage);
            if (get(caller, keyId).version() == 0) {
                update(caller, keyId, JsonInput.of(first), version -> {});
            }
        }
    }

    Component update(Caller caller, String keyId, JsonInput patch, LongConsumer match) {
        return caller.change(store, tx -> {
                    WebKey key = changeable(credentials.webKey(tx, caller, Right.CHANGE_KEYS, keyId));
                    ComponentSql.Configured before = sql.configured(tx, keyId).orElse(ComponentSql.Configured.NEVER);
                    match.accept(before.version());
                    ComponentOptions wanted = ComponentInput.read(patch, before.options());
                    patch.finish();
                    String hostedBy = sql.hostedKey(tx, key.projectId()).orElse(null);
                    if (wanted.equals(before.options())) {
                        return Change.none(new Component(key, before.version(), wanted, hostedBy));
                    }
                    ComponentSql.Configured after = new ComponentSql.Configured(before.version() + 1, wanted);
                    sql.configure(tx, keyId, after);
                    return Change.of(
                            new Component(key, after.version(), wanted, hostedBy),
                            event(AuditAction.KEY_COMPONENT_UPDATED, key, before.options(), wanted));
                })
                .result();
    }

    /**
     * Gives the key's project a page of its own, on which this key works, or takes it away.
     *
     * <p>On that page the key works whatever its websites are: the page is Keyrack's.
     */
    Component host(Caller caller, String keyId, boolean hosted) {
        return caller.change(store, tx -> {
                    WebKey key = changeable(credentials.webKey(tx, caller, Right.CHANGE_KEYS, keyId));
                    ComponentSql.Configured now = sql.configured(tx, keyId).orElse(ComponentSql.Configured.NEVER);
                    String before = sql.hostedKey(tx, key.projectId()).orElse(null);
                    String after = hosted ? keyId : keyId.equals(before) ? null : before;
                    Component result = new Component(key, now.version(), now.options(), after);
                    if (Objects.equals(before, after)) {
                        return Change.none(result);
                    }
                    sql.host(tx, key.projectId(), after);
                    return Change.of(
                            result,
                            new AuditEvent(
                                    key.organizationId(),
                                    AuditAction.KEY_HOSTED_PAGE_CHANGED,
                                    key.target(),
                                    Map.of("hostedPage", !hosted),
                                    Map.of("hostedPage", hosted)));
                })
                .result();
    }

    /** As the component and its pages take them. */
    static String json(ComponentOptions options) {
        return JSON.writeValueAsString(options);
    }

    /** Another one for other options, also where the defaults change with the program. */
    static String tag(ComponentOptions options) {
        return ContentTag.quoted(json(options).getBytes(StandardCharsets.UTF_8));
    }

    private static WebKey changeable(WebKey key) {
        if (key.state() == KeyState.REVOKED) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.key-revoked-component")));
        }
        return key;
    }

    /** What differs between the two, and nothing else. */
    private static AuditEvent event(AuditAction action, WebKey key, ComponentOptions before, ComponentOptions after) {
        return new AuditEvent(
                key.organizationId(), action, key.target(), difference(before, after), difference(after, before));
    }

    /** What of the first differs from the second. */
    private static Map<String, Object> difference(ComponentOptions first, ComponentOptions second) {
        Map<String, Object> others = described(second);
        Map<String, Object> all = described(first);
        all.entrySet().removeIf(option -> option.getValue().equals(others.get(option.getKey())));
        return all;
    }

    private static Map<String, Object> described(ComponentOptions options) {
        Map<String, Object> all = new LinkedHashMap<>();
        JSON.<Map<String, @Nullable Object>>convertValue(options, new TypeReference<>() {})
                .forEach((option, value) -> all.put(option, value == null ? "none" : value));
        return all;
    }
}
