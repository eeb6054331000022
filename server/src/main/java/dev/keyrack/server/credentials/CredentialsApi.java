package dev.keyrack.server.credentials;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.feed.Confirmation;
import dev.keyrack.server.http.ActorBody;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Notice;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** API keys over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/keys", produces = MediaType.APPLICATION_JSON_VALUE)
public final class CredentialsApi {
    static final ListQuery.Rules LIST = new ListQuery.Rules(Credentials.sorts(), 3)
            .filter("projectId", id -> id.length() <= 100, Sentence.of("problem.project-id"))
            .filter("owner", id -> id.length() <= 100, Sentence.of("problem.member-id-or-me"))
            .filterMany("type", text -> KeyType.of(text).isPresent(), NewKeyInput.TYPES)
            .filterMany("state", ShownState::is, ShownState.NAMES)
            .searchable("name");

    private final Credentials credentials;
    private final Rotation rotation;
    private final Idempotency idempotency;

    public CredentialsApi(Credentials credentials, Idempotency idempotency) {
        this.credentials = credentials;
        this.rotation = credentials.rotation();
        this.idempotency = idempotency;
    }

    record SourceBody(String kind, @Nullable String name) {}

    /** What counts for local development until then; nothing once that is over. */
    record LocalBody(List<String> websites, List<String> networks, String until) {
        static @Nullable LocalBody of(KeyRestrictions.@Nullable Local local, long now) {
            return local == null || local.until() <= now
                    ? null
                    : new LocalBody(local.websites(), local.networks(), Times.text(local.until()));
        }
    }

    record KeyBody(
            String id,
            String type,
            String state,
            String name,
            String masked,
            String organizationId,
            String projectId,
            int generation,
            List<KeyTokenBody> tokens,
            @Nullable List<String> permissions,
            @Nullable String expiresAt,
            KeyRestrictions restrictions,
            @Nullable LocalBody localDevelopment,
            Map<String, String> metadata,
            SourceBody source,
            @Nullable Owner owner,
            String createdAt,
            ActorBody createdBy,
            String updatedAt,
            @Nullable String stateChangedAt,
            @Nullable ActorBody stateChangedBy,
            @Nullable String revokedAt) {
        static KeyBody of(Key key, long now) {
            Key.Deed stateChanged = key.stateChanged();
            String changedAt = stateChanged == null ? null : Times.text(stateChanged.at());
            return new KeyBody(
                    key.id().value(),
                    key.type().text(),
                    key.state().text(),
                    key.name(),
                    key.masked(),
                    key.organizationId(),
                    key.projectId(),
                    key.generation(),
                    key.tokens().stream().map(KeyTokenBody::of).toList(),
                    key.permissions(),
                    Times.textOrNull(key.expiresAt()),
                    key.restrictions().lasting(),
                    LocalBody.of(key.restrictions().local(), now),
                    key.metadata(),
                    new SourceBody(key.source().kind(), key.source().name()),
                    key.owner(),
                    Times.text(key.created().at()),
                    ActorBody.of(key.created().by()),
                    Times.text(key.updatedAt()),
                    changedAt,
                    stateChanged == null ? null : ActorBody.of(stateChanged.by()),
                    key.state() == KeyState.REVOKED ? changedAt : null);
        }
    }

    record KeyAnswer(KeyBody key) {}

    record IssuedAnswer(
            KeyBody key,
            String token,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Notice> notices) {
        static IssuedAnswer of(Credentials.Issued issued, List<Notice> notices, long now) {
            return new IssuedAnswer(
                    KeyBody.of(issued.key(), now), issued.token().reveal(), notices);
        }
    }

    record ConfirmedAnswer(
            KeyBody key,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Confirmation confirmation,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Notice> notices) {}

