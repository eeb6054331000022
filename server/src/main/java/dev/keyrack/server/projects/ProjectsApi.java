package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Projects over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/projects", produces = MediaType.APPLICATION_JSON_VALUE)
public final class ProjectsApi {
    static final ListQuery.Rules LIST =
            new ListQuery.Rules(List.of("name", "-name", "createdAt", "-createdAt"), 2).searchable("name");

    private final Projects projects;
    private final Idempotency idempotency;

    public ProjectsApi(Projects projects, Idempotency idempotency) {
        this.projects = projects;
        this.idempotency = idempotency;
    }

    record ProjectBody(
            String id,
            String organizationId,
            String name,
            @Nullable Owner owner,
            String createdAt,
            String updatedAt) {
        static ProjectBody of(Project p) {
            return new ProjectBody(
                    p.id(),
                    p.organizationId(),
                    p.name(),
                    p.owner(),
                    Times.text(p.createdAt()),
                    Times.text(p.updatedAt()));
        }
    }

    record ProjectAnswer(ProjectBody project) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> create(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_PROJECTS);
        JsonInput in = Requests.body(request);
        String name = in.name("name", 100);
        Creation<Project> creation = idempotency.creation(request, in, caller.credential(), ProjectsApi::created);
        return creation.answer(() -> projects.create(caller, name, creation));
    }

    static Answer created(Project project) {
        return Answer.created(
                "/api/v1/projects/" + project.id(), project.version(), new ProjectAnswer(ProjectBody.of(project)));
    }

    @GetMapping
    Page<ProjectBody> list(Caller caller, HttpServletRequest request) {
        return projects.list(caller, LIST.read(request)).map(ProjectBody::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<ProjectAnswer> get(Caller caller, @PathVariable String id) {
        return answer(projects.get(caller, id));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<ProjectAnswer> update(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        JsonInput in = Requests.body(request);
        return answer(update(projects, caller, id, in, version -> Requests.requireMatch(request, version)));
    }

    /** Reads what is to change, and changes it: the same for the form of the page. */
    static Project update(Projects projects, Caller caller, String id, JsonInput in, LongConsumer match) {
        String name = in.has("name") ? in.name("name", 100) : null;
        String ownerId = in.has("ownerId") ? in.text("ownerId", owner -> true, Sentence.of("problem.member-id")) : null;
        in.finish();
        return projects.update(caller, id, name, ownerId, match);
    }

    private static ResponseEntity<ProjectAnswer> answer(Project project) {
        return ResponseEntity.ok()
                .eTag(Requests.etag(project.version()))
                .body(new ProjectAnswer(ProjectBody.of(project)));
    }
}
