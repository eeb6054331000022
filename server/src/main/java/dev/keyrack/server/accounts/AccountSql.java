package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.store.Rows;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Organizations, members and personal tokens in the store. */
final class AccountSql {
    /** Of the table {@code organizations o}: not one that a program from before there were deletions has resumed since. */
    static final String DELETED = "(o.deleted_at IS NOT NULL AND o.state = 'suspended')";

    /** What {@link #organization(ResultSet)} reads, of the table {@code organizations o}. */
    static final String COLUMNS =
            "o.id, o.name, o.subdomain, o.operator, o.state, o.settings, o.conversation_days," + " CASE WHEN " + DELETED
                    + " THEN o.deleted_at END AS deleted_at, o.kept_until, o.logo, o.version, o.created_at";

    /** Those of which all is still there: for everybody else, one that is erased is not. */
    private static final String ORGANIZATION =
            "SELECT " + COLUMNS + " FROM organizations o WHERE o.erasing_at IS NULL ";

    /** The member, organization and digest behind the public id of a personal token. */
    private static final String HOLDER = """
            SELECT t.digest, %s,
                   %s
            FROM personal_tokens t
            JOIN members m ON m.id = t.member_id
            JOIN organizations o ON o.id = m.organization_id
            WHERE t.id = :token
            """.formatted(MemberSql.COLUMNS, COLUMNS);

    /** A personal token as its holder may see it again: never the token. */
    record Credential(String id, long createdAt) {}

    record Holder(String digest, Member member, Organization organization) {
        /** Whether both may do the same. Names may differ. */
        boolean sameRights(Holder other) {
            return member.id().equals(other.member.id())
                    && member.role() == other.member.role()
                    && organization.id().equals(other.organization.id())
                    && organization.operator() == other.organization.operator()
                    && organization.state().equals(other.organization.state());
        }
    }

    /** Until the commit, nobody else sets this installation up. */
    void lockInstallation(Tx tx) {
        tx.handle()
                .createQuery("SELECT id FROM installation WHERE id = 1" + tx.lock())
                .mapTo(Long.class)
                .one();
    }

    boolean anyOrganization(Tx tx) {
        return tx.handle()
                .createQuery("SELECT 1 FROM organizations LIMIT 1")
                .mapTo(Long.class)
                .findFirst()
                .isPresent();
    }

    Optional<String> operatorOrganization(Tx tx) {
        return tx.handle()
                .createQuery("SELECT id FROM organizations WHERE operator = 1")
                .mapTo(String.class)
                .findFirst();
    }

