package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.accounts.Right;
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
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

/** API credentials: what gives out a token, which is shown once. */
@RestController
@RequestMapping(DeveloperCredentialsPage.ADDRESS)
public final class CredentialTokensPage {
    private static final String ADDRESS = DeveloperCredentialsPage.ADDRESS;

    private final Pages pages;
    private final Credentials credentials;
    private final Rotation rotation;
    private final Projects projects;
    private final UseOfKeys use;
    private final ProjectChoice choice;
    private final Idempotency idempotency;
    private final Supplier<String> gate;

    /** @param gate the address of the gate, without a slash at its end */
    public CredentialTokensPage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            UseOfKeys use,
            Idempotency idempotency,
            Supplier<String> gate) {
        this.pages = pages;
        this.credentials = credentials;
        this.rotation = credentials.rotation();
        this.projects = projects;
        this.use = use;
        this.choice = new ProjectChoice(projects);
        this.idempotency = idempotency;
        this.gate = gate;
    }

    /** @param projects to choose from, unless there is only one */
    public record New(Form form, ProjectChoice.Offer projects) {}

    /**
     * A credential that has a new token.
     *
     * @param fresh whether it was made just now, and did not only get another token
     * @param token shown this once; nothing where it was replaced since
     */
    public record Issued(
            String name, boolean fresh, @Nullable String token, BasicUse use) {
        /** How programs use it. None holds the token: they read it from their environment. */
        public List<Snippet.Shown> snippets() {
            return Snippet.of(KeyType.SERVER).stream().map(Snippet::shown).toList();
        }
    }

    @GetMapping("/new")
    ResponseEntity<byte[]> blank(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_KEYS);
        return pages.show(request, "credentials/developer-new", new New(Form.of(request), choice.offer(caller)));
    }

    @PostMapping("/new")
    ResponseEntity<byte[]> create(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_KEYS);
        Form form = Form.of(request);
        ProjectChoice.Offer offer = choice.offer(caller);
        try {
            ProjectChoice.Found project = project(caller, form, offer);
            JsonInput in = new FormBody(request)
                    .text("name")
                    .put("type", "server")
                    .put("projectId", String.valueOf(project.id()))
                    .input();
            NewKey wanted = NewKeyInput.read(in, new RestrictionsInput(), Optional.empty(), caller.at());
            if (project.problem() != null) {
                in.error("/projectId", project.problem());
            }
            Creation<Credentials.Issued> creation = creation(caller, request, form, in);
            JsonNode made = Objects.requireNonNull(creation.answer(() -> credentials.create(caller, wanted, creation))
                    .getBody());
            return pages.show(request, HttpStatus.CREATED, "credentials/developer-token", issued(caller, made, true));
        } catch (ProblemException e) {
            return e.problem() instanceof Problem.AnswerGone
                    ? gone(caller, request, e.problem(), form.value("name"), true)
                    : pages.again(request, e.problem(), "credentials/developer-new", new New(form.with(e), offer));
        }
    }

    /** The one that was chosen or typed, or the only one that there is. */
    private ProjectChoice.Found project(Caller caller, Form form, ProjectChoice.Offer offer) {
        String typed = form.value("projectId").strip();
        if (typed.isEmpty()) {
            return offer.few().size() == 1
                    ? new ProjectChoice.Found(offer.few().getFirst().id(), null)
                    : new ProjectChoice.Found(null, Sentence.of("problem.choose-one"));
        }
        return choice.find(caller, typed);
    }

    private Creation<Credentials.Issued> creation(Caller caller, HttpServletRequest request, Form form, JsonInput in) {
        return idempotency.formCreation(
                request,
                Secret.of(form.once()),
                in,
                caller.credential(),
                issued -> Answer.changed(
                                issued.key().version(), CredentialsApi.IssuedAnswer.of(issued, List.of(), caller.at()))
                        .withTokenOf(issued.key().id().value()));
    }

    private Issued issued(Caller caller, JsonNode made, boolean fresh) {
        String token = made.get("token").stringValue();
        return new Issued(made.at("/key/name").stringValue(), fresh, token, use(caller, token));
    }

    private BasicUse use(Caller caller, @Nullable String token) {
        return new BasicUse(caller.requireOrganization().subdomain(), token, gate.get());
    }

    private ResponseEntity<byte[]> gone(
            Caller caller, HttpServletRequest request, Problem why, String name, boolean fresh) {
        return pages.again(
                request, why, "credentials/developer-token", new Issued(name, fresh, null, use(caller, null)));
    }

    private DeveloperCredentialsPage.One one(Caller caller, Key key, Form form) {
        Map<String, String> names = projects.names(caller, Set.of(key.projectId()));
        return new DeveloperCredentialsPage.One(KeyRow.of(key, names, caller.at()), form, null, use.of(caller, key));
    }

    /** The warning, before the token that there is stops. */
    @GetMapping("/{id}/refresh")
    ResponseEntity<byte[]> warning(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/refresh");
        return pages.show(request, "credentials/developer-refresh", one(caller, key, Form.of(Map.of())));
    }

    @PostMapping("/{id}/refresh")
    ResponseEntity<byte[]> refresh(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/refresh");
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request).number("overlapSeconds").input();
            Duration overlap = KeyInputs.overlap(in);
            Creation<Credentials.Issued> creation = creation(caller, request, form, in);
            JsonNode made = Objects.requireNonNull(
                    creation.answer(() -> rotation.regenerate(caller, id, overlap, version -> {}, creation)
                                    .result())
                            .getBody());
            return pages.show(request, "credentials/developer-token", issued(caller, made, false));
        } catch (ProblemException e) {
            return e.problem() instanceof Problem.AnswerGone
                    ? gone(caller, request, e.problem(), key.name(), false)
                    : pages.again(
                            request, e.problem(), "credentials/developer-refresh", one(caller, key, form.with(e)));
        }
    }
}
