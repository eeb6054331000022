package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Owners;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Rows;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Keys and their tokens in the store. */
final class CredentialSql {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> ENTRIES = new TypeReference<>() {};

    /** How many tokens of a key are remembered, so that an old one is told from one that never was. */
    private static final int GENERATIONS = 20;

    static final String KEY = """
            SELECT k.id, k.organization_id, k.project_id, k.type, k.name, k.masked, k.state, k.version,
                   k.generation, k.permissions, k.expires_at, k.restrictions, k.metadata, k.source_kind, k.source_name,
                   k.created_at, k.created_by_kind, k.created_by_id, k.created_by_name, k.updated_at,
                   k.state_changed_at, k.state_changed_by_kind, k.state_changed_by_id, k.state_changed_by_name,
                   k.permissions_as_of, k.owner_id, %s AS owner_name
            FROM keys k
            """.formatted(Owners.nameOf("k.owner_id"));

    void insert(Tx tx, Key key) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO keys (id, organization_id, project_id, type, name, name_folded, masked, state, version,
                            generation, permissions, expires_at, restrictions, metadata, source_kind, source_name,
                            created_at, created_by_kind, created_by_id, created_by_name, updated_at,
                            permissions_as_of, owner_id)
                        VALUES (:id, :organization, :project, :type, :name, :folded, :masked, :state, :version,
                            :generation, :permissions, :expiresAt, :restrictions, :metadata, :sourceKind, :sourceName,
                            :createdAt, :createdByKind, :createdById, :createdByName, :updatedAt, :permissionsAsOf,
                            :owner)
                        """)
                .bind("id", key.id().value())
                .bind("organization", key.organizationId())
                .bind("project", key.projectId())
                .bind("type", key.type().text())
                .bind("name", key.name())
                .bind("folded", Names.fold(key.name()))
                .bind("masked", key.masked())
                .bind("state", key.state().text())
                .bind("version", key.version())
                .bind("generation", key.generation())
                .bind("permissions", json(key.permissions()))
                .bind("expiresAt", key.expiresAt())
                .bind("restrictions", key.restrictions().json())
                .bind("metadata", json(key.metadata()))
                .bind("sourceKind", key.source().kind())
                .bind("sourceName", key.source().name())
                .bind("createdAt", key.created().at())
                .bind("createdByKind", key.created().by().kind().text())
                .bind("createdById", key.created().by().id())
                .bind("createdByName", key.created().by().name())
                .bind("updatedAt", key.updatedAt())
                .bind("permissionsAsOf", key.permissionsAsOf())
                .bind("owner", key.ownerId())
                .execute();
    }

    void update(Tx tx, Key key) {
        tx.handle()
                .createUpdate("""
                        UPDATE keys SET name = :name, name_folded = :folded, permissions = :permissions,
                            permissions_as_of = :permissionsAsOf, expires_at = :expiresAt,
                            restrictions = :restrictions, metadata = :metadata, owner_id = :owner,
                            version = version + 1, updated_at = :at
                        WHERE id = :id
                        """)
                .bind("id", key.id().value())
                .bind("name", key.name())
                .bind("folded", Names.fold(key.name()))
                .bind("permissions", json(key.permissions()))
                .bind("permissionsAsOf", key.permissionsAsOf())
                .bind("expiresAt", key.expiresAt())
                .bind("restrictions", key.restrictions().json())
                .bind("metadata", json(key.metadata()))
                .bind("owner", key.ownerId())
                .bind("at", tx.at())
                .execute();
    }

    void setState(Tx tx, KeyId id, KeyState state, Actor by) {
        tx.handle()
                .createUpdate("""
                        UPDATE keys SET state = :state, version = version + 1, updated_at = :at, state_changed_at = :at,
                            state_changed_by_kind = :byKind, state_changed_by_id = :byId, state_changed_by_name = :byName
                        WHERE id = :id
                        """)
                .bind("id", id.value())
                .bind("state", state.text())
                .bind("at", tx.at())
                .bind("byKind", by.kind().text())
                .bind("byId", by.id())
                .bind("byName", by.name())
                .execute();
    }

    void setGeneration(Tx tx, KeyId id, int generation, String masked) {
        tx.handle()
                .createUpdate("""
                        UPDATE keys SET generation = :generation, masked = :masked, version = version + 1,
                            updated_at = :at
                        WHERE id = :id
                        """)
                .bind("id", id.value())
                .bind("generation", generation)
                .bind("masked", masked)
                .bind("at", tx.at())
                .execute();
    }

    void insertToken(Tx tx, KeyId id, int generation, Digest digest, @Nullable String ciphertext) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO key_tokens (key_id, generation, digest, ciphertext, created_at)
                        VALUES (:key, :generation, :digest, :ciphertext, :at)
                        """)
                .bind("key", id.value())
                .bind("generation", generation)
                .bind("digest", digest.text())
                .bind("ciphertext", ciphertext)
                .bind("at", tx.at())
                .execute();
    }

    /**
     * Ends every token that still works, for good, and drops its ciphertext with it. The time 0 lies in the past by any
     * clock, also by one that is set back.
     */
    void endTokens(Tx tx, KeyId id) {
        tx.handle().createUpdate("""
                        UPDATE key_tokens SET ends_at = 0, ciphertext = NULL
                        WHERE key_id = :key AND (ends_at IS NULL OR ends_at > 0)
                        """).bind("key", id.value()).execute();
    }

    /** Ends the superseded tokens that still work, for good. */
    void endOverlap(Tx tx, KeyId id) {
        tx.handle().createUpdate("""
                        UPDATE key_tokens SET ends_at = 0, ciphertext = NULL WHERE key_id = :key AND ends_at > 0
                        """).bind("key", id.value()).execute();
    }

    /** Lets the newest token end by itself. */
    void endNewest(Tx tx, KeyId id, long endsAt) {
        tx.handle()
                .createUpdate("UPDATE key_tokens SET ends_at = :endsAt WHERE key_id = :key AND ends_at IS NULL")
                .bind("key", id.value())
                .bind("endsAt", endsAt)
                .execute();
    }

    /** A key whose tokens have changed is another version of it. */
    void touch(Tx tx, KeyId id) {
        tx.handle()
                .createUpdate("UPDATE keys SET version = version + 1, updated_at = :at WHERE id = :id")
                .bind("id", id.value())
                .bind("at", tx.at())
                .execute();
    }

    /** Forgets tokens that were superseded many generations ago. */
    void forgetTokens(Tx tx, KeyId id, int newest) {
        tx.handle()
                .createUpdate("DELETE FROM key_tokens WHERE key_id = :key AND generation <= :oldest")
                .bind("key", id.value())
                .bind("oldest", newest - GENERATIONS)
                .execute();
    }

    /** Drops ciphertexts of tokens that have ended, with the oldest end first. */
    int forgetCiphertexts(Tx tx, int count) {
        return tx.handle()
                .createUpdate("""
                        UPDATE key_tokens SET ciphertext = NULL WHERE (key_id, generation) IN
                            (SELECT key_id, generation FROM key_tokens
                             WHERE ends_at <= :at AND ends_at IS NOT NULL AND ciphertext IS NOT NULL
                             ORDER BY ends_at LIMIT :count)
                        """)
                .bind("at", tx.at())
                .bind("count", count)
                .execute();
    }

    Optional<String> ciphertext(Tx tx, KeyId id, int generation) {
        return tx.handle()
                .createQuery("SELECT ciphertext FROM key_tokens WHERE key_id = :key AND generation = :generation")
                .bind("key", id.value())
                .bind("generation", generation)
                .mapTo(String.class)
                .findFirst();
    }

    /** All tokens of a key, newest first, as verifiers know them. */
    List<FeedChange.Token> tokens(Tx tx, KeyId id) {
        return tx.handle()
                .createQuery("""
                        SELECT generation, digest, ends_at,
                               LAG(created_at) OVER (ORDER BY generation DESC) AS superseded_at
                        FROM key_tokens WHERE key_id = :key ORDER BY generation DESC
                        """)
                .bind("key", id.value())
                .map((row, context) -> new FeedChange.Token(
                        row.getInt("generation"),
                        Digest.parse(row.getString("digest")),
                        orNever(Rows.longOrNull(row, "superseded_at")),
                        orNever(Rows.longOrNull(row, "ends_at"))))
                .list();
    }

    private static long orNever(@Nullable Long micros) {
        return micros == null ? FeedChange.NEVER : micros;
    }

    /** The same keys with the tokens of theirs that work, newest first. */
    static List<Key> withTokens(Tx tx, List<Key> keys) {
        if (keys.isEmpty()) {
            return keys;
        }
        Map<String, List<Key.Token>> working = new HashMap<>();
        tx.handle()
                .createQuery("""
                        SELECT key_id, generation, created_at, ends_at FROM key_tokens
                        WHERE key_id IN (<keys>) AND (ends_at IS NULL OR ends_at > :at)
                        ORDER BY key_id, generation DESC
                        """)
                .bindList("keys", keys.stream().map(key -> key.id().value()).toList())
                .bind("at", tx.at())
                .map((row, context) -> working.computeIfAbsent(row.getString("key_id"), id -> new ArrayList<>())
                        .add(new Key.Token(
                                row.getInt("generation"), row.getLong("created_at"), Rows.longOrNull(row, "ends_at"))))
                .list();
        return keys.stream()
                .map(key -> key.with(working.getOrDefault(key.id().value(), List.of())))
                .toList();
    }

    /** As {@link #key(Tx, String)}, of this organization. */
    Optional<Key> key(Tx tx, String organizationId, String id) {
        return one(
                tx,
                tx.handle()
                        .createQuery(KEY + "WHERE k.id = :id AND k.organization_id = :organization" + tx.lock())
                        .bind("id", id)
                        .bind("organization", organizationId));
    }

    /** A key of any organization. Within a change, it and its tokens are nobody else's until the commit. */
    Optional<Key> key(Tx tx, String id) {
        return one(
                tx,
                tx.handle().createQuery(KEY + "WHERE k.id = :id" + tx.lock()).bind("id", id));
    }

    private static Optional<Key> one(Tx tx, Query query) {
        return query.map((row, context) -> key(row))
                .findFirst()
                .map(key -> withTokens(tx, List.of(key)).getFirst());
    }

    /** The key of the row, still without its tokens. */
    static Key key(ResultSet row) throws SQLException {
        String permissions = row.getString("permissions");
        Long stateChangedAt = Rows.longOrNull(row, "state_changed_at");
        return new Key(
                new KeyId(row.getString("id")),
                row.getString("organization_id"),
                row.getString("project_id"),
                KeyType.of(row.getString("type")).orElseThrow(),
                row.getString("name"),
                row.getString("masked"),
                KeyState.of(row.getString("state")).orElseThrow(),
                row.getLong("version"),
                row.getInt("generation"),
                permissions == null ? null : JSON.readValue(permissions, STRINGS),
                row.getLong("permissions_as_of"),
                Rows.longOrNull(row, "expires_at"),
                KeyRestrictions.read(row.getString("restrictions")),
                JSON.readValue(row.getString("metadata"), ENTRIES),
                new Key.Source(row.getString("source_kind"), row.getString("source_name")),
                Owners.of(row.getString("owner_id"), row.getString("owner_name")),
                new Key.Deed(
                        row.getLong("created_at"),
                        Actor.of(
                                row.getString("created_by_kind"),
                                row.getString("created_by_id"),
                                row.getString("created_by_name"))),
                row.getLong("updated_at"),
                stateChangedAt == null
                        ? null
                        : new Key.Deed(
                                stateChangedAt,
                                Actor.of(
                                        row.getString("state_changed_by_kind"),
                                        row.getString("state_changed_by_id"),
                                        row.getString("state_changed_by_name"))),
                List.of());
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : JSON.writeValueAsString(value);
    }
}
