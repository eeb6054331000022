package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.MemberChoice;
import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Projects: the list, and the page of each. */
@RestController
@RequestMapping(ProjectsPage.ADDRESS)
public final class ProjectsPage {
    static final String ADDRESS = "/projects";

    private final Pages pages;
    private final Projects projects;
    private final MemberChoice members;
    private final Idempotency idempotency;

    public ProjectsPage(Pages pages, Projects projects, MemberChoice members, Idempotency idempotency) {
        this.pages = pages;
        this.projects = projects;
        this.members = members;
        this.idempotency = idempotency;
    }

    /** @param next the cursor of the next page; nothing on the last one */
    public record Listed(
            List<Project> projects,
            Form filter,
            ListLinks links,
            @Nullable String next) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        ListQuery query = ProjectsApi.LIST.readForPage(request);
        Page<Project> found = projects.list(caller, query);
        return pages.show(
                request,
                "projects/list",
                new Listed(
                        found.items(),
                        Form.of(request),
                        new ListLinks(request, query, List.of("search")),
                        found.next()));
    }

    @GetMapping("/new")
    ResponseEntity<byte[]> blank(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_PROJECTS);
        return pages.show(request, "projects/new", Form.of(request));
    }

    @PostMapping("/new")
    ResponseEntity<byte[]> create(Caller caller, HttpServletRequest request) {
        caller.only(Right.CHANGE_PROJECTS);
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request).text("name").input();
            String name = in.name("name", 100);
            Creation<Project> creation = idempotency.formCreation(
                    request, Secret.of(form.once()), in, caller.credential(), ProjectsApi::created);
            JsonNode made = Objects.requireNonNull(creation.answer(() -> projects.create(caller, name, creation))
                    .getBody());
            return Pages.go(ADDRESS + "/" + made.at("/project/id").stringValue() + "?done=project-created");
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), "projects/new", form.with(e));
        }
    }

    /**
     * A project.
     *
     * @param changeable whether the reader may rename it
     * @param givable whether they may give it to somebody
     */
    public record One(Project project, boolean changeable, boolean givable) {}

    @GetMapping("/{id}")
    ResponseEntity<byte[]> show(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return pages.show(request, "projects/project", one(caller, projects.get(caller, id)));
    }

    private static One one(Caller caller, Project project) {
        Reach reach = caller.reach(Right.CHANGE_PROJECTS);
        Owner owner = project.owner();
        Member reader = caller.member();
        boolean own = owner != null && reader != null && owner.id().equals(reader.id());
        return new One(project, reach == Reach.ALL || (reach == Reach.OWN && own), reach == Reach.ALL);
    }

    /** @param offer to whom it can be given; nothing where the reader may not */
    public record Edit(Project project, Form form, MemberChoice.@Nullable Offer offer) {}

    @GetMapping("/{id}/edit")
    ResponseEntity<byte[]> edit(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Project project = projects.changeable(caller, id);
        Owner owner = project.owner();
        Form form = Form.of(Map.of("name", project.name(), "ownerId", owner == null ? "" : owner.id()));
        return pages.show(request, "projects/edit", new Edit(project, form, offer(caller)));
    }

    private MemberChoice.@Nullable Offer offer(Caller caller) {
        return caller.reach(Right.CHANGE_PROJECTS) == Reach.ALL ? members.offer(caller, null) : null;
    }

    @PostMapping("/{id}/edit")
    ResponseEntity<byte[]> change(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Project before = projects.changeable(caller, id);
        Form form = Form.of(request);
        try {
            FormBody body = new FormBody(request).text("name");
            if (body.typed("ownerId")) {
                body.put("ownerId", members.id(caller, form.value("ownerId").strip()));
            }
            ProjectsApi.update(projects, caller, id, body.input(), version -> {});
            return Pages.go(ADDRESS + "/" + id + "?done=project-changed");
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), "projects/edit", new Edit(before, form.with(e), offer(caller)));
        }
    }
}
