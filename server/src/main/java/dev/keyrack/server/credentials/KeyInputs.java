package dev.keyrack.server.credentials;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a key that are objects themselves. */
final class KeyInputs {
    private KeyInputs() {}

    static Map<String, @Nullable String> metadata(JsonInput in, boolean patch) {
        return in.map(
                "metadata", KeyRules.MAX_METADATA, KeyRules.MAX_METADATA_NAME, KeyRules.MAX_METADATA_VALUE, patch);
    }

    static KeyPatch.MetadataPatch metadataPatch(JsonInput in) {
        return in.isNull("metadata")
                ? new KeyPatch.MetadataPatch(true, Map.of())
                : new KeyPatch.MetadataPatch(false, metadata(in, true));
    }

    /** How long the token before works beside a new one. */
    static Duration overlap(JsonInput in) {
        return Duration.ofSeconds(
                in.has("overlapSeconds") ? in.number("overlapSeconds", 0, Rotation.MAX_OVERLAP_SECONDS) : 0);
    }

    /** Only an integration says of itself what made the key. */
    static Key.Source source(JsonInput in) {
        JsonInput source = in.object("source");
        if (source == null) {
            return Key.Source.MEMBER;
        }
        String kind = source.text("kind", "integration"::equals, Sentence.of("problem.credential-kind"));
        String name = source.name("name", 100);
        source.noOthers();
        return new Key.Source(kind, name);
    }
}
