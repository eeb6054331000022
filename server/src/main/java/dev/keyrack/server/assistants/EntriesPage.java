package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Project > Assistant > Questions and answers. */
@RestController
@RequestMapping("/projects/{id}/assistant/questions")
public final class EntriesPage {
    private final Pages pages;
    private final Projects projects;
    private final Entries entries;
    private final Idempotency idempotency;

    public EntriesPage(Pages pages, Projects projects, Entries entries, Idempotency idempotency) {
        this.pages = pages;
        this.projects = projects;
        this.entries = entries;
        this.idempotency = idempotency;
    }

    /** @param next the cursor of the next page; nothing on the last one */
    public record Listed(
            Project project,
            boolean changeable,
            List<Entry> entries,
            Form filter,
            ListLinks links,
            @Nullable String next) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Project project = projects.get(caller, id);
        ListQuery query = EntriesApi.LIST.readForPage(request);
        Page<Entry> found = entries.list(caller, id, query);
        return pages.show(
                request,
                "assistants/questions",
                new Listed(
                        project,
                        AssistantPage.changeable(caller, project),
                        found.items(),
                        Form.of(request),
                        new ListLinks(request, query, List.of("search")),
                        found.next()));
    }

    @GetMapping("/export")
    ResponseEntity<byte[]> export(Caller caller, @PathVariable String id) {
        return EntriesApi.csv(entries.all(caller, id));
    }

    /** @param entry the one that is edited; nothing for a new one */
    public record Edit(Project project, @Nullable Entry entry, Form form) {}

    private static String address(String id) {
        return "/projects/" + id + "/assistant/questions";
    }

    @GetMapping("/new")
    ResponseEntity<byte[]> blank(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return pages.show(
                request, "assistants/question", new Edit(projects.changeable(caller, id), null, Form.of(request)));
    }

    @PostMapping("/new")
    ResponseEntity<byte[]> create(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Project project = projects.changeable(caller, id);
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request).text("question").text("answer").input();
            EntryCsv.Row row = new EntryCsv.Row(EntriesApi.question(in), EntriesApi.answer(in));
            Creation<Entry> creation = idempotency.formCreation(
                    request, Secret.of(form.once()), in, caller.credential(), EntriesApi::created);
            creation.answer(() -> entries.create(caller, id, row, creation));
            return Pages.go(address(id) + "?done=question-added");
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), "assistants/question", new Edit(project, null, form.with(e)));
        }
    }

    @GetMapping("/{entry}/edit")
    ResponseEntity<byte[]> edit(
            Caller caller, @PathVariable String id, @PathVariable String entry, HttpServletRequest request) {
        Project project = projects.changeable(caller, id);
        Entry found = entries.get(caller, id, entry);
        Form form = Form.of(Map.of("question", found.question(), "answer", found.answer()));
        return pages.show(request, "assistants/question", new Edit(project, found, form));
    }

    @PostMapping("/{entry}/edit")
    ResponseEntity<byte[]> change(
            Caller caller, @PathVariable String id, @PathVariable String entry, HttpServletRequest request) {
        Project project = projects.changeable(caller, id);
        Entry before = entries.get(caller, id, entry);
        try {
            JsonInput in = new FormBody(request).text("question").text("answer").input();
            String question = EntriesApi.question(in);
            String answer = EntriesApi.answer(in);
            in.finish();
            entries.update(caller, id, entry, question, answer, version -> {});
            return Pages.go(address(id) + "?done=question-saved");
        } catch (ProblemException e) {
            return pages.again(
                    request,
                    e.problem(),
                    "assistants/question",
                    new Edit(project, before, Form.of(request).with(e)));
        }
    }

    /** What is about to be deleted. */
    public record Deletion(Project project, Entry entry) {}

    @GetMapping("/{entry}/delete")
    ResponseEntity<byte[]> confirm(
            Caller caller, @PathVariable String id, @PathVariable String entry, HttpServletRequest request) {
        return pages.show(
                request,
                "assistants/question-delete",
                new Deletion(projects.changeable(caller, id), entries.get(caller, id, entry)));
    }

    @PostMapping("/{entry}/delete")
    ResponseEntity<byte[]> delete(Caller caller, @PathVariable String id, @PathVariable String entry) {
        entries.delete(caller, id, entry, version -> {});
        return Pages.go(address(id) + "?done=question-deleted");
    }

    /** A file that is to be read. */
    public record Import(Project project, Form form) {}

    @GetMapping("/import")
    ResponseEntity<byte[]> file(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return pages.show(request, "assistants/import", new Import(projects.changeable(caller, id), Form.of(Map.of())));
    }

    @PostMapping("/import")
    ResponseEntity<byte[]> read(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Project project = projects.changeable(caller, id);
        Form form = Form.of(request);
        try {
            entries.importAll(caller, id, EntryCsv.read(form.value("csv")), form.ticked("replace"));
            return Pages.go(address(id) + "?done=questions-imported");
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), "assistants/import", new Import(project, form.with(ofFile(e))));
        }
    }

    /** What does not fit in the file, as what does not fit in the one field that it is. */
    private static ProblemException ofFile(ProblemException e) {
        return e.problem() instanceof Problem.InvalidRequest wrong
                ? new ProblemException(new Problem.InvalidRequest(
                        wrong.says(),
                        wrong.errors().stream()
                                .map(error -> new Problem.FieldError("/csv", error.says()))
                                .toList()))
                : e;
    }
}
