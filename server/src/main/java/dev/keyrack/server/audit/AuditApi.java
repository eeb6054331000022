package dev.keyrack.server.audit;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail over HTTP: newest first, filtered by what, who and when. */
@RestController
@RequestMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
public final class AuditApi {
    private static final ListQuery.Rules LIST = AuditTrail.filtered();

    private final AuditTrail trail;

    public AuditApi(AuditTrail trail) {
        this.trail = trail;
    }

    @GetMapping
    Page<EventBody> list(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        return trail.page(caller.requireOrganization().id(), LIST.read(request));
    }
}
