package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Notice;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.permissions.PermissionCatalogue;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Create API Key: the form, and the page that shows the token, which is the answer to the form itself. */
@RestController
@RequestMapping(KeysPage.ADDRESS + "/new")
public final class NewKeyPage {
    private final Pages pages;
    private final Credentials credentials;
    private final Projects projects;
    private final PermissionCatalogue catalogue;
    private final Idempotency idempotency;
    private final ProjectChoice choice;
    private final WebKeyStart start;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public NewKeyPage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            PermissionCatalogue catalogue,
            Idempotency idempotency,
            WebKeyStart start,
            Supplier<String> base) {
        this.pages = pages;
        this.credentials = credentials;
        this.projects = projects;
        this.catalogue = catalogue;
        this.idempotency = idempotency;
        this.choice = new ProjectChoice(projects);
        this.start = start;
        this.base = base;
    }

    /**
     * @param failed whether this shows a form again that was refused
     * @param offered the operator's catalogue; empty where there is none, and any permission can be typed
     * @param reserved the permissions that only Owners and Admins give; empty for others
     * @param address of the reader, as a network; empty where it is not known
     * @param list that the reader came from
     */
    public record Model(
            Form form,
            boolean failed,
            List<String> types,
            ProjectChoice.Offer projects,
            List<NewKeyForm.Expiry> expiries,
            List<PermissionCatalogue.Offered> offered,
            List<String> reserved,
            String address,
            String list) {}

    /**
     * @param secret whether the token is shown here for the only time
     * @param notices what was understood otherwise than it was typed
     * @param list that the reader came from
     * @param fields of that list's filter
     */
    public record Made(
            String id,
            String name,
            String type,
            boolean secret,
            String token,
            List<Notice> notices,
            List<Snippet.Shown> snippets,
            String list,
            Map<String, String> fields) {}

    @GetMapping
    ResponseEntity<byte[]> form(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_KEYS);
        Form form = Form.of(request);
        return show(
                caller, request, HttpStatus.OK, form.value("type").isEmpty() ? form.with("type", "web") : form, false);
    }

    private ResponseEntity<byte[]> show(
            Caller caller, HttpServletRequest request, HttpStatus status, Form form, boolean failed) {
        return pages.show(
                request,
                status,
                "credentials/new",
                new Model(
                        form,
                        failed,
                        List.of("web", "mobile", "analytics", "server"),
                        choice.offer(caller),
                        NewKeyForm.expiries(form, caller.at()),
                        catalogue.offered(),
                        mayGiveReserved(caller)
                                ? Permissions.RESERVED.stream().sorted().toList()
                                : List.of(),
                        Requests.knownAddress(request)
                                .map(address -> address + (address.indexOf(':') < 0 ? "/32" : "/64"))
                                .orElse(""),
                        KeysPage.list(request)));
    }

    private static boolean mayGiveReserved(Caller caller) {
        return caller.reach(Right.CHANGE_KEYS) == Reach.ALL;
    }

    @PostMapping
    ResponseEntity<byte[]> create(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_KEYS);
        Form form = Form.of(request);
        try {
            Optional<String> project = project(caller, form);
            FormBody body = NewKeyForm.body(new FormBody(request), form);
            // All that is wrong is said at once, before a project is made for the key.
            JsonInput trial = body.put("projectId", project.orElse("new")).input();
            NewKey read = NewKeyInput.read(trial, new RestrictionsInput(), Requests.knownAddress(request), caller.at());
            KeyRules.late(read, caller.at()).forEach(late -> trial.error(late.pointer(), late.says()));
            if (project.isEmpty() && form.value("newProject").isBlank()) {
                trial.error("/projectId", Sentence.of("problem.project-required"));
            }
            KeyEditPage.twice(form).ifPresent(name -> trial.error("/metadata", Sentence.of("problem.twice", name)));
            if (NewKeyForm.lacksDay(form)) {
                trial.error("/expiresAt", Sentence.of("problem.expiry-day"));
            }
            trial.finish();
            String made = project.isPresent() ? project.get() : newProject(caller, request, form);
            form = form.with("projectId", made);
            return created(caller, request, form, body.put("projectId", made).input());
        } catch (ProblemException e) {
            return refused(caller, request, form, e.problem());
        }
    }

    private ResponseEntity<byte[]> refused(Caller caller, HttpServletRequest request, Form form, Problem problem) {
        return switch (problem) {
            case Problem.InvalidRequest p -> show(caller, request, HttpStatus.BAD_REQUEST, form.with(p), true);
            case Problem.Conflict p -> show(caller, request, HttpStatus.CONFLICT, form.with(p), true);
            case Problem.Forbidden p -> show(caller, request, HttpStatus.FORBIDDEN, form.with(p), true);
            default -> throw new ProblemException(problem);
        };
    }

    /** The project that was chosen; nothing where a new one is wanted, or none was chosen. */
    private Optional<String> project(Caller caller, Form form) {
        String typed = form.value("projectId").strip();
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        ProjectChoice.Found found = choice.find(caller, typed);
        if (found.problem() != null) {
            throw new ProblemException(Problem.InvalidRequest.at("/projectId", found.problem()));
        }
        return Optional.ofNullable(found.id());
    }

    private String newProject(Caller caller, HttpServletRequest request, Form form) {
        JsonInput in = new FormBody(request).text("newProject").input();
        String name = in.name("newProject", 100);
        Creation<Project> creation = idempotency.formCreation(
                request,
                Secret.of(form.once() + "/project"),
                in,
                caller.credential(),
                project -> Answer.created("/projects/" + project.id(), project.version(), Map.of("id", project.id())));
        return body(creation.answer(() -> projects.create(caller, name, creation)))
                .path("id")
                .stringValue();
    }

    private ResponseEntity<byte[]> created(Caller caller, HttpServletRequest request, Form form, JsonInput in) {
        RestrictionsInput restrictions = new RestrictionsInput();
        NewKey wanted = NewKeyInput.read(in, restrictions, Requests.knownAddress(request), caller.at());
        Creation<Credentials.Issued> creation = idempotency.formCreation(
                request,
                Secret.of(form.once()),
                in,
                caller.credential(),
                issued -> CredentialsApi.created(issued, restrictions, caller.at()));
        JsonNode answer = body(creation.answer(() -> credentials.create(caller, wanted, creation)));
        KeyType type = KeyType.of(answer.at("/key/type").stringValue()).orElseThrow();
        if (type == KeyType.WEB && form.ticked(NewKeyForm.CROSS_PAGE_ASKED)) {
            start.begin(caller, answer.at("/key/id").stringValue(), form.ticked(NewKeyForm.CROSS_PAGE));
        }
        String token = answer.path("token").stringValue();
        String list = KeysPage.list(request);
        return pages.show(
                request,
                HttpStatus.CREATED,
                "credentials/made",
                new Made(
                        answer.at("/key/id").stringValue(),
                        answer.at("/key/name").stringValue(),
                        type.text(),
                        !type.publishable(),
                        token,
                        restrictions.notices(wanted.restrictions()),
                        Snippet.of(type).stream()
                                .map(snippet -> snippet.shown(token, base.get()))
                                .toList(),
                        list,
                        KeysPage.fields(list)));
    }

    private static JsonNode body(ResponseEntity<JsonNode> answer) {
        return Objects.requireNonNull(answer.getBody());
    }
}