    void insert(Tx tx, Organization organization) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO organizations (id, name, subdomain, operator, state, version, created_at)
                        VALUES (:id, :name, :subdomain, :operator, :state, :version, :createdAt)
                        """)
                .bind("id", organization.id())
                .bind("name", organization.name())
                .bind("subdomain", organization.subdomain())
                .bind("operator", organization.operator() ? 1 : 0)
                .bind("state", organization.state())
                .bind("version", organization.version())
                .bind("createdAt", organization.createdAt())
                .execute();
    }

    void rename(Tx tx, String id, String name) {
        tx.handle()
                .createUpdate("UPDATE organizations SET name = :name, version = version + 1 WHERE id = :id")
                .bind("id", id)
                .bind("name", name)
                .execute();
    }

    void set(Tx tx, String id, OrganizationSettings settings) {
        tx.handle()
                .createUpdate("""
                        UPDATE organizations SET settings = :settings, conversation_days = :days, version = version + 1
                        WHERE id = :id
                        """)
                .bind("id", id)
                .bind("settings", settings.text())
                .bind("days", settings.conversationDays())
                .execute();
    }

    Optional<Organization> organization(Tx tx, String id) {
        return tx.handle()
                .createQuery(ORGANIZATION + "AND o.id = :id" + tx.lock())
                .bind("id", id)
                .map((row, context) -> organization(row))
                .findFirst();
    }

    Optional<Organization> bySubdomain(Tx tx, String subdomain) {
        return tx.handle()
                .createQuery(ORGANIZATION + "AND o.subdomain = :subdomain")
                .bind("subdomain", subdomain)
                .map((row, context) -> organization(row))
                .findFirst();
    }

    /** Also by one that is just being erased. */
    boolean taken(Tx tx, String subdomain) {
        return tx.handle()
                .createQuery("SELECT 1 FROM organizations WHERE subdomain = :subdomain")
                .bind("subdomain", subdomain)
                .mapTo(Long.class)
                .findFirst()
                .isPresent();
    }

    /** The only organization there is; nothing when there are none or several. */
    Optional<Organization> only(Tx tx) {
        List<Organization> two = tx.handle()
                .createQuery(ORGANIZATION + "ORDER BY o.id LIMIT 2")
                .map((row, context) -> organization(row))
                .list();
        return two.size() == 1 ? Optional.of(two.getFirst()) : Optional.empty();
    }

    /** A page by subdomain or creation, whose cursor holds it and the id; of all organizations, or of one. */
    List<Organization> organizations(Tx tx, ListQuery query, @Nullable Long createdAfter, @Nullable String onlyId) {
        String column = query.sortedBy().equals("createdAt") ? "o.created_at" : "o.subdomain";
        String direction = query.descending() ? "DESC" : "ASC";
        Cursor after = query.after();
        String search = query.search();
        Query select = tx.handle()
                .createQuery(ORGANIZATION
                        + (onlyId == null ? "" : " AND o.id = :only")
                        + (search == null
                                ? ""
                                : " AND (o.id = :search OR o.subdomain BETWEEN :prefix AND :end"
                                        + " OR lower(o.name) BETWEEN :prefix AND :end)")
                        + (after == null
                                ? ""
                                : " AND (" + column + ", o.id) " + (query.descending() ? "<" : ">") + " (:value, :id)")
                        + " ORDER BY " + column + " " + direction + ", o.id " + direction + " LIMIT :limit")
                .bind("limit", query.limit() + 1);
        if (onlyId != null) {
            select.bind("only", onlyId);
        }
        if (search != null) {
            String prefix = search.toLowerCase(Locale.ROOT);
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
        return select.map((row, context) -> organization(row)).list();
    }

    /** Gives a member this token in place of the one that they had. */
    void putToken(Tx tx, String memberId, String id, String digest) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO personal_tokens (member_id, id, digest, created_at)
                        VALUES (:member, :id, :digest, :at)
                        ON CONFLICT (member_id)
                        DO UPDATE SET id = excluded.id, digest = excluded.digest, created_at = excluded.created_at
                        """)
                .bind("member", memberId)
                .bind("id", id)
                .bind("digest", digest)
                .bind("at", tx.at())
                .execute();
    }

    /** Whether there was one. */
    boolean deleteToken(Tx tx, String memberId) {
        return tx.handle()
                        .createUpdate("DELETE FROM personal_tokens WHERE member_id = :member")
                        .bind("member", memberId)
                        .execute()
                > 0;
    }

    Optional<Credential> credential(Tx tx, String memberId) {
        return tx.handle()
                .createQuery("SELECT id, created_at FROM personal_tokens WHERE member_id = :member" + tx.lock())
                .bind("member", memberId)
                .map((row, context) -> new Credential(row.getString(1), row.getLong(2)))
                .findFirst();
    }

    /** Within a change, the token stays what it is until the commit. */
    Optional<Holder> holder(Tx tx, String tokenId) {
        return tx.handle()
                .createQuery(HOLDER + tx.hold("t"))
                .bind("token", tokenId)
                .map((row, context) -> new Holder(row.getString("digest"), MemberSql.member(row), organization(row)))
                .findFirst();
    }

    static Organization organization(ResultSet row) throws SQLException {
        Long deletedAt = Rows.longOrNull(row, "deleted_at");
        return new Organization(
                row.getString("id"),
                row.getString("name"),
                row.getString("subdomain"),
                row.getInt("operator") != 0,
                deletedAt == null ? row.getString("state") : "deleted",
                OrganizationSettings.parse(row.getString("settings"), Rows.longOrNull(row, "conversation_days")),
                deletedAt == null ? null : new Organization.Deletion(deletedAt, row.getLong("kept_until")),
                row.getString("logo"),
                row.getLong("version"),
                row.getLong("created_at"));
    }
}
