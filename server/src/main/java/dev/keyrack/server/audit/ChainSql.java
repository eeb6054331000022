package dev.keyrack.server.audit;

import dev.keyrack.server.store.AuditRow;
import dev.keyrack.server.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.result.ResultIterator;

/** Reads the audit trail as a chain: whole, in the order of its numbers. */
final class ChainSql {
    /** So many rows are in memory at a time, where the engine would otherwise fetch all. */
    private static final int FETCH = 1_000;

    /** Where the trail of an organization ends: how many events it has, and the MAC of the last. */
    record Head(String organizationId, long seq, String mac) {}

    /** An event with the MAC that stands beside it. */
    record Link(AuditRow event, String mac) {}

    List<Head> heads(Tx tx) {
        return tx.handle()
                .createQuery("SELECT organization_id, seq, mac FROM audit_heads ORDER BY organization_id")
                .map((row, context) -> new Head(row.getString(1), row.getLong(2), row.getString(3)))
                .list();
    }

    /** A page of heads by organization, or the head of one organization. */
    List<Head> heads(Tx tx, String after, Optional<String> only, int limit) {
        return tx.handle()
                .createQuery("SELECT organization_id, seq, mac FROM audit_heads WHERE organization_id > :after"
                        + only.map(id -> " AND organization_id = :only").orElse("")
                        + " ORDER BY organization_id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .bindMap(only.map(id -> java.util.Map.of("only", id)).orElse(java.util.Map.of()))
                .map((row, context) -> new Head(row.getString(1), row.getLong(2), row.getString(3)))
                .list();
    }

    Optional<Head> head(Tx tx, String organizationId) {
        return heads(tx, "", Optional.of(organizationId), 1).stream().findFirst();
    }

    /** Every organization that has a head, or events without one. */
    List<String> organizations(Tx tx) {
        return tx.handle()
                .createQuery("SELECT organization_id FROM audit_heads UNION"
                        + " SELECT DISTINCT organization_id FROM audit_events ORDER BY organization_id")
                .mapTo(String.class)
                .list();
    }

    /** Shows the events of an organization, by number, until it says that it needs no more. */
    void walk(Tx tx, String organizationId, Predicate<Link> more) {
        try (ResultIterator<Link> links = tx.handle()
                .createQuery("SELECT " + AuditRow.COLUMNS + ", mac FROM audit_events"
                        + " WHERE organization_id = :organization ORDER BY seq")
                .setFetchSize(FETCH)
                .bind("organization", organizationId)
                .map((row, context) -> new Link(AuditRow.read(row), row.getString(15)))
                .iterator()) {
            while (links.hasNext() && more.test(links.next())) {}
        }
    }

    /** The MAC of one event. */
    Optional<String> mac(Tx tx, String organizationId, long seq) {
        return tx.handle()
                .createQuery("SELECT mac FROM audit_events WHERE organization_id = :organization AND seq = :seq")
                .bind("organization", organizationId)
                .bind("seq", seq)
                .mapTo(String.class)
                .findFirst();
    }

    /** The highest number of an organization; 0 when it has no event. */
    long last(Tx tx, String organizationId) {
        return tx.handle()
                .createQuery("SELECT COALESCE(MAX(seq), 0) FROM audit_events WHERE organization_id = :organization")
                .bind("organization", organizationId)
                .mapTo(Long.class)
                .one();
    }
}
