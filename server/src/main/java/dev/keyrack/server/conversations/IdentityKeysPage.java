package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.KeyTab;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Customers of a web key: the identity keys with which the host's backend vouches for them. */
@RestController
@RequestMapping("/settings/api-keys/{id}/identity-keys")
public final class IdentityKeysPage {
    private static final String TEMPLATE = "conversations/identity-keys";

    private final Pages pages;
    private final IdentityKeys keys;
    private final Credentials credentials;
    private final Idempotency idempotency;

    public IdentityKeysPage(Pages pages, IdentityKeys keys, Credentials credentials, Idempotency idempotency) {
        this.pages = pages;
        this.keys = keys;
        this.credentials = credentials;
        this.idempotency = idempotency;
    }

    /** One that signs at present. Times are microseconds since 1970. */
    public record Live(String kid, long createdAt, String createdBy) {}

    /**
     * @param secret of the one that was made just now, shown this once
     * @param kid of that one
     */
    public record Model(
            KeyTab tab,
            List<Live> live,
            boolean room,
            Form form,
            @Nullable String kid,
            @Nullable String secret) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return pages.show(request, TEMPLATE, model(caller, id, Form.of(request), null, null));
    }

    private Model model(Caller caller, String id, Form form, @Nullable String kid, @Nullable String secret) {
        List<Live> live = keys.list(caller, id).stream()
                .map(key -> new Live(key.kid(), key.createdAt(), key.createdBy().name()))
                .toList();
        return new Model(credentials.tab(caller, id), live, live.size() < IdentityKeys.MOST, form, kid, secret);
    }

    /** Answered by the page itself, which a reload asks for again and gets the same. */
    @PostMapping
    ResponseEntity<byte[]> create(Caller caller, @PathVariable String id, HttpServletRequest request) {
        keys.changeable(caller, id);
        PortalSessions.requireRecent(request, KeyTab.address(id) + "/identity-keys");
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request).input();
            Creation<IdentityKeys.Issued> creation = idempotency.formCreation(
                    request,
                    Secret.of(form.once()),
                    in,
                    caller.credential(),
                    issued -> IdentityKeysApi.created(id, issued));
            JsonNode made = Objects.requireNonNull(
                    creation.answer(() -> keys.create(caller, id, creation)).getBody());
            return pages.show(
                    request,
                    HttpStatus.CREATED,
                    TEMPLATE,
                    model(
                            caller,
                            id,
                            form,
                            made.at("/identityKey/kid").stringValue(),
                            made.path("secret").stringValue()));
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), TEMPLATE, model(caller, id, form.with(e), null, null));
        }
    }

    @PostMapping("/end")
    ResponseEntity<byte[]> end(Caller caller, @PathVariable String id, HttpServletRequest request) {
        keys.end(caller, id, Form.of(request).value("kid"));
        return Pages.go(KeyTab.address(id) + "/identity-keys?done=identity-key-ended");
    }
}
