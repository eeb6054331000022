package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Visitors and their sessions in the store. */
final class VisitorSessionSql {
    private static final String SESSION =
            "SELECT id, visitor_id, key_id, rotation, heard, former_until, origin, kid, ends_at FROM visitor_sessions ";
    private static final String VISITOR = "SELECT id, organization_id, project_id, key_id, customer FROM visitors ";

    /**
     * A browser's session.
     *
     * @param rotation the number of the refresh token that is good now
     * @param heard the highest number that the browser is known to have got
     * @param formerUntil until when the one before is good whatever was heard
     * @param kid the identity key that vouched for it
     */
    record Session(
            String id,
            String visitorId,
            String keyId,
            long rotation,
            long heard,
            long formerUntil,
            @Nullable String origin,
            @Nullable String kid,
            long endsAt) {}

    /**
     * What an access token stands for.
     *
     * @param rotation the number of the refresh token that came with it
     * @param news whether that number was not known to have been heard
     */
    record Access(
            String sessionId,
            long rotation,
            boolean news,
            Visitor visitor,
            String keyId,
            int generation,
            @Nullable String origin,
            Excused excused,
            long endsAt) {}

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("id"),
                row.getString("visitor_id"),
                row.getString("key_id"),
                row.getLong("rotation"),
                row.getLong("heard"),
                row.getLong("former_until"),
                row.getString("origin"),
                row.getString("kid"),
                row.getLong("ends_at"));
    }

    private static Visitor visitor(ResultSet row) throws SQLException {
        return new Visitor(
                row.getString("id"),
                row.getString("organization_id"),
                row.getString("project_id"),
                row.getString("key_id"),
                row.getString("customer"));
    }

    /** Within a change, nobody else changes it until the commit. */
    Optional<Session> byDigest(Tx tx, String digest) {
        return tx.handle()
                .createQuery(SESSION + "WHERE digest = :digest" + tx.lock())
                .bind("digest", digest)
                .map((row, context) -> session(row))
                .findFirst();
    }

    void insert(Tx tx, Session session, String digest) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO visitor_sessions (id, visitor_id, key_id, digest, rotation, former_until, origin, kid,
                            created_at, ends_at)
                        VALUES (:id, :visitor, :key, :digest, :rotation, :former, :origin, :kid, :at, :ends)
                        """)
                .bind("id", session.id())
                .bind("visitor", session.visitorId())
                .bind("key", session.keyId())
                .bind("digest", digest)
                .bind("rotation", session.rotation())
                .bind("former", session.formerUntil())
                .bind("origin", session.origin())
                .bind("kid", session.kid())
                .bind("at", tx.at())
                .bind("ends", session.endsAt())
                .execute();
    }

    /** This refresh token has reached the browser. */
    void heard(Tx tx, String id, long rotation) {
        tx.handle()
                .createUpdate("UPDATE visitor_sessions SET heard = :rotation WHERE id = :id AND heard < :rotation")
                .bind("rotation", rotation)
                .bind("id", id)
                .execute();
    }

    void rotate(Tx tx, Session session) {
        tx.handle()
                .createUpdate("""
                        UPDATE visitor_sessions
                        SET rotation = :rotation, heard = :heard, former_until = :former, kid = :kid, ends_at = :ends
                        WHERE id = :id
                        """)
                .bind("rotation", session.rotation())
                .bind("heard", session.heard())
                .bind("former", session.formerUntil())
                .bind("kid", session.kid())
                .bind("ends", session.endsAt())
                .bind("id", session.id())
                .execute();
    }

    boolean lives(Tx tx, String id) {
        return tx.handle()
                .createQuery("SELECT 1 FROM visitor_sessions WHERE id = :id AND ends_at > :at")
                .bind("id", id)
                .bind("at", tx.at())
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Ends a session with all its tokens. */
    void end(Tx tx, String id) {
        tx.handle()
                .createUpdate("DELETE FROM visitor_access WHERE session_id = :id")
                .bind("id", id)
                .execute();
        tx.handle()
                .createUpdate("DELETE FROM visitor_sessions WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Ends every session that an identity key vouched for. */
    int endOfIdentity(Tx tx, String kid) {
        tx.handle().createUpdate("""
                        DELETE FROM visitor_access WHERE session_id IN (
                            SELECT id FROM visitor_sessions WHERE kid = :kid)
                        """).bind("kid", kid).execute();
        return tx.handle()
                .createUpdate("DELETE FROM visitor_sessions WHERE kid = :kid")
                .bind("kid", kid)
                .execute();
    }

    void insertAccess(Tx tx, String digest, Access access) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO visitor_access (digest, session_id, rotation, generation, origin, excused, ends_at)
                        VALUES (:digest, :session, :rotation, :generation, :origin, :excused, :ends)
                        """)
                .bind("digest", digest)
                .bind("session", access.sessionId())
                .bind("rotation", access.rotation())
                .bind("generation", access.generation())
                .bind("origin", access.origin())
                .bind("excused", access.excused().text())
                .bind("ends", access.endsAt())
                .execute();
    }

    Optional<Access> access(Tx tx, String digest) {
        return tx.handle()
                .createQuery("""
                        SELECT a.session_id, a.rotation, a.generation, a.origin, a.excused, a.ends_at, s.heard,
                            s.key_id AS opened_with, v.id, v.organization_id, v.project_id, v.key_id, v.customer
                        FROM visitor_access a
                        JOIN visitor_sessions s ON s.id = a.session_id
                        JOIN visitors v ON v.id = s.visitor_id
                        WHERE a.digest = :digest AND a.ends_at > :at
                        """)
                .bind("digest", digest)
                .bind("at", tx.at())
                .map((row, context) -> new Access(
                        row.getString("session_id"),
                        row.getLong("rotation"),
                        row.getLong("rotation") > row.getLong("heard"),
                        visitor(row),
                        row.getString("opened_with"),
                        row.getInt("generation"),
                        row.getString("origin"),
                        Excused.of(row.getString("excused")),
                        row.getLong("ends_at")))
                .findFirst();
    }

    /** Of a customer, one for each key: whoever comes first makes it. */
    Visitor make(Tx tx, Visitor visitor, @Nullable String name, @Nullable String memberId) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO visitors (id, organization_id, project_id, key_id, member_id, customer, name, created_at,
                            seen_at)
                        VALUES (:id, :organization, :project, :key, :member, :customer, :name, :at, :at)
                        ON CONFLICT (key_id, customer) WHERE customer IS NOT NULL
                        DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at
                        """)
                .bind("id", visitor.id())
                .bind("organization", visitor.organizationId())
                .bind("project", visitor.projectId())
                .bind("key", visitor.keyId())
                .bind("member", memberId)
                .bind("customer", visitor.customer())
                .bind("name", name)
                .bind("at", tx.at())
                .execute();
        String customer = visitor.customer();
        return customer == null
                ? visitor
                : tx.handle()
                        .createQuery(VISITOR + "WHERE key_id = :key AND customer = :customer")
                        .bind("key", visitor.keyId())
                        .bind("customer", customer)
                        .map((row, context) -> visitor(row))
                        .one();
    }

    Optional<Visitor> visitor(Tx tx, String id) {
        return tx.handle()
                .createQuery(VISITOR + "WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> visitor(row))
                .findFirst();
    }

    void seen(Tx tx, String id) {
        tx.handle()
                .createUpdate("UPDATE visitors SET seen_at = :at WHERE id = :id")
                .bind("at", tx.at())
                .bind("id", id)
                .execute();
    }

    int clearAccess(Tx tx, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM visitor_access WHERE digest IN (
                            SELECT digest FROM visitor_access WHERE ends_at <= :at LIMIT :most)
                        """)
                .bind("at", tx.at())
                .bind("most", most)
                .execute();
    }

    /** After {@link #clearAccess}: access never outlives its session. */
    int clearSessions(Tx tx, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM visitor_sessions WHERE id IN (
                            SELECT s.id FROM visitor_sessions s WHERE s.ends_at <= :at
                                AND NOT EXISTS (SELECT 1 FROM visitor_access a WHERE a.session_id = s.id)
                            LIMIT :most)
                        """)
                .bind("at", tx.at())
                .bind("most", most)
                .execute();
    }

    /** Has a session last so long at least. */
    void keep(Tx tx, String id, long until) {
        tx.handle()
                .createUpdate("UPDATE visitor_sessions SET ends_at = :until WHERE id = :id AND ends_at < :until")
                .bind("until", until)
                .bind("id", id)
                .execute();
    }

    /** Visitors of whom nothing else is left. */
    int clearVisitors(Tx tx, long before, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM visitors WHERE id IN (
                            SELECT v.id FROM visitors v WHERE v.seen_at <= :before
                                AND NOT EXISTS (SELECT 1 FROM visitor_sessions s WHERE s.visitor_id = v.id)
                                AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.visitor_id = v.id)
                            LIMIT :most)
                        """)
                .bind("before", before)
                .bind("most", most)
                .execute();
    }
}
