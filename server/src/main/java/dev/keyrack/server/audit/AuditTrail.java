package dev.keyrack.server.audit;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.Store;
import java.util.List;
import java.util.Map;

/** Reads the audit trail of an organization, newest event first. Who may see it, the caller has decided. */
public final class AuditTrail {
    private final Store store;
    private final AuditSql sql = new AuditSql();

    public AuditTrail(Store store) {
        this.store = store;
    }

    /** A list of events without filters. */
    public static ListQuery.Rules list() {
        return new ListQuery.Rules(List.of("-at"), 2);
    }

    /** What was done to one key, project, organization, member or token. */
    public Page<EventBody> of(String organizationId, String target, ListQuery query) {
        return page(
                organizationId,
                new ListQuery(query.limit(), query.after(), query.sort(), null, Map.of("target", List.of(target))));
    }

    Page<EventBody> page(String organizationId, ListQuery query) {
        Long since = query.one("since").map(Times::micros).orElse(null);
        Long until = query.one("until").map(Times::micros).orElse(null);
        return Page.of(
                        store.read(tx -> sql.page(tx, organizationId, query, since, until)),
                        query,
                        row -> new Cursor(query.sort(), List.of(String.valueOf(row.at()), String.valueOf(row.seq()))))
                .map(EventBody::of);
    }
}
