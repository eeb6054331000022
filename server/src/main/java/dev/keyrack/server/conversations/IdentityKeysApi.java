package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ActorBody;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Identity keys over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/keys/{id}/identity-keys", produces = MediaType.APPLICATION_JSON_VALUE)
public final class IdentityKeysApi {
    private final IdentityKeys keys;
    private final Idempotency idempotency;

    public IdentityKeysApi(IdentityKeys keys, Idempotency idempotency) {
        this.keys = keys;
        this.idempotency = idempotency;
    }

    record IdentityKeyBody(String kid, String createdAt, ActorBody createdBy) {
        static IdentityKeyBody of(IdentityKeySql.Key key) {
            return new IdentityKeyBody(key.kid(), Times.text(key.createdAt()), ActorBody.of(key.createdBy()));
        }
    }

    record ListAnswer(List<IdentityKeyBody> items) {}

    record CreatedAnswer(IdentityKeyBody identityKey, String secret) {}

    record EndedAnswer(String kid, int sessionsEnded) {}

    @GetMapping
    ListAnswer list(Caller caller, @PathVariable String id) {
        return new ListAnswer(
                keys.list(caller, id).stream().map(IdentityKeyBody::of).toList());
    }

    @PostMapping
    ResponseEntity<JsonNode> create(Caller caller, @PathVariable String id, HttpServletRequest request) {
        keys.changeable(caller, id);
        JsonInput in = Requests.optionalBody(request);
        Creation<IdentityKeys.Issued> creation =
                idempotency.creation(request, in, caller.credential(), issued -> created(id, issued));
        return creation.answer(() -> keys.create(caller, id, creation));
    }

    static Answer created(String id, IdentityKeys.Issued issued) {
        String kid = issued.key().kid();
        return Answer.created(
                        "/api/v1/keys/" + id + "/identity-keys/" + kid,
                        1,
                        new CreatedAnswer(
                                IdentityKeyBody.of(issued.key()),
                                issued.secret().reveal()))
                .withTokenOf(kid);
    }

    @DeleteMapping("/{kid}")
    EndedAnswer end(Caller caller, @PathVariable String id, @PathVariable String kid) {
        return new EndedAnswer(kid, keys.end(caller, id, kid));
    }
}
