package dev.keyrack.server.credentials;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyrack.gate.RestrictionsJson;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Restrictions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The restrictions of a key as its owner wrote them, each entry in its canonical text. A list that is nothing is not set.
 * Its JSON is what stands in the store, and what {@link RestrictionsJson} reads for verifiers.
 *
 * @param anyWebsite whether every origin will do, whatever the list
 * @param observe the restrictions that refuse nothing, and only tell what they would have refused
 * @param allowWide whether networks may be as wide as their owner likes
 * @param local what was added for local development
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyRestrictions(
        @Nullable List<String> websites,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean anyWebsite,
        @Nullable List<String> networks,
        @Nullable List<AppEntry> apps,
        @Nullable List<String> observe,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean allowWide,
        @Nullable Local local) {
    /** A boolean that is false is not written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** No restrictions. */
    static final KeyRestrictions NONE = new KeyRestrictions(null, false, null, null, null, false, null);

    /** A mobile app, with the certificate of an Android one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AppEntry(String platform, String id, @Nullable String certificateSha256) {
        static AppEntry of(App app) {
            return new AppEntry(app.platform().text(), app.id(), app.certificate());
        }
    }

    /**
     * What counts for some hours beside the lists.
     *
     * @param until microseconds since 1970
     */
    record Local(List<String> websites, List<String> networks, long until) {}

    static KeyRestrictions read(@Nullable String json) {
        return json == null ? NONE : JSON.readValue(json, KeyRestrictions.class);
    }

    /** As it stands in the store; nothing when there are none. */
    @Nullable
    String json() {
        return equals(NONE) ? null : JSON.writeValueAsString(this);
    }

    /** As verifiers know them. */
    Restrictions forVerifiers() {
        String json = json();
        return json == null ? Restrictions.NONE : RestrictionsJson.read(json);
    }

    KeyRestrictions with(@Nullable Local development) {
        return new KeyRestrictions(websites, anyWebsite, networks, apps, observe, allowWide, development);
    }

    /** These without what was added for local development. */
    KeyRestrictions lasting() {
        return with(null);
    }
}