    record TokenAnswer(String token) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> create(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_KEYS);
        JsonInput in = Requests.body(request);
        RestrictionsInput restrictions = new RestrictionsInput();
        NewKey wanted = NewKeyInput.read(in, restrictions, Requests.knownAddress(request), caller.at());
        Creation<Credentials.Issued> creation = idempotency.creation(
                request, in, caller.credential(), issued -> created(issued, restrictions, caller.at()));
        return creation.answer(() -> credentials.create(caller, wanted, creation));
    }

    /** The answer that holds a key and the token that was just made for it. */
    static Answer created(Credentials.Issued issued, RestrictionsInput read, long now) {
        return Answer.created(
                        "/api/v1/keys/" + issued.key().id(),
                        issued.key().version(),
                        IssuedAnswer.of(issued, read.notices(issued.key().restrictions()), now))
                .withTokenOf(issued.key().id().value());
    }

    @GetMapping
    Page<KeyBody> list(Caller caller, HttpServletRequest request) {
        return credentials.list(caller, LIST.read(request)).map(key -> KeyBody.of(key, caller.at()));
    }

    @GetMapping("/{id}")
    ResponseEntity<KeyAnswer> get(Caller caller, @PathVariable String id) {
        Key key = credentials.get(caller, id);
        return ResponseEntity.ok().eTag(etag(key)).body(new KeyAnswer(KeyBody.of(key, caller.at())));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<ConfirmedAnswer> update(Caller caller, @PathVariable String id, HttpServletRequest request) {
        credentials.changeable(caller, id);
        JsonInput in = Requests.body(request);
        RestrictionsInput restrictions = new RestrictionsInput();
        KeyPatch patch = KeyPatchInput.read(in, restrictions, Requests.knownAddress(request), caller.at());
        in.finish();
        Credentials.Confirmed<Key> done = credentials.update(caller, id, patch, match(request));
        return answer(
                caller,
                done.result(),
                patch.concernsVerifiers() ? done.confirmation() : null,
                restrictions.notices(done.result().restrictions()));
    }

    @PostMapping("/{id}/disable")
    ResponseEntity<ConfirmedAnswer> disable(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        return answer(caller, credentials.disable(caller, id, match(request)));
    }

    @PostMapping("/{id}/enable")
    ResponseEntity<ConfirmedAnswer> enable(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        return answer(caller, credentials.enable(caller, id, match(request)));
    }

    @PostMapping("/{id}/regenerate")
    ResponseEntity<JsonNode> regenerate(Caller caller, @PathVariable String id, HttpServletRequest request) {
        credentials.changeable(caller, id);
        JsonInput in = Requests.optionalBody(request);
        Duration overlap = Duration.ofSeconds(
                in.has("overlapSeconds") ? in.number("overlapSeconds", 0, Rotation.MAX_OVERLAP_SECONDS) : 0);
        Creation<Credentials.Issued> creation = idempotency.creation(
                request,
                in,
                caller.credential(),
                issued -> Answer.changed(issued.key().version(), IssuedAnswer.of(issued, List.of(), caller.at()))
                        .withTokenOf(issued.key().id().value()));
        return creation.answer(() -> {
            Credentials.Confirmed<Answer> done = rotation.regenerate(caller, id, overlap, match(request), creation);
            return done.result().with("confirmation", done.confirmation());
        });
    }

    @PostMapping("/{id}/end-overlap")
    ResponseEntity<ConfirmedAnswer> endOverlap(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        return answer(caller, rotation.endOverlap(caller, id, match(request)));
    }

    @PostMapping("/{id}/reveal")
    TokenAnswer reveal(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        Secret token = credentials.reveal(caller, id);
        return new TokenAnswer(token.reveal());
    }

    @DeleteMapping("/{id}")
    ResponseEntity<ConfirmedAnswer> revoke(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return answer(caller, credentials.revoke(caller, id, match(request)));
    }

    private static LongConsumer match(HttpServletRequest request) {
        return version -> Requests.requireMatch(request, version);
    }

    private static ResponseEntity<ConfirmedAnswer> answer(Caller caller, Credentials.Confirmed<Key> done) {
        return answer(caller, done.result(), done.confirmation(), List.of());
    }

    private static ResponseEntity<ConfirmedAnswer> answer(
            Caller caller, Key key, @Nullable Confirmation confirmation, List<Notice> notices) {
        return ResponseEntity.ok()
                .eTag(etag(key))
                .body(new ConfirmedAnswer(KeyBody.of(key, caller.at()), confirmation, notices));
    }

    private static String etag(Key key) {
        return Requests.etag(key.version());
    }
}
