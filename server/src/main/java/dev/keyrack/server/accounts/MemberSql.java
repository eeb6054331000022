package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Members in the store. */
final class MemberSql {
    /** What {@link #member} reads, of the table {@code members m}. */
    static final String COLUMNS = """
            m.id AS member_id, m.organization_id AS member_organization, m.email, m.name AS member_name, m.role,
            m.version AS member_version, m.created_at AS member_created_at
            """;

    private static final String MEMBER = "SELECT " + COLUMNS + " FROM members m ";

    void insert(Tx tx, Member member) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO members (id, organization_id, email, email_folded, name, role, version, created_at)
                        VALUES (:id, :organization, :email, :folded, :name, :role, :version, :createdAt)
                        """)
                .bind("id", member.id())
                .bind("organization", member.organizationId())
                .bind("email", member.email())
                .bind("folded", folded(member.email()))
                .bind("name", member.name())
                .bind("role", member.role().text())
                .bind("version", member.version())
                .bind("createdAt", member.createdAt())
                .execute();
    }

    /** Within a change, the member stays as they are until the commit. */
    Optional<Member> member(Tx tx, String organizationId, String id) {
        return tx.handle()
                .createQuery(MEMBER + "WHERE m.id = :id AND m.organization_id = :organization" + tx.lock())
                .bind("id", id)
                .bind("organization", organizationId)
                .map((row, context) -> member(row))
                .findFirst();
    }

    Optional<Member> byEmail(Tx tx, String organizationId, String email) {
        return tx.handle()
                .createQuery(MEMBER + "WHERE m.email_folded = :email AND m.organization_id = :organization")
                .bind("email", folded(email))
                .bind("organization", organizationId)
                .map((row, context) -> member(row))
                .findFirst();
    }

    /** Everybody with this address, in whatever organization: the oldest first. */
    List<Member> everywhere(Tx tx, String email, int most) {
        return tx.handle()
                .createQuery(MEMBER + """
                        WHERE m.email_folded = :email
                        AND m.organization_id NOT IN (SELECT o.id FROM organizations o WHERE %s)
                        ORDER BY m.created_at, m.id LIMIT :most
                        """.formatted(AccountSql.DELETED))
                .bind("email", folded(email))
                .bind("most", most)
                .map((row, context) -> member(row))
                .list();
    }

    /** The Owners of an organization: a few, the oldest first. */
    List<Member> owners(Tx tx, String organizationId, int most) {
        return tx.handle()
                .createQuery(MEMBER + """
                        WHERE m.organization_id = :organization AND m.role = 'owner'
                        ORDER BY m.created_at, m.id LIMIT :most
                        """)
                .bind("organization", organizationId)
                .bind("most", most)
                .map((row, context) -> member(row))
                .list();
    }

    /** Those of these roles, by address. */
    List<Member> ofRoles(Tx tx, String organizationId, List<Role> roles, int most) {
        return tx.handle()
                .createQuery(MEMBER + """
                        WHERE m.organization_id = :organization AND m.role IN (<roles>)
                        ORDER BY m.email_folded, m.id LIMIT :most
                        """)
                .bind("organization", organizationId)
                .bindList("roles", roles.stream().map(Role::text).toList())
                .bind("most", most)
                .map((row, context) -> member(row))
                .list();
    }

    long count(Tx tx, String organizationId) {
        return tx.handle()
                .createQuery("SELECT COUNT(*) FROM members WHERE organization_id = :organization")
                .bind("organization", organizationId)
                .mapTo(Long.class)
                .one();
    }

    /** A page by address, role or creation, whose cursor holds the sort value and the id. */
    List<Member> page(Tx tx, String organizationId, ListQuery query, @Nullable Long createdAfter) {
        String column = switch (query.sortedBy()) {
            case "email" -> "m.email_folded";
            case "role" -> "m.role";
            default -> "m.created_at";
        };
        String direction = query.descending() ? "DESC" : "ASC";
        Cursor after = query.after();
        String search = query.search();
        Query select = tx.handle()
                .createQuery(MEMBER
                        + "WHERE m.organization_id = :organization"
                        + (search == null
                                ? ""
                                : " AND (m.id = :search OR m.email_folded BETWEEN :prefix AND :end"
                                        + " OR lower(m.name) BETWEEN :prefix AND :end)")
                        + (after == null
                                ? ""
                                : " AND (" + column + ", m.id) " + (query.descending() ? "<" : ">") + " (:value, :id)")
                        + " ORDER BY " + column + " " + direction + ", m.id " + direction + " LIMIT :limit")
                .bind("organization", organizationId)
                .bind("limit", query.limit() + 1);
        if (search != null) {
            String prefix = folded(search);
            select.bind("search", search).bind("prefix", prefix).bind("end", Names.endOfPrefix(prefix));
        }
        if (after != null) {
            select.bind("id", after.values().get(1));
            if (createdAfter == null) {
                select.bind("value", after.values().get(0));
            } else {
                select.bind("value", createdAfter);
            }
        }
        return select.map((row, context) -> member(row)).list();
    }

    void update(Tx tx, String id, Role role, String name) {
        tx.handle()
                .createUpdate("UPDATE members SET role = :role, name = :name, version = version + 1 WHERE id = :id")
                .bind("id", id)
                .bind("role", role.text())
                .bind("name", name)
                .execute();
    }

    /** The hash of their password; nothing for whoever has chosen none. */
    Optional<String> password(Tx tx, String id) {
        return tx.handle()
                .createQuery("SELECT password FROM members WHERE id = :id AND password IS NOT NULL" + tx.lock())
                .bind("id", id)
                .mapTo(String.class)
                .findFirst();
    }

    /** @param hash as {@link Passwords#hash} made it */
    void setPassword(Tx tx, String id, String hash) {
        tx.handle()
                .createUpdate("UPDATE members SET password = :hash WHERE id = :id")
                .bind("id", id)
                .bind("hash", hash)
                .execute();
    }

    /**
     * Ends every session in which somebody is signed in as this member, or may switch to them.
     *
     * @param but the id of a session that stays; nothing for none
     */
    void endSessions(Tx tx, String id, @Nullable String but) {
        tx.handle()
                .createUpdate("""
                        DELETE FROM portal_sessions
                        WHERE (member_id = :member OR members LIKE :among) AND id <> :but
                        """)
                .bind("member", id)
                .bind("among", "%" + id + "%")
                .bind("but", but == null ? "" : but)
                .execute();
    }

    /** As addresses are compared. */
    static String folded(String email) {
        return email.toLowerCase(Locale.ROOT);
    }

    static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getString("member_id"),
                row.getString("member_organization"),
                row.getString("email"),
                row.getString("member_name"),
                Role.of(row.getString("role")).orElseThrow(),
                row.getLong("member_version"),
                row.getLong("member_created_at"));
    }
}
