package dev.keyrack.server.projects;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Projects in the store. */
final class ProjectSql {
    private static final String PROJECT =
            "SELECT id, organization_id, name, version, created_at, updated_at FROM projects ";

    void insert(Tx tx, Project project) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO projects (id, organization_id, name, name_folded, version, created_at, updated_at)
                        VALUES (:id, :organization, :name, :folded, :version, :createdAt, :updatedAt)
                        """)
                .bind("id", project.id())
                .bind("organization", project.organizationId())
                .bind("name", project.name())
                .bind("folded", Names.fold(project.name()))
                .bind("version", project.version())
                .bind("createdAt", project.createdAt())
                .bind("updatedAt", project.updatedAt())
                .execute();
    }

    void rename(Tx tx, String id, String name) {
        tx.handle()
                .createUpdate("""
                        UPDATE projects SET name = :name, name_folded = :folded, version = version + 1, updated_at = :at
                        WHERE id = :id
                        """)
                .bind("id", id)
                .bind("name", name)
                .bind("folded", Names.fold(name))
                .bind("at", tx.at())
                .execute();
    }

    Optional<Project> project(Tx tx, String organizationId, String id) {
        return tx.handle()
                .createQuery(PROJECT + "WHERE id = :id AND organization_id = :organization" + tx.lock())
                .bind("id", id)
                .bind("organization", organizationId)
                .map((row, context) -> project(row))
                .findFirst();
    }

    /** A page by name or creation, whose cursor holds the sort value and the id. */
    List<Project> page(Tx tx, String organizationId, ListQuery query, @Nullable Long createdAfter) {
        boolean byName = query.sortedBy().equals("name");
        String column = byName ? "name_folded" : "created_at";
        String direction = query.descending() ? "DESC" : "ASC";
        Cursor after = query.after();
        String search = query.search();
        boolean byId = search != null && project(tx, organizationId, search).isPresent();
        String sql = PROJECT
                + "WHERE organization_id = :organization"
                + (search == null
                        ? ""
                        : byId ? " AND id = :wanted" : " AND name_folded >= :prefix AND name_folded < :prefixEnd")
                + (after == null
                        ? ""
                        : " AND (" + column + ", id) " + (query.descending() ? "<" : ">") + " (:value, :id)")
                + " ORDER BY " + column + " " + direction + ", id " + direction + " LIMIT :limit";
        Query select = tx.handle()
                .createQuery(sql)
                .bind("organization", organizationId)
                .bind("limit", query.limit() + 1);
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
                row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5), row.getLong(6));
    }
}
