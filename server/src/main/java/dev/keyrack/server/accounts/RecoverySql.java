package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;
import java.util.List;
import java.util.Optional;

/** Owners by their address, and the one-time links that let them back in. */
final class RecoverySql {
    private static final String OWNERS = """
            SELECT %s
            FROM members m JOIN organizations o ON o.id = m.organization_id
            WHERE m.email = :email AND m.role = 'owner' AND NOT %s AND (:organization = '' OR o.id = :organization)
            ORDER BY m.id LIMIT 2
            """.formatted(MemberSql.COLUMNS, AccountSql.DELETED);

    private static final String HOLDER = """
            SELECT %s, o.name AS organization
            FROM one_time_links l
            JOIN members m ON m.id = l.member_id
            JOIN organizations o ON o.id = m.organization_id
            WHERE l.digest = :digest
            """.formatted(MemberSql.COLUMNS);

    /** @param organization the name of theirs */
    record Holder(Member member, String organization) {}

    /** At most two, which is enough to know that there are several. */
    List<Member> owners(Tx tx, String email, String organizationId) {
        return tx.handle()
                .createQuery(OWNERS)
                .bind("email", email)
                .bind("organization", organizationId)
                .map((row, context) -> MemberSql.member(row))
                .list();
    }

    /** The Owners of an organization, the oldest first, and no more than anybody reads through. */
    List<Member> ownersOf(Tx tx, String organizationId) {
        return tx.handle()
                .createQuery("SELECT " + MemberSql.COLUMNS + " FROM members m WHERE m.organization_id = :organization"
                        + " AND m.role = 'owner' ORDER BY m.created_at, m.id LIMIT 100")
                .bind("organization", organizationId)
                .map((row, context) -> MemberSql.member(row))
                .list();
    }

    /** In place of the one that the member had. */
    void put(Tx tx, String memberId, String digest, long endsAt) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO one_time_links (member_id, digest, ends_at) VALUES (:member, :digest, :endsAt)
                        ON CONFLICT (member_id) DO UPDATE SET digest = excluded.digest, ends_at = excluded.ends_at
                        """)
                .bind("member", memberId)
                .bind("digest", digest)
                .bind("endsAt", endsAt)
                .execute();
    }

    /** Whose link this is, whether or not it has ended. */
    Optional<Holder> holder(Tx tx, String digest) {
        return tx.handle()
                .createQuery(HOLDER)
                .bind("digest", digest)
                .map((row, context) -> new Holder(MemberSql.member(row), row.getString("organization")))
                .findFirst();
    }

    /** Ends the link; whether it was still good. One statement, so that it works once however often it is tried. */
    boolean use(Tx tx, String digest) {
        return tx.handle()
                        .createUpdate("DELETE FROM one_time_links WHERE digest = :digest AND ends_at > :at")
                        .bind("digest", digest)
                        .bind("at", tx.at())
                        .execute()
                > 0;
    }
}
