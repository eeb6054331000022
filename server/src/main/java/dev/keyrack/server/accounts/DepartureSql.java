package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;

/** What ends, and what goes over to somebody else, when a member is no longer one. */
final class DepartureSql {
    private final AccountSql accounts = new AccountSql();
    private final MemberSql members = new MemberSql();

    /** @param keys of every state, revoked ones included */
    record Owned(long keys, long projects) {
        boolean any() {
            return keys + projects > 0;
        }
    }

    /**
     * Ends everything that a member calls or comes in with. Comes before {@link #owned}: it waits for changes that are
     * being made in their name, and none can follow.
     *
     * @return whether they had a personal token
     */
    boolean endAccess(Tx tx, String memberId) {
        boolean token = accounts.deleteToken(tx, memberId);
        members.endSessions(tx, memberId, null);
        tx.handle()
                .createUpdate("DELETE FROM one_time_links WHERE member_id = :member")
                .bind("member", memberId)
                .execute();
        return token;
    }

    Owned owned(Tx tx, Member member) {
        return new Owned(count(tx, "keys", member), count(tx, "projects", member));
    }

    private static long count(Tx tx, String table, Member member) {
        return tx.handle()
                .createQuery("SELECT COUNT(*) FROM " + table
                        + " WHERE organization_id = :organization AND owner_id = :member")
                .bind("organization", member.organizationId())
                .bind("member", member.id())
                .mapTo(Long.class)
                .one();
    }

    /** Verifiers do not know whose a key is, so its version stays. */
    void handOver(Tx tx, Member from, String to) {
        for (String table : new String[] {"keys", "projects"}) {
            tx.handle()
                    .createUpdate("UPDATE " + table
                            + " SET owner_id = :to WHERE organization_id = :organization AND owner_id = :from")
                    .bind("organization", from.organizationId())
                    .bind("from", from.id())
                    .bind("to", to)
                    .execute();
        }
    }

    void delete(Tx tx, String memberId) {
        tx.handle()
                .createUpdate("DELETE FROM members WHERE id = :member")
                .bind("member", memberId)
                .execute();
    }
}
