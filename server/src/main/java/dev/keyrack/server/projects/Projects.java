package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Owners;
import dev.keyrack.server.accounts.Right;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The projects of an organization. */
public final class Projects {
    private final Store store;
    private final Ids ids;
    private final ProjectSql sql = new ProjectSql();
    private final Owners owners = new Owners();

    public Projects(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    public Answer create(Caller caller, String name, Creation<Project> creation) {
        String organization = caller.requireOrganization().id();
        return caller.change(store, creation.once(tx -> caller.only(Right.CHANGE_PROJECTS), tx -> {
                    Project project = new Project(
                            ids.next("prj"), organization, name, Owners.making(caller), 1, tx.at(), tx.at());
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

    /**
     * @param name nothing when it shall stay
     * @param ownerId the same; only who may change every project gives one to somebody
     */
    Project update(Caller caller, String id, @Nullable String name, @Nullable String ownerId, LongConsumer match) {
        return caller.change(store, tx -> {
                    Project before = visible(tx, caller, id);
                    caller.require(
                            Right.CHANGE_PROJECTS,
                            before.owner() == null ? null : before.owner().id());
                    if (ownerId != null) {
                        caller.require(Right.CHANGE_PROJECTS);
                    }
                    match.accept(before.version());
                    Project wanted = new Project(
                            id,
                            before.organizationId(),
                            name == null ? before.name() : name,
                            ownerId == null ? before.owner() : owners.require(tx, before.organizationId(), ownerId),
                            before.version(),
                            before.createdAt(),
                            before.updatedAt());
                    if (wanted.equals(before)) {
                        return Change.none(before);
                    }
                    sql.update(tx, wanted);
                    Project after = visible(tx, caller, id);
                    return new Change<>(after, events(before, after), List.of());
                })
                .result();
    }

    private static List<AuditEvent> events(Project before, Project after) {
        List<AuditEvent> events = new ArrayList<>();
        if (!before.name().equals(after.name())) {
            events.add(new AuditEvent(
                    after.organizationId(),
                    AuditAction.PROJECT_RENAMED,
                    after.target(),
                    Map.of("name", before.name()),
                    Map.of("name", after.name())));
        }
        if (!Objects.equals(before.owner(), after.owner())) {
            events.add(new AuditEvent(
                    after.organizationId(),
                    AuditAction.PROJECT_OWNER_CHANGED,
                    after.target(),
                    Map.of("owner", Owners.described(before.owner())),
                    Map.of("owner", Owners.described(after.owner()))));
        }
        return events;
    }

    public Project get(Caller caller, String id) {
        return store.read(tx -> visible(tx, caller, id));
    }

    /** The project, which the caller may change. */
    public Project changeable(Caller caller, String id) {
        return store.read(tx -> require(tx, caller, id, Right.CHANGE_PROJECTS));
    }

    public Page<Project> list(Caller caller, ListQuery query) {
        String organization = caller.requireOrganization().id();
        String owner = caller.only(Right.SEE_PROJECTS);
        Cursor after = query.after();
        Long createdAfter = after == null || query.sortedBy().equals("name") ? null : after.number(0);
        return Page.of(
                store.read(tx -> sql.page(tx, organization, owner, query, createdAfter)),
                query,
                p -> new Cursor(query.sort(), List.of(sortValue(query, p), p.id())));
    }

    /** The names of those of these projects that the caller sees, by their id. */
    public Map<String, String> names(Caller caller, Set<String> wanted) {
        String organization = caller.requireOrganization().id();
        String owner = caller.only(Right.SEE_PROJECTS);
        return wanted.isEmpty() ? Map.of() : store.read(tx -> sql.names(tx, organization, owner, wanted));
    }

    private static String sortValue(ListQuery query, Project project) {
        return query.sortedBy().equals("name") ? Names.fold(project.name()) : String.valueOf(project.createdAt());
    }

    /** Whether there is this project, and the caller sees it. For other slices, inside their own transaction. */
    public boolean has(Tx tx, Caller caller, @Nullable String id) {
        return id != null && seen(tx, caller, id).isPresent();
    }

    /**
     * The project, for other slices, inside their own transaction.
     *
     * @throws ProblemException if there is none that the caller sees, or they have not this right to it
     */
    public Project require(Tx tx, Caller caller, String id, Right right) {
        Project project = visible(tx, caller, id);
        if (right != Right.SEE_PROJECTS) {
            caller.require(
                    right, project.owner() == null ? null : project.owner().id());
        }
        return project;
    }

    private Project visible(Tx tx, Caller caller, String id) {
        return seen(tx, caller, id).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }

    private Optional<Project> seen(Tx tx, Caller caller, String id) {
        String only = caller.only(Right.SEE_PROJECTS);
        return sql.project(tx, caller.requireOrganization().id(), id)
                .filter(project -> only == null
                        || (project.owner() != null && project.owner().id().equals(only)));
    }
}
