package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Sessions of the portal in the store, and how often signing in failed. */
final class SessionSql {
    private static final int MEMBERSHIPS = 8;

    private static final String SESSION = """
            SELECT s.id AS session_id, s.members, s.address, s.browser, s.created_at AS session_created_at, s.seen_at,
                   s.confirmed_at, s.ends_at, %s, %s
            FROM portal_sessions s
            JOIN members m ON m.id = s.member_id
            JOIN organizations o ON o.id = m.organization_id
            """.formatted(MemberSql.COLUMNS, AccountSql.COLUMNS);

    /** A membership of an address, with what its password is checked against. */
    record Membership(Member member, Organization organization, Optional<String> password) {}

    /** The memberships of an address: first those of organizations that are active, then the oldest. */
    List<Membership> memberships(Tx tx, String email) {
        return tx.handle()
                .createQuery("""
                        SELECT %s, m.password, %s
                        FROM members m JOIN organizations o ON o.id = m.organization_id
                        WHERE m.email_folded = :email AND o.erasing_at IS NULL
                        ORDER BY CASE WHEN o.state = 'active' THEN 0 ELSE 1 END, m.created_at, m.id LIMIT :most
                        """.formatted(MemberSql.COLUMNS, AccountSql.COLUMNS))
                .bind("email", MemberSql.folded(email))
                .bind("most", MEMBERSHIPS)
                .map((row, context) -> new Membership(
                        MemberSql.member(row),
                        AccountSql.organization(row),
                        Optional.ofNullable(row.getString("password"))))
                .list();
    }

    void insert(Tx tx, Session session, String digest) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO portal_sessions (id, digest, member_id, members, address, browser, created_at,
                                                     seen_at, confirmed_at, ends_at)
                        VALUES (:id, :digest, :member, :members, :address, :browser, :createdAt, :seenAt, :confirmedAt,
                                :endsAt)
                        """)
                .bind("id", session.id())
                .bind("digest", digest)
                .bind("member", session.member().id())
                .bind("members", String.join(" ", session.members()))
                .bind("address", session.address())
                .bind("browser", session.browser())
                .bind("createdAt", session.createdAt())
                .bind("seenAt", session.seenAt())
                .bind("confirmedAt", session.confirmedAt())
                .bind("endsAt", session.endsAt())
                .execute();
    }

    /** Within a change, the session stays what it is until the commit. */
    Optional<Session> byDigest(Tx tx, String digest) {
        return tx.handle()
                .createQuery(SESSION + "WHERE s.digest = :digest" + tx.hold("s"))
                .bind("digest", digest)
                .map((row, context) -> session(row))
                .findFirst();
    }

    /** Newest first. */
    List<Session> ofMember(Tx tx, String memberId) {
        return tx.handle()
                .createQuery(SESSION + "WHERE s.member_id = :member ORDER BY s.created_at DESC, s.id LIMIT 100")
                .bind("member", memberId)
                .map((row, context) -> session(row))
                .list();
    }

    void seen(Tx tx, String id, String address) {
        tx.handle()
                .createUpdate("UPDATE portal_sessions SET seen_at = :at, address = :address WHERE id = :id")
                .bind("id", id)
                .bind("at", tx.at())
                .bind("address", address)
                .execute();
    }

    void confirmed(Tx tx, String id) {
        tx.handle()
                .createUpdate("UPDATE portal_sessions SET confirmed_at = :at WHERE id = :id")
                .bind("id", id)
                .bind("at", tx.at())
                .execute();
    }

    void switchTo(Tx tx, String id, String memberId) {
        tx.handle()
                .createUpdate("UPDATE portal_sessions SET member_id = :member WHERE id = :id")
                .bind("id", id)
                .bind("member", memberId)
                .execute();
    }

    /** Ends one session of this member; whether there was one. */
    boolean end(Tx tx, String memberId, String id) {
        return tx.handle()
                        .createUpdate("DELETE FROM portal_sessions WHERE id = :id AND member_id = :member")
                        .bind("id", id)
                        .bind("member", memberId)
                        .execute()
                > 0;
    }

    /** Ends the sessions of a member but one. Returns how many there were. */
    int endOthers(Tx tx, String memberId, String but) {
        return tx.handle()
                .createUpdate("DELETE FROM portal_sessions WHERE member_id = :member AND id <> :but")
                .bind("member", memberId)
                .bind("but", but)
                .execute();
    }

    int clear(Tx tx, int most, long idleMicros) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM portal_sessions WHERE id IN (
                            SELECT id FROM portal_sessions WHERE ends_at <= :at OR seen_at <= :idle LIMIT :most)
                        """)
                .bind("at", tx.at())
                .bind("idle", tx.at() - idleMicros)
                .bind("most", most)
                .execute();
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("session_id"),
                MemberSql.member(row),
                AccountSql.organization(row),
                List.of(row.getString("members").split(" ", -1)),
                row.getString("address"),
                row.getString("browser"),
                row.getLong("session_created_at"),
                row.getLong("seen_at"),
                row.getLong("confirmed_at"),
                row.getLong("ends_at"));
    }
}
