package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.audit.AuditTrail;
import dev.keyrack.server.audit.EventBody;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was done to a key, for whoever may see the key. */
@RestController
@RequestMapping(path = "/api/v1/keys/{id}/events", produces = MediaType.APPLICATION_JSON_VALUE)
public final class KeyEventsApi {
    private static final ListQuery.Rules LIST = AuditTrail.list();

    private final Credentials credentials;
    private final AuditTrail trail;

    public KeyEventsApi(Credentials credentials, AuditTrail trail) {
        this.credentials = credentials;
        this.trail = trail;
    }

    @GetMapping
    Page<EventBody> list(Caller caller, @PathVariable String id, HttpServletRequest request) {
        ListQuery query = LIST.read(request);
        Key key = credentials.get(caller, id);
        return trail.of(key.organizationId(), key.id().value(), query);
    }
}
