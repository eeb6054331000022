package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The questions and answers of projects. */
public final class Entries {
    private final Store store;
    private final Ids ids;
    private final Projects projects;
    private final AssistantSetup setup;
    private final EntrySql sql = new EntrySql();

    public Entries(Store store, Ids ids, Projects projects, AssistantSetup setup) {
        this.store = store;
        this.ids = ids;
        this.projects = projects;
        this.setup = setup;
    }

    /** All of a project, in their order. */
    List<Entry> all(Caller caller, String projectId) {
        return store.read(tx -> {
            projects.require(tx, caller, projectId, Right.SEE_PROJECTS);
            return sql.all(tx, projectId);
        });
    }

    /** Those whose question or answer has the searched text in it, or whose id it is. There are a thousand at most. */
    Page<Entry> list(Caller caller, String projectId, ListQuery query) {
        Cursor after = query.after();
        long from = after == null ? 0 : after.number(0);
        String wanted = query.search();
        String folded = wanted == null ? "" : Names.fold(wanted);
        List<Entry> found = all(caller, projectId).stream()
                .filter(entry -> entry.position() > from)
                .filter(entry -> entry.id().equals(wanted)
                        || Names.fold(entry.question()).contains(folded)
                        || Names.fold(entry.answer()).contains(folded))
                .limit(query.limit() + 1L)
                .toList();
        return Page.of(found, query, entry -> new Cursor(query.sort(), List.of(String.valueOf(entry.position()))));
    }

    Entry get(Caller caller, String projectId, String id) {
        return store.read(tx -> {
            projects.require(tx, caller, projectId, Right.SEE_PROJECTS);
            return visible(tx, projectId, id);
        });
    }

    private Entry visible(Tx tx, String projectId, String id) {
        return sql.entry(tx, projectId, id).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }

    Answer create(Caller caller, String projectId, EntryCsv.Row row, Creation<Entry> creation) {
        return caller.change(
                        store,
                        creation.once(tx -> projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS), tx -> {
                            Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
                            EntrySql.Extent extent = sql.extent(tx, projectId);
                            requireRoom(extent.count() + 1);
                            Entry entry = made(tx, projectId, extent.last() + 1, row);
                            sql.insert(tx, List.of(entry));
                            return changed(tx, project, entry, Map.of("added", 1), extent.count() + 1);
                        }))
                .result();
    }

    private Entry made(Tx tx, String projectId, long position, EntryCsv.Row row) {
        return new Entry(ids.next("ent"), projectId, position, row.question(), row.answer(), 1, tx.at());
    }

    private static void requireRoom(int count) {
        if (count > Entry.MAX) {
            throw new ProblemException(
                    new Problem.Conflict(Sentence.of("problem.too-many-questions", Entry.MAX, count)));
        }
    }

    /** Counts the change, so that no process answers from an index of what was there before. */
    private <T> Change<T> changed(Tx tx, Project project, T result, Map<String, ?> what, int count) {
        AssistantSettings before = setup.settings(tx, project.id());
        setup.put(
                tx,
                new AssistantSettings(
                        before.projectId(),
                        before.version(),
                        before.backend(),
                        before.fallback(),
                        before.webhook(),
                        before.openAi(),
                        before.entriesVersion() + 1,
                        before.updatedAt()));
        Map<String, Object> after = new java.util.TreeMap<>(what);
        after.put("entries", count);
        return Change.of(
                result,
                new AuditEvent(
                        project.organizationId(),
                        AuditAction.PROJECT_ASSISTANT_ENTRIES_CHANGED,
                        project.target(),
                        null,
                        after));
    }

    /** @param question nothing when it shall stay, and so with the answer */
    Entry update(
            Caller caller,
            String projectId,
            String id,
            @Nullable String question,
            @Nullable String answer,
            LongConsumer match) {
        return caller.change(store, tx -> {
                    Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
                    Entry before = visible(tx, projectId, id);
                    match.accept(before.version());
                    Entry after = new Entry(
                            id,
                            projectId,
                            before.position(),
                            question == null ? before.question() : question,
                            answer == null ? before.answer() : answer,
                            before.version() + 1,
                            tx.at());
                    if (after.question().equals(before.question())
                            && after.answer().equals(before.answer())) {
                        return Change.none(before);
                    }
                    sql.update(tx, after);
                    return changed(
                            tx,
                            project,
                            after,
                            Map.of("changed", 1),
                            sql.extent(tx, projectId).count());
                })
                .result();
    }

    /** What was deleted, as it was. */
    Entry delete(Caller caller, String projectId, String id, LongConsumer match) {
        return caller.change(store, tx -> {
                    Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
                    Entry before = visible(tx, projectId, id);
                    match.accept(before.version());
                    sql.delete(tx, id);
                    return changed(
                            tx,
                            project,
                            before,
                            Map.of("deleted", 1),
                            sql.extent(tx, projectId).count());
                })
                .result();
    }

    /**
     * Adds them after those that there are, or puts them in their place.
     *
     * @return how many there are now
     */
    int importAll(Caller caller, String projectId, List<EntryCsv.Row> rows, boolean replace) {
        return caller.change(store, tx -> {
                    Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
                    EntrySql.Extent before = sql.extent(tx, projectId);
                    if (replace) {
                        sql.deleteAll(tx, projectId);
                    }
                    int count = rows.size() + (replace ? 0 : before.count());
                    requireRoom(count);
                    long position = replace ? 0 : before.last();
                    List<Entry> made = new ArrayList<>();
                    for (EntryCsv.Row row : rows) {
                        made.add(made(tx, projectId, ++position, row));
                    }
                    sql.insert(tx, made);
                    return changed(
                            tx,
                            project,
                            count,
                            replace
                                    ? Map.of("added", rows.size(), "deleted", before.count())
                                    : Map.of("added", rows.size()),
                            count);
                })
                .result();
    }
}
