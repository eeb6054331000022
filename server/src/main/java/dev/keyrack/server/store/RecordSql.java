package dev.keyrack.server.store;

import dev.keyrack.gate.FeedJson;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Appends to the two records that go with every change: the audit trail and the change feed. */
final class RecordSql {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Takes the next number of the organization's trail. */
    private static final String NEXT_EVENT = """
            INSERT INTO audit_heads (organization_id, seq) VALUES (:organization, 1)
            ON CONFLICT (organization_id) DO UPDATE SET seq = audit_heads.seq + 1
            RETURNING seq
            """;

    private static final String EVENT = """
            INSERT INTO audit_events (organization_id, seq, at, actor_kind, actor_id, actor_name, action,
                target_kind, target_id, target_name, before_state, after_state, address, request_id)
            VALUES (:organization, :seq, :at, :actorKind, :actorId, :actorName, :action,
                :targetKind, :targetId, :targetName, :before, :after, :address, :requestId)
            """;

    /** Takes the next number of the feed: from here to the commit nobody else can, so numbers are dense and in order. */
    private static final String NEXT_ENTRY = """
            UPDATE feed_head SET seq = seq + 1, tag = :tag WHERE id = 1 RETURNING seq
            """;

    private static final String ENTRY = """
            INSERT INTO feed_entries (seq, tag, organization_id, kind, narrows, payload, at)
            VALUES (:seq, :tag, :organization, :kind, :narrows, :payload, :at)
            """;

    private final RandomGenerator random;

    RecordSql(RandomGenerator random) {
        this.random = random;
    }

    void append(Tx tx, Cause cause, AuditEvent event) {
        long seq = tx.handle()
                .createQuery(NEXT_EVENT)
                .bind("organization", event.organizationId())
                .mapTo(Long.class)
                .one();
        tx.handle()
                .createUpdate(EVENT)
                .bind("organization", event.organizationId())
                .bind("seq", seq)
                .bind("at", tx.at())
                .bind("actorKind", cause.actor().kind().text())
                .bind("actorId", cause.actor().id())
                .bind("actorName", cause.actor().name())
                .bind("action", event.action().text())
                .bind("targetKind", event.target().kind())
                .bind("targetId", event.target().id())
                .bind("targetName", event.target().name())
                .bind("before", json(event.before()))
                .bind("after", json(event.after()))
                .bind("address", cause.address())
                .bind("requestId", cause.requestId())
                .execute();
    }

    /** A number of the feed, and its tag. */
    record Entry(long number, long tag) {}

    Entry append(Tx tx, FeedDraft entry) {
        long tag = random.nextLong();
        long seq = tx.handle()
                .createQuery(NEXT_ENTRY)
                .bind("tag", tag)
                .mapTo(Long.class)
                .one();
        tx.handle()
                .createUpdate(ENTRY)
                .bind("seq", seq)
                .bind("tag", tag)
                .bind("organization", entry.organizationId())
                .bind("kind", FeedJson.kind(entry.change()))
                .bind("narrows", entry.narrows() ? 1 : 0)
                .bind("payload", FeedJson.write(entry.change()))
                .bind("at", tx.at())
                .execute();
        return new Entry(seq, tag);
    }

    Entry head(Tx tx) {
        return tx.handle()
                .createQuery("SELECT seq, tag FROM feed_head WHERE id = 1")
                .map((row, context) -> new Entry(row.getLong(1), row.getLong(2)))
                .one();
    }

    private static @Nullable String json(@Nullable Map<String, ?> state) {
        return state == null ? null : JSON.writeValueAsString(state);
    }
}
