package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Owners;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Projects in the store. */
final class ProjectSql {
    private static final String PROJECT = """
            SELECT p.id, p.organization_id, p.name, p.version, p.created_at, p.updated_at, p.owner_id, %s AS owner_name
            FROM projects p
            """.formatted(Owners.nameOf("p.owner_id"));

    void insert(Tx tx, Project project) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO projects (id, organization_id, name, name_folded, owner_id, version, created_at,
                            updated_at)
                        VALUES (:id, :organization, :name, :folded, :owner, :version, :createdAt, :updatedAt)
                        """)
                .bind("id", project.id())
                .bind("organization", project.organizationId())
                .bind("name", project.name())
                .bind("folded", Names.fold(project.name()))
                .bind("owner", owner(project))
                .bind("version", project.version())
                .bind("createdAt", project.createdAt())
                .bind("updatedAt", project.updatedAt())
                .execute();
    }

    void update(Tx tx, Project project) {
        tx.handle()
                .createUpdate("""
                        UPDATE projects SET name = :name, name_folded = :folded, owner_id = :owner, version = version + 1,
                            updated_at = :at
                        WHERE id = :id
                        """)
                .bind("id", project.id())
                .bind("name", project.name())
                .bind("folded", Names.fold(project.name()))
                .bind("owner", owner(project))
                .bind("at", tx.at())
                .execute();
    }

    private static @Nullable String owner(Project project) {
        return project.owner() == null ? null : project.owner().id();
    }

    Optional<Project> project(Tx tx, String organizationId, String id) {
        return tx.handle()
                .createQuery(PROJECT + "WHERE p.id = :id AND p.organization_id = :organization" + tx.lock())
                .bind("id", id)
                .bind("organization", organizationId)
                .map((row, context) -> project(row))
                .findFirst();
    }

    /**
     * Names by id.
     *
     * @param owner whose; nothing for everybody's
     */
    Map<String, String> names(Tx tx, String organizationId, @Nullable String owner, Set<String> wanted) {
        Query select = tx.handle()
                .createQuery("SELECT id, name FROM projects WHERE organization_id = :organization AND id IN (<wanted>)"
                        + (owner == null ? "" : " AND owner_id = :owner"))
                .bind("organization", organizationId)
                .bindList("wanted", List.copyOf(wanted));
        if (owner != null) {
            select.bind("owner", owner);
        }
        return select.map((row, context) -> Map.entry(row.getString("id"), row.getString("name"))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * A page by name or creation, whose cursor holds the sort value and the id.
     *
     * @param owner whose; nothing for everybody's
     */
    List<Project> page(
            Tx tx, String organizationId, @Nullable String owner, ListQuery query, @Nullable Long createdAfter) {
        boolean byName = query.sortedBy().equals("name");
        String column = byName ? "name_folded" : "created_at";
        String direction = query.descending() ? "DESC" : "ASC";
        Cursor after = query.after();
        String search = query.search();
        boolean byId = search != null
                && project(tx, organizationId, search)
                        .filter(found -> owner == null || owner.equals(owner(found)))
                        .isPresent();
        String sql = PROJECT
                + "WHERE p.organization_id = :organization"
                + (owner == null ? "" : " AND p.owner_id = :owner")
                + (search == null
                        ? ""
                        : byId ? " AND p.id = :wanted" : " AND p.name_folded >= :prefix AND p.name_folded < :prefixEnd")
                + (after == null
                        ? ""
                        : " AND (p." + column + ", p.id) " + (query.descending() ? "<" : ">") + " (:value, :id)")
                + " ORDER BY p." + column + " " + direction + ", p.id " + direction + " LIMIT :limit";
        Query select = tx.handle()
                .createQuery(sql)
                .bind("organization", organizationId)
                .bind("limit", query.limit() + 1);
        if (owner != null) {
            select.bind("owner", owner);
        }
        if (byId) {
            select.bind("wanted", search);
        } else if (search != null) {
            String prefix = Names.fold(search);
            select.bind("prefix", prefix).bind("prefixEnd", Names.endOfPrefix(prefix));
        }
        if (after != null) {
            select.bind("id", after.values().get(1));
            if (byName) {
                select.bind("value", after.values().get(0));
            } else {
                select.bind("value", createdAfter);
            }
        }
        return select.map((row, context) -> project(row)).list();
    }

    private static Project project(ResultSet row) throws SQLException {
        return new Project(
                row.getString("id"),
                row.getString("organization_id"),
                row.getString("name"),
                Owners.of(row.getString("owner_id"), row.getString("owner_name")),
                row.getLong("version"),
                row.getLong("created_at"),
                row.getLong("updated_at"));
    }
}
