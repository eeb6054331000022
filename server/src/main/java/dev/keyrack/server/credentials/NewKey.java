package dev.keyrack.server.credentials;

import dev.keyrack.verifier.KeyType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller wants of a new key. */
record NewKey(
        String name,
        KeyType type,
        String projectId,
        @Nullable List<String> permissions,
        @Nullable Long expiresAt,
        KeyRestrictions restrictions,
        Map<String, String> metadata,
        Key.Source source) {}
