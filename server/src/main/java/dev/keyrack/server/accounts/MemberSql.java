package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** Members in the store. */
final class MemberSql {
    /** What {@link #member} reads, of the table {@code members m}. */
    static final String COLUMNS = """
            m.id AS member_id, m.organization_id AS member_organization, m.email, m.name AS member_name, m.role,
            m.version AS member_version, m.created_at AS member_created_at
            """;

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
