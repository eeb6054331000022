package dev.keyrack.server.audit;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Canonical;
import java.time.DateTimeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far the trail of an organization reached at a time, signed, to be kept where whoever alters the database cannot
 * reach it.
 *
 * @param at RFC 3339
 * @param count how many events there were
 * @param mac of the last of them
 * @param previous the signature of the line before in the same file; nothing on its first line, and on one that stands alone
 * @param key the public key, 32 bytes in base64url
 * @param signature Ed25519 over all the others
 */
@JsonPropertyOrder({"at", "organizationId", "count", "mac", "previous", "key", "signature"})
record Anchor(
        String at,
        String organizationId,
        long count,
        String mac,
        @Nullable String previous,
        String key,
        String signature) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static Anchor sign(AuditSigner signer, long at, ChainSql.Head head, @Nullable String previous) {
        String time = Times.text(at);
        String key = signer.publicKey();
        String signature = signer.sign(message(time, head.organizationId(), head.seq(), head.mac(), previous, key));
        return new Anchor(time, head.organizationId(), head.seq(), head.mac(), previous, key, signature);
    }

    /** Whether it is as it was signed with this signer's key. */
    boolean signedBy(AuditSigner signer) {
        return key.equals(signer.publicKey())
                && signer.signed(message(at, organizationId, count, mac, previous, key), signature);
    }

    private static Canonical message(
            String at, String organizationId, long count, String mac, @Nullable String previous, String key) {
        return new Canonical("keyrack audit anchor 1")
                .text(at)
                .text(organizationId)
                .number(count)
                .text(mac)
                .text(previous)
                .text(key);
    }

    /** One line of JSON. */
    String line() {
        return JSON.writeValueAsString(this);
    }

    /** Reads back what {@link #line} wrote. */
    static Optional<Anchor> parse(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            if (json == null || !json.path("count").isIntegralNumber()) {
                return Optional.empty();
            }
            String at = text(json, "at");
            Times.micros(at);
            return Optional.of(new Anchor(
                    at,
                    text(json, "organizationId"),
                    json.path("count").longValue(),
                    text(json, "mac"),
                    json.path("previous").isNull() ? null : text(json, "previous"),
                    text(json, "key"),
                    text(json, "signature")));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode json, String field) {
        if (!json.path(field).isString()) {
            throw new IllegalArgumentException(field + " is no text");
        }
        return json.path(field).stringValue();
    }
}
