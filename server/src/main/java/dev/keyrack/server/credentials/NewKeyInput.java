package dev.keyrack.server.credentials;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a caller wants of a new key: the same from the API as from the form of a page. */
final class NewKeyInput {
    static final Sentence TYPES = Sentence.of("problem.key-types");

    private NewKeyInput() {}

    /**
     * Whether its expiry lies ahead is not asked here, but when the key is made: until then the call may be a repetition of
     * one that made it in time.
     *
     * @param seen the address that the request came from, as far as it is known
     * @param now microseconds since 1970
     */
    static NewKey read(JsonInput in, RestrictionsInput restrictions, Optional<String> seen, long now) {
        return new NewKey(
                in.name("name", 100),
                KeyType.of(in.text("type", t -> KeyType.of(t).isPresent(), TYPES))
                        .orElse(KeyType.SERVER),
                in.text("projectId", id -> true, Sentence.of("problem.project-id")),
                present(in, "permissions") ? permissions(in) : null,
                present(in, "expiresAt") ? in.moment("expiresAt") : null,
                restrictions(in, restrictions, seen, now),
                present(in, "metadata") ? Map.copyOf(KeyInputs.metadata(in, false)) : Map.of(),
                present(in, "source") ? KeyInputs.source(in) : Key.Source.MEMBER);
    }

    private static boolean present(JsonInput in, String field) {
        return in.has(field) && !in.isNull(field);
    }

    private static KeyRestrictions restrictions(
            JsonInput in, RestrictionsInput reader, Optional<String> seen, long now) {
        KeyRestrictions wanted = KeyRestrictions.NONE;
        if (present(in, "restrictions")) {
            RestrictionsPatch given = reader.read(in);
            wanted = given.applyTo(wanted);
            given.refusals(wanted).forEach(refusal -> in.error(refusal.pointer(), refusal.says()));
        }
        return present(in, "localDevelopment")
                ? wanted.with(LocalDevelopmentInput.read(in, reader, seen, now).orElse(null))
                : wanted;
    }

    static List<String> permissions(JsonInput in) {
        return in.texts("permissions", KeyRules.MAX_PERMISSIONS, Permissions::isGrant, Sentence.of("problem.grant"));
    }
}
