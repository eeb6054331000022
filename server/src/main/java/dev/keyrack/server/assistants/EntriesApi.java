package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.projects.Projects;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Questions and answers over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/projects/{id}/assistant/entries")
public final class EntriesApi {
    /** One of them: not what is done with all. */
    private static final String ONE = "/{entry:(?!import$|export$).+}";

    static final ListQuery.Rules LIST = new ListQuery.Rules(List.of("position"), 1).searchable("position");
    private static final String CSV = "text/csv";

    private final Projects projects;
    private final Entries entries;
    private final Idempotency idempotency;

    public EntriesApi(Projects projects, Entries entries, Idempotency idempotency) {
        this.projects = projects;
        this.entries = entries;
        this.idempotency = idempotency;
    }

    record EntryBody(String id, String question, String answer, String updatedAt) {
        static EntryBody of(Entry entry) {
            return new EntryBody(entry.id(), entry.question(), entry.answer(), Times.text(entry.updatedAt()));
        }
    }

    record EntryAnswer(EntryBody entry) {}

    record ImportedAnswer(int imported, int entries) {}

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    Page<EntryBody> list(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return entries.list(caller, id, LIST.read(request)).map(EntryBody::of);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> create(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        JsonInput in = Requests.body(request);
        EntryCsv.Row row = new EntryCsv.Row(question(in), answer(in));
        Creation<Entry> creation = idempotency.creation(request, in, caller.credential(), EntriesApi::created);
        return creation.answer(() -> entries.create(caller, id, row, creation));
    }

    static String question(JsonInput in) {
        return in.name("question", Entry.MAX_QUESTION);
    }

    static String answer(JsonInput in) {
        return in.lines("answer", 1, Entry.MAX_ANSWER);
    }

    static Answer created(Entry entry) {
        return Answer.created(
                "/api/v1/projects/" + entry.projectId() + "/assistant/entries/" + entry.id(),
                entry.version(),
                new EntryAnswer(EntryBody.of(entry)));
    }

    @GetMapping(path = ONE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<EntryAnswer> get(Caller caller, @PathVariable String id, @PathVariable String entry) {
        return answer(entries.get(caller, id, entry));
    }

    @PatchMapping(
            path = ONE,
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE},
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<EntryAnswer> update(
            Caller caller, @PathVariable String id, @PathVariable String entry, HttpServletRequest request) {
        projects.changeable(caller, id);
        JsonInput in = Requests.body(request);
        String question = in.has("question") ? question(in) : null;
        String answer = in.has("answer") ? answer(in) : null;
        in.finish();
        return answer(entries.update(
                caller, id, entry, question, answer, version -> Requests.requireMatch(request, version)));
    }

    @DeleteMapping(path = ONE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<EntryAnswer> delete(
            Caller caller, @PathVariable String id, @PathVariable String entry, HttpServletRequest request) {
        return answer(entries.delete(caller, id, entry, version -> Requests.requireMatch(request, version)));
    }

    private static ResponseEntity<EntryAnswer> answer(Entry entry) {
        return ResponseEntity.ok().eTag(Requests.etag(entry.version())).body(new EntryAnswer(EntryBody.of(entry)));
    }

    @PostMapping(path = "/import", consumes = CSV, produces = MediaType.APPLICATION_JSON_VALUE)
    ImportedAnswer add(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return imported(caller, id, request, false);
    }

    @PutMapping(consumes = CSV, produces = MediaType.APPLICATION_JSON_VALUE)
    ImportedAnswer replace(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return imported(caller, id, request, true);
    }

    private ImportedAnswer imported(Caller caller, String id, HttpServletRequest request, boolean replace) {
        List<EntryCsv.Row> rows = EntryCsv.read(Requests.text(request, EntryCsv.MAX));
        return new ImportedAnswer(rows.size(), entries.importAll(caller, id, rows, replace));
    }

    @GetMapping(path = "/export", produces = CSV)
    ResponseEntity<byte[]> export(Caller caller, @PathVariable String id) {
        return csv(entries.all(caller, id));
    }

    static ResponseEntity<byte[]> csv(List<Entry> all) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/csv;charset=utf-8;header=present"))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"questions.csv\"")
                .body(EntryCsv.write(all).getBytes(StandardCharsets.UTF_8));
    }
}
