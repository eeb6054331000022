package dev.keyrack.server.audit;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the audit trail of an organization, newest event first. Who may see it, the caller has decided. */
public final class AuditTrail {
    private static final int EXPORTED_AT_ONCE = 500;

    private final Store store;
    private final AuditSql sql = new AuditSql();

    public AuditTrail(Store store) {
        this.store = store;
    }

    /** A list of events without filters. */
    public static ListQuery.Rules list() {
        return new ListQuery.Rules(List.of("-at"), 2);
    }

    /** A list of events by what, who and when. */
    static ListQuery.Rules filtered() {
        return list().filter("target", id -> id.length() <= 100, Sentence.of("problem.target-id"))
                .filter("actor", id -> id.length() <= 100, Sentence.of("problem.member-id"))
                .filter("action", text -> AuditAction.of(text).isPresent(), Sentence.of("problem.action"))
                .filter("since", Times::isText, Sentence.of("problem.time"))
                .filter("until", Times::isText, Sentence.of("problem.time"));
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

    /** Hands over every event of a query, page by page, so that no transaction stays open for a slow reader. */
    void forEach(String organizationId, ListQuery first, Consumer<EventBody> each) {
        Cursor after = null;
        do {
            Page<EventBody> page = page(
                    organizationId,
                    new ListQuery(EXPORTED_AT_ONCE, after, first.sort(), first.search(), first.filters()));
            page.items().forEach(each);
            String next = page.next();
            after = next == null ? null : Cursor.parse(next).orElseThrow();
        } while (after != null);
    }
}
