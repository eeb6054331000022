package dev.keyrack.server.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.keyrack.server.http.ActorBody;
import dev.keyrack.server.http.Times;
import org.jspecify.annotations.Nullable;

/** An event of the audit trail, as callers see it. */
public record EventBody(
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

    public record TargetBody(
            String kind, String id, @Nullable String name) {}

    public record SourceBody(@Nullable String address) {}

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
