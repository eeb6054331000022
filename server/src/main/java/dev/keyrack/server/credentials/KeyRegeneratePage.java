package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Gives a key a new token: says what that does to whoever uses the old one, then shows the new one, once. */
@RestController
@RequestMapping("/settings/api-keys/{id}/regenerate")
public final class KeyRegeneratePage {
    private static final String CUSTOM = "custom";

    private final Pages pages;
    private final Credentials credentials;
    private final Rotation rotation;
    private final Projects projects;
    private final UseOfKeys use;
    private final Idempotency idempotency;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public KeyRegeneratePage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            UseOfKeys use,
            Idempotency idempotency,
            Supplier<String> base) {
        this.pages = pages;
        this.credentials = credentials;
        this.rotation = credentials.rotation();
        this.projects = projects;
        this.use = use;
        this.idempotency = idempotency;
        this.base = base;
    }

    /** @param overlapEndsAt until when the token before the newest works; nothing where none does */
    public record Model(KeyTab tab, Form form, @Nullable Long overlapEndsAt, UseOfKeys.Known use) {}

    /**
     * @param token shown this once
     * @param formerEndsAt until when the one before works; nothing where it does not
     */
    public record Made(KeyTab tab, String token, @Nullable Long formerEndsAt, List<Snippet.Shown> snippets) {}

    @GetMapping
    ResponseEntity<byte[]> question(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        PortalSessions.requireRecent(request, address(key));
        return show(
                caller,
                request,
                HttpStatus.OK,
                key,
                Form.of(Map.of("overlap", "86400", KeyTab.VERSION, String.valueOf(key.version()))));
    }

    private ResponseEntity<byte[]> show(
            Caller caller, HttpServletRequest request, HttpStatus status, Key key, Form form) {
        return pages.show(
                request,
                status,
                "credentials/key-regenerate",
                new Model(KeyTab.of(caller, key, projects), form, formerEndsAt(key, caller.at()), use.of(caller, key)));
    }

    private static @Nullable Long formerEndsAt(Key key, long now) {
        return key.overlapping().map(Key.Token::endsAt).filter(end -> end > now).orElse(null);
    }

    /** A reload sends the same form again, and gets the same token for as long as it is the key's newest. */
    @PostMapping
    ResponseEntity<byte[]> regenerate(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        PortalSessions.requireRecent(request, address(key));
        Form form = Form.of(request);
        try {
            JsonInput in = overlap(request, form);
            Duration overlap = Duration.ofSeconds(in.number("overlapSeconds", 0, Rotation.MAX_OVERLAP_SECONDS));
            Creation<Credentials.Issued> creation = idempotency.formCreation(
                    request,
                    Secret.of(form.once()),
                    in,
                    caller.credential(),
                    issued -> Answer.changed(
                                    issued.key().version(),
                                    CredentialsApi.IssuedAnswer.of(issued, List.of(), caller.at()))
                            .withTokenOf(issued.key().id().value()));
            JsonNode made = Objects.requireNonNull(creation.answer(() -> rotation.regenerate(
                                    caller, id, overlap, KeyTab.shown(form.value(KeyTab.VERSION)), creation)
                            .result())
                    .getBody());
            Key now = credentials.get(caller, id);
            return pages.show(
                    request,
                    "credentials/key-regenerated",
                    new Made(
                            KeyTab.of(caller, now, projects),
                            made.get("token").stringValue(),
                            formerEndsAt(now, caller.at()),
                            Snippet.of(now.type()).stream()
                                    .map(snippet ->
                                            snippet.shown(made.get("token").stringValue(), base.get()))
                                    .toList()));
        } catch (ProblemException e) {
            Form again = form.with(e.problem())
                    .with(
                            KeyTab.VERSION,
                            String.valueOf(credentials.get(caller, id).version()));
            return switch (e.problem()) {
                case Problem.PreconditionFailed changed ->
                    show(caller, request, HttpStatus.PRECONDITION_FAILED, credentials.get(caller, id), again);
                case Problem.InvalidRequest wrong -> show(caller, request, HttpStatus.BAD_REQUEST, key, again);
                case Problem.Conflict wrong -> show(caller, request, HttpStatus.CONFLICT, key, again);
                case Problem.AnswerGone gone -> Pages.go(KeyTab.address(key.id().value()) + "?done=token-gone");
                default -> throw e;
            };
        }
    }

    private static JsonInput overlap(HttpServletRequest request, Form form) {
        FormBody body = new FormBody(request);
        String chosen = form.value("overlap");
        return (chosen.equals(CUSTOM) || !chosen.matches("[0-9]{1,9}")
                        ? body.number("overlapSeconds")
                        : body.put("overlapSeconds", Long.parseLong(chosen)))
                .input();
    }

    private static String address(Key key) {
        return KeyTab.address(key.id().value()) + "/regenerate";
    }
}
