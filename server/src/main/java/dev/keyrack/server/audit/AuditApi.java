package dev.keyrack.server.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ActorBody;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.Store;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail over HTTP: newest first, filtered by what, who and when. */
@RestController
@RequestMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
public final class AuditApi {
    private static final ListQuery.Rules LIST = new ListQuery.Rules(List.of("-at"), 2)
            .filter("target", id -> id.length() <= 100, "the id of a key, project, organization, member or token")
            .filter("actor", id -> id.length() <= 100, "the id of a member")
            .filter("action", text -> AuditAction.of(text).isPresent(), "an action such as key.revoked")
            .filter("since", Times::isText, "a time such as 2027-01-01T00:00:00Z (RFC 3339)")
            .filter("until", Times::isText, "a time such as 2027-01-01T00:00:00Z (RFC 3339)");

    private final Store store;
    private final AuditSql sql = new AuditSql();

    public AuditApi(Store store) {
        this.store = store;
    }

    record TargetBody(String kind, String id, @Nullable String name) {}

    record SourceBody(@Nullable String address) {}

    record EventBody(
            String id,
            long number,
            String at,
            String organizationId,
            ActorBody actor,
            String action,
            TargetBody target,
            @JsonRawValue @Nullable String before,
            @JsonRawValue @Nullable String after,
            SourceBody source,
            String requestId) {
        static EventBody of(AuditSql.Row row) {
            return new EventBody(
                    row.organizationId() + "-" + row.seq(),
                    row.seq(),
                    Times.text(row.at()),
                    row.organizationId(),
                    ActorBody.of(row.actor()),
                    row.action(),
                    new TargetBody(row.targetKind(), row.targetId(), row.targetName()),
                    row.before(),
                    row.after(),
                    new SourceBody(row.address()),
                    row.requestId());
        }
    }

    @GetMapping
    Page<EventBody> list(Caller caller, HttpServletRequest request) {
        ListQuery query = LIST.read(request);
        Long since = query.one("since").map(Times::micros).orElse(null);
        Long until = query.one("until").map(Times::micros).orElse(null);
        String organization = caller.requireOrganization().id();
        return Page.of(
                        store.read(tx -> sql.page(tx, organization, query, since, until)),
                        query,
                        row -> new Cursor(query.sort(), List.of(String.valueOf(row.at()), String.valueOf(row.seq()))))
                .map(EventBody::of);
    }
}
