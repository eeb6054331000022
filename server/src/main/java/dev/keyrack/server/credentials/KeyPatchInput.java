package dev.keyrack.server.credentials;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.verifier.Sentence;
import java.util.Optional;

/** Reads what a caller wants changed of a key: the same from the API as from the forms of its page. */
final class KeyPatchInput {
    private KeyPatchInput() {}

    /**
     * @param seen the address that the request came from, as far as it is known
     * @param now microseconds since 1970
     */
    static KeyPatch read(JsonInput in, RestrictionsInput restrictions, Optional<String> seen, long now) {
        return new KeyPatch(
                in.has("name") ? Optional.of(in.name("name", 100)) : Optional.empty(),
                in.has("ownerId")
                        ? Optional.of(in.text("ownerId", owner -> true, Sentence.of("problem.member-id")))
                        : Optional.empty(),
                in.has("permissions")
                        ? Optional.of(
                                in.isNull("permissions") ? Optional.empty() : Optional.of(NewKeyInput.permissions(in)))
                        : Optional.empty(),
                in.has("expiresAt")
                        ? Optional.of(
                                in.isNull("expiresAt")
                                        ? Optional.empty()
                                        : Optional.of(in.momentAfter("expiresAt", now)))
                        : Optional.empty(),
                in.has("restrictions") ? Optional.of(restrictions.read(in)) : Optional.empty(),
                in.has("localDevelopment")
                        ? Optional.of(LocalDevelopmentInput.read(in, restrictions, seen, now))
                        : Optional.empty(),
                in.has("metadata") ? Optional.of(KeyInputs.metadataPatch(in)) : Optional.empty());
    }
}
