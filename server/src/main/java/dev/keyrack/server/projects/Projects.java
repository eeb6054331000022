package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The projects of an organization. */
public final class Projects {
    private final Store store;
    private final Ids ids;
    private final ProjectSql sql = new ProjectSql();

    public Projects(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    Answer create(Caller caller, String name, Creation<Project> creation) {
        String organization = caller.requireOrganization().id();
        return caller.change(store, creation.once(tx -> {}, tx -> {
                    Project project = new Project(ids.next("prj"), organization, name, 1, tx.at(), tx.at());
                    sql.insert(tx, project);
                    return Change.of(
                            project,
                            new AuditEvent(
                                    organization,
                                    AuditAction.PROJECT_CREATED,
                                    project.target(),
                                    null,
                                    Map.of("name", name)));
                }))
                .result();
    }

    /** @param name nothing when it shall stay */
    Project rename(Caller caller, String id, @Nullable String name, LongConsumer match) {
        String organization = caller.requireOrganization().id();
        return caller.change(store, tx -> {
                    Project before = visible(tx, organization, id);
                    match.accept(before.version());
                    if (name == null || before.name().equals(name)) {
                        return Change.none(before);
                    }
                    sql.rename(tx, id, name);
                    Project after = visible(tx, organization, id);
                    return Change.of(
                            after,
                            new AuditEvent(
                                    organization,
                                    AuditAction.PROJECT_RENAMED,
                                    after.target(),
                                    Map.of("name", before.name()),
                                    Map.of("name", name)));
                })
                .result();
    }

    Project get(Caller caller, String id) {
        String organization = caller.requireOrganization().id();
        return store.read(tx -> visible(tx, organization, id));
    }

    Page<Project> list(Caller caller, ListQuery query) {
        String organization = caller.requireOrganization().id();
        Cursor after = query.after();
        Long createdAfter = after == null || query.sortedBy().equals("name") ? null : after.number(0);
        return Page.of(
                store.read(tx -> sql.page(tx, organization, query, createdAfter)),
                query,
                p -> new Cursor(query.sort(), List.of(sortValue(query, p), p.id())));
    }

    private static String sortValue(ListQuery query, Project project) {
        return query.sortedBy().equals("name") ? Names.fold(project.name()) : String.valueOf(project.createdAt());
    }

    /** Whether the organization has this project. For other slices, inside their own transaction. */
    public boolean has(Tx tx, String organizationId, @Nullable String id) {
        return id != null && sql.project(tx, organizationId, id).isPresent();
    }

    private Project visible(Tx tx, String organizationId, String id) {
        Optional<Project> project = sql.project(tx, organizationId, id);
        return project.orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }
}
