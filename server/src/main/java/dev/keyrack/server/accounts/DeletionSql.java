package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;
import java.util.List;
import java.util.Optional;

/** In the store, what suspending, deleting, restoring and erasing make of an organization. */
final class DeletionSql {
    private static final String STEP = "SELECT " + AccountSql.COLUMNS + " FROM organizations o WHERE o.id = :id ";

    /** Of one that is not deleted. */
    void become(Tx tx, String id, String state) {
        tx.handle().createUpdate("""
                        UPDATE organizations SET state = :state, version = version + 1 WHERE id = :id
                        """).bind("id", id).bind("state", state).execute();
    }

    /** Of the deletion, nothing is left: it is active or suspended, as it was before. */
    void restore(Tx tx, String id) {
        tx.handle().createUpdate("""
                        UPDATE organizations SET state = deleted_from, deleted_from = NULL, deleted_at = NULL,
                            kept_until = NULL, version = version + 1
                        WHERE id = :id
                        """).bind("id", id).execute();
    }

    /** To verifiers of every version it is suspended. */
    void delete(Tx tx, String id, long keptUntil) {
        tx.handle()
                .createUpdate("""
                        UPDATE organizations SET state = 'suspended', deleted_from = state, deleted_at = :at, kept_until = :until,
                            version = version + 1
                        WHERE id = :id
                        """)
                .bind("id", id)
                .bind("at", tx.at())
                .bind("until", keptUntil)
                .execute();
    }

    /** Ends every session in which somebody is signed in as a member of it. */
    void endSessions(Tx tx, String id) {
        tx.handle().createUpdate("""
                        DELETE FROM portal_sessions
                        WHERE member_id IN (SELECT id FROM members WHERE organization_id = :id)
                        """).bind("id", id).execute();
    }

    /**
     * Those whose time is over, and those of which not everything is erased yet. Never one whose keys work: a program from before
     * there were deletions may have resumed it.
     */
    List<String> toErase(Tx tx) {
        return tx.handle()
                .createQuery("""
                        SELECT id FROM organizations
                        WHERE kept_until < :at AND erased_at IS NULL AND state = 'suspended' ORDER BY kept_until, id
                        """)
                .bind("at", tx.at())
                .mapTo(String.class)
                .list();
    }

    /** One whose time is over, from now on unless it is already. Nobody restores it any more. */
    boolean begin(Tx tx, String id) {
        return tx.handle().createUpdate("""
                                UPDATE organizations SET erasing_at = COALESCE(erasing_at, :at)
                                WHERE id = :id AND kept_until < :at AND erased_at IS NULL AND state = 'suspended'
                                """).bind("id", id).bind("at", tx.at()).execute() > 0;
    }

    /** One that is being erased, by nobody else until the commit. */
    Optional<Organization> erasing(Tx tx, String id) {
        return tx.handle()
                .createQuery(STEP + "AND o.erasing_at IS NOT NULL AND o.erased_at IS NULL" + tx.lock())
                .bind("id", id)
                .map((row, context) -> AccountSql.organization(row))
                .findFirst();
    }

    /** An id is no subdomain that anybody could choose. */
    void bury(Tx tx, String id) {
        tx.handle().createUpdate("""
                        UPDATE organizations SET name = '', subdomain = id, settings = '{}', conversation_days = NULL,
                            logo = NULL, erased_at = :at, version = version + 1
                        WHERE id = :id
                        """).bind("id", id).bind("at", tx.at()).execute();
    }
}
