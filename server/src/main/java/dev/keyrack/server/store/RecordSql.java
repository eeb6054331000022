package dev.keyrack.server.store;

import dev.keyrack.gate.FeedJson;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Appends to the two records that go with every change: the audit trail and the change feed. */
final class RecordSql {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Takes the next number of the organization's trail, and the MAC of its last event: from here to the commit nobody
     * else can, so no two events follow the same one.
     */
    private static final String NEXT_EVENT = """
            INSERT INTO audit_heads (organization_id, seq, mac) VALUES (:organization, 1, '')
            ON CONFLICT (organization_id) DO UPDATE SET seq = audit_heads.seq + 1
            RETURNING seq, mac
            """;

    private static final String EVENT = """
            INSERT INTO audit_events (organization_id, seq, at, actor_kind, actor_id, actor_name, action,
                target_kind, target_id, target_name, before_state, after_state, address, request_id, mac)
            VALUES (:organization, :seq, :at, :actorKind, :actorId, :actorName, :action,
                :targetKind, :targetId, :targetName, :before, :after, :address, :requestId, :mac)
            """;

    /** Takes the next numbers of the feed: from here to the commit nobody else can, so numbers are dense and in order. */
    private static final String NEXT_ENTRIES = """
            UPDATE feed_head SET seq = seq + :count, tag = :tag WHERE id = 1 RETURNING seq
            """;

    private static final String ENTRY = """
            INSERT INTO feed_entries (seq, tag, organization_id, kind, narrows, payload, at)
            VALUES (:seq, :tag, :organization, :kind, :narrows, :payload, :at)
            """;

    private final RandomGenerator random;
    private final AuditChain chain;

    RecordSql(RandomGenerator random, AuditChain chain) {
        this.random = random;
        this.chain = chain;
    }

    private record Head(long seq, String mac) {}

    void append(Tx tx, Cause cause, AuditEvent event) {
        Head head = tx.handle()
                .createQuery(NEXT_EVENT)
                .bind("organization", event.organizationId())
                .map((row, context) -> new Head(row.getLong(1), row.getString(2)))
                .one();
        AuditRow row = row(tx, cause, event, head.seq());
        String mac = chain.mac(head.mac(), row);
        tx.handle()
                .createUpdate(EVENT)
                .bind("organization", row.organizationId())
                .bind("seq", row.seq())
                .bind("at", row.at())
                .bind("actorKind", row.actorKind())
                .bind("actorId", row.actorId())
                .bind("actorName", row.actorName())
                .bind("action", row.action())
                .bind("targetKind", row.targetKind())
                .bind("targetId", row.targetId())
                .bind("targetName", row.targetName())
                .bind("before", row.before())
                .bind("after", row.after())
                .bind("address", row.address())
                .bind("requestId", row.requestId())
                .bind("mac", mac)
                .execute();
        tx.handle()
                .createUpdate("UPDATE audit_heads SET mac = :mac WHERE organization_id = :organization")
                .bind("mac", mac)
                .bind("organization", row.organizationId())
                .execute();
    }

    private static AuditRow row(Tx tx, Cause cause, AuditEvent event, long seq) {
        return new AuditRow(
                event.organizationId(),
                seq,
                tx.at(),
                cause.actor().kind().text(),
                cause.actor().id(),
                cause.actor().name(),
                event.action().text(),
                event.target().kind(),
                event.target().id(),
                event.target().name(),
                json(event.before()),
                json(event.after()),
                cause.address(),
                cause.requestId());
    }

    /** A number of the feed, and its tag. */
    record Entry(long number, long tag) {}

    /**
     * Appends entries, of which there is one at least, in few statements however many they are.
     *
     * @param waking see {@link Engine#waking}
     * @return the last of them
     */
    Entry append(Tx tx, List<FeedDraft> entries, String waking) {
        long tag = random.nextLong();
        long seq = tx.handle()
                .createQuery(NEXT_ENTRIES)
                .bind("count", entries.size())
                .bind("tag", tag)
                .mapTo(Long.class)
                .one();
        List<FeedDraft> before = entries.subList(0, entries.size() - 1);
        if (!before.isEmpty()) {
            PreparedBatch batch = tx.handle().prepareBatch(ENTRY);
            long next = seq - before.size();
            for (FeedDraft entry : before) {
                bound(batch, tx, entry, next++, random.nextLong()).add();
            }
            batch.execute();
        }
        FeedDraft entry = entries.getLast();
        if (waking.isEmpty()) {
            bound(tx.handle().createUpdate(ENTRY), tx, entry, seq, tag).execute();
        } else {
            bound(tx.handle().createQuery(ENTRY + waking), tx, entry, seq, tag)
                    .mapTo(String.class)
                    .findFirst();
        }
        return new Entry(seq, tag);
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Tx tx, FeedDraft entry, long seq, long tag) {
        return statement
                .bind("seq", seq)
                .bind("tag", tag)
                .bind("organization", entry.organizationId())
                .bind("kind", FeedJson.kind(entry.change()))
                .bind("narrows", entry.narrows() ? 1 : 0)
                .bind("payload", FeedJson.write(entry.change()))
                .bind("at", tx.at());
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
