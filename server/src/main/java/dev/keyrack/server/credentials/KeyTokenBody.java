package dev.keyrack.server.credentials;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyrack.server.http.Times;
import org.jspecify.annotations.Nullable;

/** A token that works, as callers see it: never the token itself. */
record KeyTokenBody(
        int generation,
        String createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String endsAt) {
    static KeyTokenBody of(Key.Token token) {
        return new KeyTokenBody(token.generation(), Times.text(token.createdAt()), Times.textOrNull(token.endsAt()));
    }
}
